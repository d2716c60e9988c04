"""Until when a place has to be confirmed, who counts as reached, and when silence ends a place. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from eventreg.campaigns.rules import ScheduledActivity
from eventreg.core.errors import Refused

REACHED_BEFORE = timedelta(hours=6)  # a letter about a move has to be accepted this long before `confirm_by`
TIME_TO_TELL = timedelta(hours=7)  # with less than this until `confirm_by`, nobody could be reached in time
GAP = timedelta(hours=1)  # the longest pause between two runs of the job
HELD = timedelta(hours=24)  # after a gap, whoever was due meanwhile keeps the place for this long
DAY_BEGINS, DAY_ENDS = time(8), time(21)  # the clock of an offer stands still at night
OFFER_SHARE_REACHED = 4  # an offer has to be accepted within this part of its minutes, a quarter


class ConfirmFor(StrEnum):
    """Why somebody is asked to confirm: the date was moved, or a place near the start is offered to them."""

    MOVE = "move"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """When a freed place is offered instead of given: within `hours` of the start, for `minutes` of daytime in `zone`.

    `starts_at` is the start of the first activity that takes place (see `start_for_offers`).
    """

    hours: int
    minutes: int
    zone: ZoneInfo
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """What somebody was asked and has not answered.

    `accepted_at` is when a mail server or chat service accepted the letter; None for a letter that was not sent, bounced
    or was only written to a file.
    """

    registration_id: int
    purpose: ConfirmFor
    asked_at: datetime
    confirm_by: datetime
    accepted_at: datetime | None
    campaign_id: int = 0


@dataclass(frozen=True, slots=True)
class LapseWatch:
    """The last run of the job, and the end of its last gap.

    `run_at` None: it never ran, or a backup was restored. `lost` says that confirmations may have been lost before
    `gap_at`, because a backup was restored.
    """

    run_at: datetime | None = None
    gap_at: datetime | None = None
    lost: bool = False


def daytime_end(begins_at: datetime, minutes: float, zone: ZoneInfo) -> datetime:
    """The instant after so many minutes of a clock that stands still from 21:00 to 08:00 in `zone`; in UTC."""
    at, left = begins_at.astimezone(UTC), timedelta(minutes=minutes)
    while True:
        here = at.astimezone(zone)
        if here.time() >= DAY_ENDS:
            at = _clock(here + timedelta(days=1), DAY_BEGINS)
        elif here.time() < DAY_BEGINS:
            at = _clock(here, DAY_BEGINS)
        night = _clock(at.astimezone(zone), DAY_ENDS)
        if at + left <= night:
            return at + left
        left -= night - at
        at = night


def _clock(day: datetime, at: time) -> datetime:
    """A time of a local day, in UTC."""
    return datetime.combine(day.date(), at, day.tzinfo).astimezone(UTC)


def start_for_offers(activities: Iterable[ScheduledActivity], zone: ZoneInfo) -> datetime | None:
    """When the first of these activities starts, as offers reckon: one with a day only starts at 08:00 of its day."""
    starts = (
        a.starts_at if a.time_known else _clock(a.starts_at.astimezone(zone), DAY_BEGINS) for a in activities
    )
    return min(starts, default=None)


def offer_until(terms: OfferTerms, *, now: datetime) -> datetime | None:
    """Until when a place that becomes free now is offered; None if it is given at once.

    It is given if the start is further away than `hours`, or if the offer would end at the start or later.
    """
    if now < terms.starts_at - timedelta(hours=terms.hours) or not terms.minutes:
        return None
    until = daytime_end(now, terms.minutes, terms.zone)
    return until if until < terms.starts_at else None


def was_reached(question: OpenQuestion, *, minutes: int, zone: ZoneInfo) -> bool:
    """Whether the letter was accepted early enough that silence is an answer; `minutes` are those of the campaign's offers."""
    if question.accepted_at is None:
        return False
    return question.accepted_at <= reached_by(question, minutes=minutes, zone=zone)


def reached_by(question: OpenQuestion, *, minutes: int, zone: ZoneInfo) -> datetime:
    """Until when the letter has to be accepted."""
    if question.purpose is ConfirmFor.MOVE:
        return question.confirm_by - REACHED_BEFORE
    return min(daytime_end(question.asked_at, minutes / OFFER_SHARE_REACHED, zone), question.confirm_by)


def is_stale(watch: LapseWatch, *, now: datetime) -> bool:
    """Whether the job has not run for over an hour: then nobody but the job itself may end a place."""
    return watch.run_at is None or now - watch.run_at > GAP


def after_run(watch: LapseWatch, *, now: datetime) -> LapseWatch:
    """The watch after a run of the job now; a gap of over an hour is noted with its end."""
    if not is_stale(watch, now=now):
        return replace(watch, run_at=now)
    return LapseWatch(now, now, lost=watch.run_at is None)


def lapses_at(question: OpenQuestion, watch: LapseWatch) -> datetime:
    """When silence ends this place, for somebody who was reached: 24 hours after the gap in which it was due, if there was one."""
    gap_at = watch.gap_at
    if gap_at is None:
        return question.confirm_by
    held = question.confirm_by <= gap_at or (watch.lost and question.asked_at <= gap_at)
    return max(question.confirm_by, gap_at + HELD) if held else question.confirm_by


def check_confirm_by(
    confirm_by: datetime, *, meant: bool, starts_at: datetime, now: datetime, field: str = "confirm_by"
) -> None:
    """Check until when people are asked to confirm a new date.

    Raises Refused("plan.confirm_in_past"), ("plan.confirm_after_start"), or ("plan.confirm_too_soon") with less than
    seven hours left, unless the organiser says that it is meant.
    """
    if confirm_by <= now:
        raise Refused("plan.confirm_in_past", field=field)
    if confirm_by >= starts_at:
        raise Refused("plan.confirm_after_start", field=field, starts_at=starts_at)
    if confirm_by - now < TIME_TO_TELL and not meant:
        raise Refused("plan.confirm_too_soon", field=field)
