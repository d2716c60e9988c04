"""What somebody's walk came to, from the set of all that was read. Pure: the order in which it arrived does not matter.

Results have whole seconds, cut off: with a limit of 30 minutes 30:00.9 is in time and 30:01 is late (plan P7). With a
mass start that is everybody's start, whatever was scanned. The finish is the earliest reading after the start. What is
not certain is asked of the organiser and makes nobody late: several start readings that decide differently, a finish
without a start, a time of a doubtful clock, and a burst whose taps and people differ in number.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from eventreg.campaigns.kinds.hike import Hike, is_late
from eventreg.core.errors import Refused

CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")


class WalkStanding(StrEnum):
    """What a walk came to. `LEFT` is somebody who gave up, came back another way, or was taken out before the finish."""

    IN_TIME = "in_time"
    LATE = "late"
    NOT_BACK = "not_back"
    LEFT = "left"
    VEHICLE = "vehicle"
    ASKED = "asked"


class WalkNoteKind(StrEnum):
    """What an organiser notes about somebody's walk."""

    VEHICLE = "vehicle"
    GAVE_UP = "gave_up"
    BACK_OTHERWISE = "back_otherwise"


class WalkDoubt(StrEnum):
    """Why a time is doubtful: the clock of the phone, or a burst whose taps and people differ in number."""

    CLOCK = "clock"
    BURST = "burst"


class WalkQuestion(StrEnum):
    """Why the organiser is asked."""

    NO_START = "no_start"
    SEVERAL_STARTS = "several_starts"
    CLOCK = "clock"
    BURST = "burst"


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody was at a check point at this time."""

    at: datetime
    doubt: WalkDoubt | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """All that was read of one person. `mass` is the mass start if they were in it; `gone` says that they were taken out."""

    starts: frozenset[Reading] = frozenset()
    finishes: frozenset[Reading] = frozenset()
    mass: datetime | None = None
    note: WalkNoteKind | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class WalkResult:
    """What a walk came to. Start, finish and `elapsed_s` are None where they are not known or not certain.

    `off_again` is when they were last read at the start after this finish: they may be on the way once more.
    """

    standing: WalkStanding
    start: datetime | None = None
    finish: datetime | None = None
    elapsed_s: int | None = None
    asked: WalkQuestion | None = None
    off_again: datetime | None = None
    doubtful: bool = False

    def overdue(self, hike: Hike, *, now: datetime) -> bool:
        """Whether the person is out for longer than the limit."""
        since = self.off_again or (self.start if self.standing is WalkStanding.NOT_BACK else None)
        return since is not None and is_late(hike, now - since)


def time_typed(text: str) -> time:
    """The time of day that was typed, to the second: 10:27 or 10:27:30. Raises Refused("time_fix.form")."""
    found = CLOCK.fullmatch(text.strip().replace("：", ":"))
    if found is None:
        raise Refused("time_fix.form")
    return time(int(found[1]), int(found[2]), int(found[3] or 0))


NOTED = {
    WalkNoteKind.VEHICLE: WalkStanding.VEHICLE,
    WalkNoteKind.GAVE_UP: WalkStanding.LEFT,
    WalkNoteKind.BACK_OTHERWISE: WalkStanding.LEFT,
}


def seconds_of(span: timedelta) -> int:
    """The whole seconds of a span, cut off."""
    return span // timedelta(seconds=1)


def result_of(walk: Walk, hike: Hike) -> WalkResult | None:
    """The result of one person; None for somebody who did not start. A note of the organiser decides over all times."""
    found = _by_times(walk, hike)
    if walk.note is not None:
        known = found or WalkResult(WalkStanding.LEFT)
        return replace(known, standing=NOTED[walk.note], asked=None, off_again=None)
    if walk.gone and found is not None and found.finish is None:
        return replace(found, standing=WalkStanding.LEFT, asked=None)
    return found


def _by_times(walk: Walk, hike: Hike) -> WalkResult | None:
    """The result by all times. Late by doubtful times alone is asked."""
    found = _counted(walk.starts, walk.finishes, walk.mass, hike)
    if found is None or found.standing is not WalkStanding.LATE:
        return found
    sure = _counted(_certain(walk.starts), _certain(walk.finishes), walk.mass, hike)
    if sure is not None and sure.standing is WalkStanding.LATE:
        return found
    doubts = {reading.doubt for reading in walk.starts | walk.finishes}
    asked = WalkQuestion.BURST if WalkDoubt.BURST in doubts else WalkQuestion.CLOCK
    return replace(found, standing=WalkStanding.ASKED, asked=asked, elapsed_s=None)


def _certain(readings: Iterable[Reading]) -> frozenset[Reading]:
    return frozenset(reading for reading in readings if reading.doubt is None)


def _counted(
    starts: Collection[Reading], finishes: Collection[Reading], mass: datetime | None, hike: Hike
) -> WalkResult | None:
    """The result by these times, whether they are doubtful or not."""
    begun = [Reading(mass)] if mass is not None else starts
    if not begun:
        return _without_start(finishes)
    pairs = [(start, end) for start in begun if (end := _first_after(start.at, finishes)) is not None]
    if not pairs:
        return WalkResult(WalkStanding.NOT_BACK, start=min(one.at for one in begun))
    start, end = min(pairs, key=lambda pair: _order(pair[0]))
    if len({is_late(hike, finish.at - one.at) for one, finish in pairs}) > 1:
        return WalkResult(WalkStanding.ASKED, finish=end.at, asked=WalkQuestion.SEVERAL_STARTS)
    over = is_late(hike, end.at - start.at)
    later = [one.at for one in begun if one.at > max(finish.at for finish in finishes)]
    return WalkResult(
        WalkStanding.LATE if over else WalkStanding.IN_TIME,
        start=start.at,
        finish=end.at,
        elapsed_s=seconds_of(end.at - start.at),
        off_again=max(later, default=None),
        doubtful=start.doubt is not None or end.doubt is not None,
    )


def _without_start(finishes: Collection[Reading]) -> WalkResult | None:
    if not finishes:
        return None
    first = min(finish.at for finish in finishes)
    return WalkResult(WalkStanding.ASKED, finish=first, asked=WalkQuestion.NO_START)


def _first_after(start: datetime, finishes: Iterable[Reading]) -> Reading | None:
    """The earliest reading after a start; of two at one instant the certain one."""
    after = (finish for finish in finishes if finish.at > start)
    return min(after, key=_order, default=None)


def _order(reading: Reading) -> tuple[datetime, bool]:
    return reading.at, reading.doubt is not None
