"""Whose silence ends their place: they were reached, and `confirm_by` has passed. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from eventreg.campaigns import service as campaigns
from eventreg.core.db.session import db
from eventreg.outbox import pausing
from eventreg.outbox.rules import PauseReason
from eventreg.registrations.models import Registration

from . import open_questions
from .rules import LapseWatch, OpenQuestion, is_stale, lapses_at, reached_by, was_reached


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """The open questions of a campaign, each by what follows from silence.

    `running`: there is time to confirm, and the letter was or may still be accepted early enough. `silent`: reached, and
    the place ends. `held`: reached and due, but kept after a gap of the job. `unreached`: no letter was accepted in time;
    the place is never ended.
    """

    running: tuple[int, ...]
    silent: tuple[int, ...]
    held: tuple[int, ...]
    unreached: tuple[int, ...]


def sorted_out(
    found: list[OpenQuestion], watch: LapseWatch | None, *, minutes: int, zone: ZoneInfo, now: datetime
) -> OpenQuestions:
    """What follows from silence, for each open question; without a watch no place is ended now."""
    running, silent, held, unreached = list[int](), list[int](), list[int](), list[int]()
    for one in found:
        reached = was_reached(one, minutes=minutes, zone=zone)
        if not reached and now > reached_by(one, minutes=minutes, zone=zone):
            unreached.append(one.registration_id)
        elif now < one.confirm_by:
            running.append(one.registration_id)
        elif watch is not None and lapses_at(one, watch) <= now:
            silent.append(one.registration_id)
        else:
            held.append(one.registration_id)
    return OpenQuestions(tuple(running), tuple(silent), tuple(held), tuple(unreached))


def find_due(campaign_id: int, *, minutes: int, zone: ZoneInfo, now: datetime) -> OpenQuestions:
    """The open questions of a campaign whose time to confirm has passed, each list by arrival."""
    found = open_questions.list_open(Registration.campaign_id == campaign_id, Registration.confirm_by <= now)
    watch = find_watch(now=now) if found else None
    return sorted_out(found, watch, minutes=minutes, zone=zone, now=now)


def find_watch(*, now: datetime) -> LapseWatch | None:
    """The last run of the job; None while no place may be ended: the job has not run for an hour, or a backup was
    restored and its letters are not resumed.
    """
    if awaits_resuming():
        return None
    watch = open_questions.read_watch()
    return None if is_stale(watch, now=now) else watch


def awaits_resuming() -> bool:
    """Whether a backup was restored and its letters are still paused."""
    pause = pausing.find_pause()
    return pause is not None and pause.why is PauseReason.RESTORED


def list_campaigns(*, now: datetime) -> list[int]:
    """The campaigns in which silence ends a place now, by id."""
    due = (open_questions.IS_OPEN, Registration.confirm_by <= now)
    ids = set(db.session.scalars(select(Registration.campaign_id).where(*due).distinct()))
    found = campaigns.campaigns_by_id(ids) if ids else {}
    going = (c for c in found.values() if c.published and not c.called_off and now < c.begins_at)
    return sorted(c.id for c in going if find_due(c.id, minutes=c.offer_minutes, zone=c.zone, now=now).silent)
