"""What a campaign allows at an instant, and whom its pools bind. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventreg.core.errors import Refused


class Accepts(StrEnum):
    """What a campaign takes from people."""

    REGISTRATIONS = "registrations"
    NOMINATIONS = "nominations"


class Schedule(StrEnum):
    """暂定, 确定, 改期, 取消."""

    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    MOVED = "moved"
    CANCELLED = "cancelled"


class Scope(StrEnum):
    """Whom a pool bounds."""

    TOTAL = "total"
    UNIT = "unit"
    GENDER = "gender"


@dataclass(frozen=True, slots=True)
class PoolFacts:
    """A pool as a rule sees it. `unit_ids` are all units under the pool's own."""

    id: int
    scope: Scope
    capacity: int
    taken: int
    unit_id: int | None = None
    gender: str | None = None

    @property
    def free(self) -> int:
        """Places left; none when the capacity was lowered below what is taken."""
        return max(0, self.capacity - self.taken)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who wants a place: gender, and the chain of units from her own up to the company."""

    person_id: int
    gender: str
    unit_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Window:
    """When a campaign takes sign-ups, and from when nothing can be changed: half-open, in UTC."""

    published: bool
    accepts: Accepts
    opens_at: datetime
    closes_at: datetime
    starts_at: datetime


def binds(pool: PoolFacts, candidate: Candidate) -> bool:
    """Whether a place for this person comes out of this pool."""
    if pool.scope is Scope.UNIT:
        return pool.unit_id in candidate.unit_ids
    return pool.scope is Scope.TOTAL or pool.gender == candidate.gender


def check_open(window: Window, *, now: datetime) -> None:
    """Raise the reason why nobody can sign up at `now`; `closes_at` itself is too late."""
    if not window.published:
        raise Refused("not_found", what="campaign")
    if window.accepts is not Accepts.REGISTRATIONS:
        raise Refused("registration.not_taken_here")
    if now < window.opens_at:
        raise Refused("registration.not_open_yet", opens_at=window.opens_at)
    if now >= window.closes_at:
        raise Refused("registration.closed", closed_at=window.closes_at)


def check_changeable(window: Window, *, now: datetime) -> None:
    """Answers and withdrawal stay possible until the first activity starts (plan gap 3)."""
    if now >= window.starts_at:
        raise Refused("registration.started", started_at=window.starts_at)
