"""End a registration: by the person, by an organiser, or because the person left the company.

Each call is made in one unit of work with the campaign locked. A place that becomes free goes to the next person on the
waiting list in the same transaction (law 6).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.models import Campaign
from eventreg.campaigns.rules import SignUpWindow, check_changeable
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound
from eventreg.people.models import Person

from . import access, letters, participants, seating
from .by_hand import acts
from .by_hand.rules import HandActKind, HandReason
from .models import Registration
from .rules import EndedWhy, RegistrationState


@dataclass(frozen=True, slots=True)
class Removable:
    """A registration as the page shows it that takes its person out."""

    arrival: int
    name: str
    state: str
    has_mail: bool


def get_removable(registration_id: int, campaign_id: int) -> Removable:
    """A registration of this campaign with its person's name. Raises NotFound."""
    row = db.session.execute(
        select(Registration.arrival, Person.name, Registration.state, Person.email)
        .join(Person, Person.id == Registration.person_id)
        .where(access.in_campaign(registration_id, campaign_id))
    ).one_or_none()
    if row is None:
        raise NotFound("registration")
    return Removable(row.arrival, row.name, row.state, bool(row.email))


def withdraw(registration_id: int, *, person_id: int, actor: Actor) -> RegistrationState:
    """Withdraw a registration for its person.

    Returns the state before; WITHDRAWN when it was withdrawn already (asked twice). Raises NotFound for another person's
    registration, Refused("registration.started") once the first activity has begun.
    """
    campaign, window, registration = _lock(campaign_of(registration_id, person_id), registration_id)
    before = RegistrationState(registration.state)
    if before is RegistrationState.WITHDRAWN:
        return before
    check_changeable(window, now=actor.now)
    seating.end(campaign, registration, EndedWhy.HERSELF, actor=actor)
    recipient = participants.get_applicant(person_id).recipient
    letters.post_letter(RegistrationState.WITHDRAWN, recipient, registration, position=None, now=actor.now)
    if before is RegistrationState.SEATED:
        seating.promote(campaign, window, keys=actor.keys, now=actor.now)
    return before


def take_out(
    registration_id: int, campaign_id: int, reason: HandReason, *, actor: Actor, note: str = ""
) -> RegistrationState:
    """Take a person out of a campaign, as its organiser; they get a letter with the reason.

    Possible at any time, also after the person was scanned in or the event is over (they did not come); once the first activity has begun,
    nobody moves up. Returns the state before; WITHDRAWN when it was withdrawn already. Raises NotFound for a
    registration of another campaign. `note` is kept for organisers.
    """
    campaign, window, registration = _lock(campaign_id, registration_id)
    before = end_by_hand(campaign, registration, reason, actor=actor, note=note)
    if before is RegistrationState.SEATED:
        seating.promote(campaign, window, keys=actor.keys, now=actor.now)
    return before


def end_by_hand(
    campaign: Campaign, registration: Registration, reason: HandReason, *, actor: Actor, note: str = ""
) -> RegistrationState:
    """What `take_out` does but for the next person, whom the caller seats in the same unit, with the campaign locked.

    Returns the state before; WITHDRAWN when it was withdrawn already. Raises NotFound for a registration of another campaign.
    """
    if registration.campaign_id != campaign.id:
        raise NotFound("registration")
    before = RegistrationState(registration.state)
    if before is RegistrationState.WITHDRAWN:
        return before
    seating.end(campaign, registration, EndedWhy.ORGANISER, actor=actor, reason=str(reason))
    acts.record(registration.id, HandActKind.TAKE_OUT, reason, note=note, actor=actor)
    applicant = participants.get_applicant(registration.person_id)
    if applicant.employed:
        letters.post_letter(
            RegistrationState.WITHDRAWN, applicant.recipient, registration,
            position=None, reason=str(reason), now=actor.now,
        )  # fmt: skip
    return before


def campaign_of(registration_id: int, person_id: int) -> int:
    """The campaign of a person's own registration. Raises NotFound for another person's."""
    owned = select(Registration.campaign_id).where(access.OWN)
    campaign_id = db.session.scalar(owned, access.own(registration_id, person_id))
    if campaign_id is None:
        raise NotFound("registration")
    return campaign_id


def _lock(campaign_id: int, registration_id: int) -> tuple[Campaign, SignUpWindow, Registration]:
    campaign, window = campaigns.lock_window(campaign_id)
    registration = db.session.get(Registration, registration_id, populate_existing=True)
    if registration is None:
        raise NotFound("registration")
    return campaign, window, registration
