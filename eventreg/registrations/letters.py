"""The letters that registrations post: facts for the renderer, under keys that cannot repeat."""

from __future__ import annotations

from datetime import datetime

from eventreg.outbox import service as outbox
from eventreg.outbox.service import Recipient

from .rules import Numbered, State


def tell(
    state: State,
    to: Recipient,
    registration: Numbered,
    *,
    position: int | None,
    now: datetime,
    promoted: bool = False,
) -> None:
    """Post the letter that tells a registration's new state, in the open unit."""
    kind = "registration_promoted" if promoted else f"registration_{state}"
    facts = {"registration": registration.id, "arrival": registration.arrival, "position": position}
    outbox.post(
        kind,
        to,
        key=f"{kind}:{registration.id}",
        facts=facts,
        campaign_id=registration.campaign_id,
        now=now,
    )
