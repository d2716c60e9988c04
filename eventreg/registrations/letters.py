"""Letters about registrations: facts for the renderer, each under a unique key."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from eventreg.outbox import service as outbox
from eventreg.outbox.service import Recipient

from .rules import NumberedRegistration, RegistrationState

NEW_TICKET = "ticket_reissued"
OFFERED = "place_offered"


@dataclass(frozen=True, slots=True)
class EnteredBy:
    """Who entered somebody by hand: an audit name, the source (organiser or contact), and the public reason's code."""

    by: str
    source: str
    reason: str


def post_letter(
    state: RegistrationState,
    to: Recipient,
    registration: NumberedRegistration,
    *,
    position: int | None,
    now: datetime,
    promoted: bool = False,
    reason: str = "",
) -> None:
    """Put the letter about a registration's new state into the outbox, in the open unit of work.

    `reason` is the code of why somebody else ended it (`HandReason` and others).
    """
    kind = "registration_promoted" if promoted else f"registration_{state}"
    facts: dict[str, object] = {
        "registration": registration.id,
        "arrival": registration.arrival,
        "position": position,
    }
    if reason:
        facts["reason"] = reason
    outbox.post(
        kind,
        to,
        key=f"{kind}:{registration.id}",
        facts=facts,
        campaign_id=registration.campaign_id,
        now=now,
    )


def post_entered(
    state: RegistrationState,
    to: Recipient,
    registration: NumberedRegistration,
    *,
    position: int | None,
    by: EnteredBy,
    now: datetime,
) -> None:
    """Put the letter into the outbox that tells somebody who entered them, why, and that they can step back."""
    kind = f"entered_{state}"
    facts: dict[str, object] = {
        "registration": registration.id,
        "arrival": registration.arrival,
        "position": position,
        **asdict(by),
    }
    outbox.post(
        kind,
        to,
        key=f"{kind}:{registration.id}",
        facts=facts,
        campaign_id=registration.campaign_id,
        now=now,
    )


def post_promotion(
    to: Recipient, registration: NumberedRegistration, *, confirm_by: datetime | None, now: datetime
) -> None:
    """Put the letter about a place from the waiting list into the outbox: given, or offered until `confirm_by`."""
    if confirm_by is None:
        post_letter(RegistrationState.SEATED, to, registration, position=None, now=now, promoted=True)
        return
    facts = {"registration": registration.id, "arrival": registration.arrival}
    outbox.post(
        OFFERED,
        to,
        key=f"{OFFERED}:{registration.id}",
        facts=facts,
        campaign_id=registration.campaign_id,
        now=now,
    )


def post_new_ticket(to: Recipient, registration: NumberedRegistration, *, serial: int, now: datetime) -> None:
    """Put the letter with a new ticket into the outbox; it is not sent any more once that ticket was replaced."""
    outbox.post(
        NEW_TICKET,
        to,
        key=f"{NEW_TICKET}:{registration.id}:{serial}",
        facts={"registration": registration.id, "arrival": registration.arrival, "serial": serial},
        campaign_id=registration.campaign_id,
        now=now,
    )
