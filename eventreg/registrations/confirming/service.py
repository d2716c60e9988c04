"""Confirm a place: by the person, by a program, by an organiser. Each call is made in one unit of work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.rules import check_changeable
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound
from eventreg.registrations import ending, seating
from eventreg.registrations.models import Registration
from eventreg.registrations.rules import RegistrationState

from . import open_questions, silence
from .rules import after_run

NOTED_EVERY = timedelta(minutes=5)  # a run is stored only that often


class ConfirmedBy(StrEnum):
    """Who confirmed a place."""

    HERSELF = "herself"
    ORGANISER = "organiser"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a confirmation led to: `state` WITHDRAWN when the place had ended before, `confirmed_at` when it counts from."""

    state: RegistrationState
    confirmed_at: datetime | None


def confirm(registration_id: int, *, person_id: int, actor: Actor) -> Confirmation:
    """Confirm a person's own place; asked twice, the first confirmation stays.

    At `confirm_by` itself it is too late for somebody who was reached: the place ends here if no job has ended it yet,
    and the next person is seated in the same unit. Whoever was not reached can confirm until the start. Nothing happens
    for a place that nobody asked about. Raises NotFound for another person's registration,
    Refused("registration.started") once the first activity has begun.
    """
    campaign_id = ending.campaign_of(registration_id, person_id)
    return _confirm(registration_id, campaign_id, ConfirmedBy.HERSELF, actor=actor)


def confirm_by_hand(registration_id: int, campaign_id: int, *, actor: Actor) -> Confirmation:
    """Confirm somebody's place as an organiser who has asked them; the record names the organiser.

    Raises NotFound for a registration of another campaign, and Refused("registration.started").
    """
    return _confirm(registration_id, campaign_id, ConfirmedBy.ORGANISER, actor=actor)


def _confirm(registration_id: int, campaign_id: int, by: ConfirmedBy, *, actor: Actor) -> Confirmation:
    campaign, window = campaigns.lock_window(campaign_id)
    check_changeable(window, now=actor.now)
    seating.promote(campaign, window, keys=actor.keys, now=actor.now)
    db.session.flush()
    # No key is changed, so that a scan of the same ticket need not wait for this row.
    found = db.session.get(
        Registration, registration_id, populate_existing=True, with_for_update={"key_share": True}
    )
    if found is None or found.campaign_id != campaign_id:
        raise NotFound("registration")
    state = RegistrationState(found.state)
    asked = state is RegistrationState.SEATED and found.confirm_by is not None
    if asked and found.confirmed_at is None:
        found.confirmed_at = actor.now
        seating.record("confirmed", found, actor=actor, by=str(by))
    return Confirmation(state, found.confirmed_at)


def is_run_to_note(*, now: datetime) -> bool:
    """Whether the job has to store that it runs. Reads only, so that an idle tick needs no write lock.

    Nothing is noted while a restored backup waits for its letters to be resumed: the first run after that sees a gap.
    """
    if silence.awaits_resuming():
        return False
    run_at = open_questions.read_watch().run_at
    return run_at is None or abs(now - run_at) >= NOTED_EVERY


def note_run(*, now: datetime) -> None:
    """Store that the job runs now; a gap of over an hour is noted."""
    open_questions.write_watch(after_run(open_questions.read_watch(), now=now))


def end_held(campaign_id: int, *, actor: Actor) -> int:
    """End the places that were due while the job did not run, as an organiser decides; returns how many ended.

    The next people are seated in the same unit. Nothing happens while a restored backup waits for its letters to be
    resumed: answers may be lost. Raises Refused("registration.started").
    """
    if silence.awaits_resuming():
        return 0
    campaign, window = campaigns.lock_window(campaign_id)
    check_changeable(window, now=actor.now)
    ended = seating.end_silent(campaign, now=actor.now, held_too=True)
    db.session.flush()
    seating.promote(campaign, window, keys=actor.keys, now=actor.now)
    return len(ended)
