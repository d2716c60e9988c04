"""What a campaign allows at an instant, and which people its pools bind. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from eventreg.core.errors import NotFound, Refused

ARCHIVE_YEARS = 10  # a record is kept after personal data went, unless an organiser set another day


class Intake(StrEnum):
    """What a campaign takes from people: registrations or nominations."""

    REGISTRATIONS = "registrations"
    NOMINATIONS = "nominations"


class ScheduleState(StrEnum):
    """How settled an activity's schedule is: 暂定, 确定, 改期, 取消."""

    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    MOVED = "moved"
    CANCELLED = "cancelled"


class PoolScope(StrEnum):
    """The people that a pool binds: everybody, a unit, a gender, who chose an option, or who is of no unit with a pool."""

    TOTAL = "total"
    UNIT = "unit"
    GENDER = "gender"
    OPTION = "option"
    REST = "rest"


class Restriction(StrEnum):
    """Why a campaign is not for a person: its gender, its units, or its list."""

    GENDER = "gender"
    UNIT = "unit"
    LIST = "list"


class CampaignStage(StrEnum):
    """The stage of a campaign, as pages of organisers show it."""

    DRAFT = "draft"
    UPCOMING = "upcoming"
    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class PoolFacts:
    """A pool; from `ends_at` on it binds nobody, and `lifted` says that who had waited for that was looked at.

    `capacity` is what organisers planned; `added` are places that were added by hand, each for one person.
    """

    id: int
    scope: PoolScope
    capacity: int
    taken: int
    unit_id: int | None = None
    gender: str | None = None
    question_key: str | None = None
    option: str | None = None
    ends_at: datetime | None = None
    added: int = 0
    lifted: bool = False

    @property
    def free(self) -> int:
        """The number of free places; 0 when the capacity was lowered below the taken places."""
        return max(0, self.places - self.taken)

    @property
    def places(self) -> int:
        """The number of places that there are: the planned ones and those that were added."""
        return self.capacity + self.added


@dataclass(frozen=True, slots=True)
class PlaceApplicant:
    """A person who applies for a place: gender, and the chain of units from their own up to the company.

    `options` are the options that they chose, each a question's key and the option's code.
    """

    person_id: int
    gender: str
    unit_ids: frozenset[int]
    options: frozenset[tuple[str, str]] = frozenset()


class ScheduledActivity(Protocol):
    """The times of an activity; `begun_at` is set only for one without an hour, see `begins_at`."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def time_known(self) -> bool: ...
    @property
    def begun_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class SignUpWindow:
    """When a campaign takes sign-ups, and from when nothing can be changed: half-open, in UTC.

    `begins_at` is when the first activity begins that takes place (see the function `begins_at`).
    """

    published: bool
    accepts: Intake
    opens_at: datetime
    closes_at: datetime
    begins_at: datetime
    called_off: bool = False


def begins_at(activity: ScheduledActivity) -> datetime:
    """The instant from which an activity counts as begun.

    With an hour it is that hour. With a day only nobody knows the hour before it comes: it is the first admission of
    that day at the activity's first check point (`begun_at`), or else the end of the day.
    `campaigns.service.BEGINS_AT` is the same rule in SQL.
    """
    return activity.starts_at if activity.time_known else activity.begun_at or activity.ends_at


def has_begun(activity: ScheduledActivity, *, now: datetime) -> bool:
    """Whether an activity has begun at `now`: from then on its own time and place are fixed."""
    return now >= begins_at(activity)


def pools_for(candidate: PlaceApplicant, pools: Sequence[PoolFacts]) -> tuple[PoolFacts, ...]:
    """All of these pools that a place for this person is taken from, by id (the lock order)."""
    allotted = {pool.unit_id for pool in pools if pool.scope is PoolScope.UNIT}
    return tuple(sorted((p for p in pools if _binds(p, candidate, allotted)), key=lambda p: p.id))


def _binds(pool: PoolFacts, candidate: PlaceApplicant, allotted: Set[int | None]) -> bool:
    if pool.scope is PoolScope.UNIT:
        return pool.unit_id in candidate.unit_ids
    if pool.scope is PoolScope.GENDER:
        return pool.gender == candidate.gender
    if pool.scope is PoolScope.OPTION:
        return (pool.question_key, pool.option) in candidate.options
    return pool.scope is PoolScope.TOTAL or candidate.unit_ids.isdisjoint(allotted)


def pools_at(pools: Iterable[PoolFacts], *, now: datetime) -> tuple[PoolFacts, ...]:
    """The pools that bind at `now`: one with an end binds nobody from that instant on."""
    return tuple(pool for pool in pools if pool.ends_at is None or now < pool.ends_at)


def has_ended_unseen(pools: Iterable[PoolFacts], *, now: datetime) -> bool:
    """Whether a pool has ended and nobody has looked yet at the people who waited for that."""
    return any(pool.ends_at is not None and pool.ends_at <= now and not pool.lifted for pool in pools)


def check_open(window: SignUpWindow, *, now: datetime) -> None:
    """Raise Refused with the reason why nobody can sign up at `now`; at `closes_at` itself it is too late."""
    if not window.published:
        raise NotFound("campaign")
    if window.accepts is not Intake.REGISTRATIONS:
        raise Refused("registration.not_taken_here")
    if now < window.opens_at:
        raise Refused("registration.not_open_yet", opens_at=window.opens_at)
    if now >= window.closes_at:
        raise Refused("registration.closed", closed_at=window.closes_at)
    if window.called_off:
        raise Refused("registration.called_off")


def check_changeable(window: SignUpWindow, *, now: datetime) -> None:
    """Raise Refused once the first activity has begun; until then answers can be changed and places given up (plan gap 3)."""
    if now >= window.begins_at:
        raise Refused("registration.started", started_at=window.begins_at)


def stage_of(
    window: SignUpWindow, total: PoolFacts | None, *, ends_at: datetime, now: datetime
) -> CampaignStage:
    """The stage of a campaign at `now`. A full campaign still takes people for the waiting list."""
    if not window.published:
        return CampaignStage.DRAFT
    if now >= ends_at:
        return CampaignStage.OVER
    if now >= window.closes_at or (window.called_off and window.accepts is Intake.REGISTRATIONS):
        return CampaignStage.CLOSED
    if now < window.opens_at:
        return CampaignStage.UPCOMING
    return CampaignStage.FULL if total is not None and not total.free else CampaignStage.OPEN


def check_version(ours: int, *, seen: int) -> None:
    """Refuse a change that was made from an older version, so that nobody overwrites a change they have not seen."""
    if ours != seen:
        raise Refused("plan.changed_meanwhile")


def check_times(*, opens_at: datetime | None, closes_at: datetime, starts_at: datetime | None) -> None:
    """Check that a window ends after it opens and before the first activity starts; `opens_at` None means at publication."""
    if opens_at is not None and closes_at <= opens_at:
        raise Refused("plan.closes_before_opening", field="closes_at")
    if starts_at is not None and closes_at > starts_at:
        raise Refused("plan.closes_after_start", field="closes_at", starts_at=starts_at)


def check_plannable(window: SignUpWindow, *, now: datetime) -> None:
    """Refuse changes of a published campaign once its first activity has begun."""
    if window.published and now >= window.begins_at:
        raise Refused("plan.started", started_at=window.begins_at)


def check_closable(window: SignUpWindow, *, now: datetime) -> None:
    """Refuse to close a campaign that is not open."""
    if not window.published or not window.opens_at <= now < window.closes_at:
        raise Refused("plan.not_open")


def check_reopenable(window: SignUpWindow, *, closed_early: bool, deadline: datetime, now: datetime) -> None:
    """Refuse to reopen a campaign that no organiser closed, or whose deadline or start has passed."""
    if not closed_early:
        raise Refused("plan.not_closed")
    if now >= min(deadline, window.begins_at):
        raise Refused("plan.deadline_passed", deadline=deadline)


def archive_end(retain_until: date, archive_until: date | None) -> date:
    """The last day on which the record is kept: the day that was set, else ten years after `retain_until`."""
    if archive_until is not None:
        return archive_until
    try:
        return retain_until.replace(year=retain_until.year + ARCHIVE_YEARS)
    except ValueError:  # the 29th of February
        return retain_until.replace(year=retain_until.year + ARCHIVE_YEARS, day=28)
