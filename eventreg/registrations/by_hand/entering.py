"""Enter somebody by hand, as an organiser: the same sign-up as everybody's, with a reason that is public.

Possible until the first activity begins, also before opening and after the deadline if the reason says so. It never goes
over a pool: a place that is added for somebody makes the full pools that bind them one larger as long as they hold it,
and everybody who waits keeps their place in the line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.models import Campaign
from eventreg.campaigns.rules import SignUpWindow, check_changeable
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.registrations import participants, reading, seating, service, tickets
from eventreg.registrations.answers import choices
from eventreg.registrations.models import Registration
from eventreg.registrations.rules import RegistrationState
from eventreg.registrations.service import Application, RegistrationSource, SignUpResult

from .placing import EntryResult, HandEntry, add_place
from .rules import check_adding
from .telling import inform


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """Whom somebody enters by hand, and with what answers (checked values by question id)."""

    person_id: int
    entry: HandEntry
    notice_id: int
    answers: Mapping[int, str] = field(default_factory=dict)
    key: str = ""


def enter(campaign_id: int, wanted: PersonEntry, *, actor: Actor) -> SignUpResult:
    """Enter somebody who has not signed up, or give an added place to somebody who waits. They get a letter.

    The same key and answers return the same registration; somebody who has a place keeps it (`created` is False).
    Raises NotFound, Refused("registration.started"), ("registration.called_off"), ("registration.left"),
    ("acts.needs_exception"), ("acts.adding_reason") or ("acts.changed_meanwhile").
    """
    campaign, window = campaigns.lock_window(campaign_id)
    if not window.published:
        raise NotFound("campaign")
    check_changeable(window, now=actor.now)
    seating.catch_up(campaign_id, actor=actor)
    live = reading.find_live(campaign_id, wanted.person_id)
    if wanted.entry.adding and live is not None and live.state is RegistrationState.WAITING:
        return _seat_waiting(campaign, window, live.id, wanted.entry, actor=actor)
    return service.register(campaign_id, _application(wanted), actor=actor)


def _application(wanted: PersonEntry) -> Application:
    return Application(
        person_id=wanted.person_id,
        answers=wanted.answers,
        notice_id=wanted.notice_id,
        consented=False,
        source=RegistrationSource(wanted.entry.source),
        key=wanted.key,
        by_hand=wanted.entry,
    )


def _seat_waiting(
    campaign: Campaign, window: SignUpWindow, registration_id: int, entry: HandEntry, *, actor: Actor
) -> SignUpResult:
    """Seat somebody of the waiting list on an added place; everybody else keeps their position and order."""
    check_adding(entry.reason)
    if entry.foreseen not in {None, EntryResult.ADDED}:
        raise Refused("acts.changed_meanwhile")
    if window.called_off:
        raise Refused("registration.called_off")
    registration = db.session.get_one(Registration, registration_id, populate_existing=True)
    applicant = participants.get_applicant(registration.person_id)
    applicant = applicant.choosing(choices.of_registration(registration.id))
    if not applicant.employed:
        raise Refused("registration.left")
    pools = seating.pools_of(campaign.id, now=actor.now)
    found = add_place(applicant.candidate, pools)
    seating.take(found.to_take)
    seating.seat(campaign, registration, found.place.pools, now=actor.now)
    tickets.issue(registration.id, campaign.id, keys=actor.keys, now=actor.now)
    to, action = applicant.recipient, "place_added"
    inform(entry, found, to, registration, position=None, actor=actor, action=action)
    return SignUpResult(registration.id, RegistrationState.SEATED, registration.arrival, None, created=True)
