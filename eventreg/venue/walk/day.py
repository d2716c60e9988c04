"""All that was read for one hike, and what it comes to for each person. Pure.

Where there are readings of the activity's own day, those of other days decide nothing: people try their tickets out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from eventreg.campaigns.kinds.hike import Hike

from .bursts import Burst, ScanFacts, TapFacts, bursts_of
from .rules import Reading, Walk, WalkDoubt, WalkNoteKind, WalkResult, result_of


@dataclass(frozen=True, slots=True)
class TimeFixFacts:
    """A correction in force. Without a time, what was read until `made_at` does not count at this check point."""

    id: int
    registration_id: int
    check_point: str
    at: datetime | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class WalkDay:
    """Everything about one hike. `starts` and `finishes` are codes of check points, the day is [since, until).

    `scans` are those at all check points of the hike, `taps` those that were not struck out, `gone` when people
    were taken out, and `let_in` when people came whom only a phone let through, by registration.
    """

    starts: Collection[str]
    finishes: Collection[str]
    since: datetime
    until: datetime
    scans: Collection[ScanFacts] = ()
    taps: Collection[TapFacts] = ()
    fixes: Collection[TimeFixFacts] = ()
    mass: datetime | None = None
    notes: Mapping[int, WalkNoteKind] = field(default_factory=dict)
    gone: Mapping[int, datetime] = field(default_factory=dict)
    let_in: Mapping[int, datetime] = field(default_factory=dict)


def own_day(day: WalkDay) -> WalkDay:
    """The hike without the readings and times of other days, if its own day has any readings."""

    def here(at: datetime) -> bool:
        return day.since <= at < day.until

    scans, taps = [one for one in day.scans if here(one.at)], [one for one in day.taps if here(one.at)]
    if scans or taps or (day.mass is not None and here(day.mass)):
        fixes = [one for one in day.fixes if one.at is None or here(one.at)]
        return replace(day, scans=scans, taps=taps, fixes=fixes)
    return day


def is_of_other_days(day: WalkDay) -> bool:
    """Whether there are readings, and none of the hike's own day: people tried it out."""
    found = [scan.at for scan in day.scans] + [tap.at for tap in day.taps]
    if day.mass is not None:
        found.append(day.mass)
    return bool(found) and not any(day.since <= at < day.until for at in found)


def list_bursts(day: WalkDay) -> list[Burst]:
    """The bursts at the finish, phone by phone, each in the order of time."""
    phones = defaultdict[tuple[str, int], tuple[list[TapFacts], list[ScanFacts]]](lambda: ([], []))
    for tap in day.taps:
        if tap.check_point in day.finishes:
            phones[tap.check_point, tap.device_id][0].append(tap)
    for scan in day.scans:
        if scan.check_point in day.finishes:
            phones[scan.check_point, scan.device_id][1].append(scan)
    return [burst for key in sorted(phones) for burst in bursts_of(*phones[key])]


def results_of(day: WalkDay, hike: Hike) -> dict[int, WalkResult]:
    """The result of everybody who started, by registration."""
    found = {id_: result_of(walk, hike) for id_, walk in walks_of(day).items()}
    return {id_: result for id_, result in found.items() if result is not None}


def walks_of(day: WalkDay) -> dict[int, Walk]:
    """The readings of each person, corrected, by registration."""
    day = own_day(day)
    fixes = _latest(day.fixes)
    starts, finishes = _start_readings(day, fixes), _finish_readings(day, fixes)
    for (id_, point), fix in fixes.items():
        if fix.at is not None and point in day.starts:
            starts[id_] = {Reading(fix.at)}
        elif fix.at is not None and point in day.finishes:
            finishes[id_] = {Reading(fix.at)}
    fixed = {id_ for (id_, point), fix in fixes.items() if fix.at is not None and point in day.starts}
    started = _in_mass_start(day, fixes, starts, finishes) - fixed
    everybody = {*starts, *finishes, *started, *day.notes}
    return {
        id_: Walk(
            frozenset(starts.get(id_, ())),
            frozenset(finishes.get(id_, ())),
            day.mass if id_ in started else None,
            day.notes.get(id_),
            id_ in day.gone,
        )
        for id_ in sorted(everybody)
    }


Fixes = Mapping[tuple[int, str], TimeFixFacts]


def _latest(fixes: Iterable[TimeFixFacts]) -> dict[tuple[int, str], TimeFixFacts]:
    """The correction that holds, by registration and check point: the one that was made last."""
    ordered = sorted(fixes, key=lambda fix: (fix.made_at, fix.id))
    return {(fix.registration_id, fix.check_point): fix for fix in ordered}


def _counts(scan: ScanFacts, fixes: Fixes) -> bool:
    fix = fixes.get((scan.registration_id, scan.check_point))
    return fix is None or fix.at is not None or scan.at > fix.made_at


def _start_readings(day: WalkDay, fixes: Fixes) -> dict[int, set[Reading]]:
    found = defaultdict[int, set[Reading]](set)
    for scan in day.scans:
        if scan.check_point in day.starts and not scan.refused and _counts(scan, fixes):
            found[scan.registration_id].add(Reading(scan.at, WalkDoubt.CLOCK if scan.doubt else None))
    for id_, at in day.let_in.items():
        found[id_] = found[id_] or {Reading(at)}
    return found


def _finish_readings(day: WalkDay, fixes: Fixes) -> dict[int, set[Reading]]:
    """The readings at the finish: the tap of whoever has one, else the scan, which is doubtful where taps are asked about."""
    found = defaultdict[int, set[Reading]](set)
    for burst in list_bursts(day):
        for scan, reading in _in_burst(burst):
            if _counts(scan, fixes) and (not scan.refused or scan.registration_id in day.let_in):
                found[scan.registration_id].add(reading)
    return found


def _in_burst(burst: Burst) -> Iterable[tuple[ScanFacts, Reading]]:
    clock = WalkDoubt.CLOCK
    if not burst.taps:
        return [(scan, Reading(scan.at, clock if scan.doubt else None)) for scan in burst.scans]
    # Whoever has a tap crossed before the scan: its own time counts only where the tap was before the start.
    found = [(scan, Reading(scan.at, WalkDoubt.BURST)) for scan in (*burst.scans, *burst.repeats)]
    if burst.even:
        pairs = zip(burst.taps, burst.scans, strict=True)
        found += [(scan, Reading(tap.at, clock if tap.doubt or scan.doubt else None)) for tap, scan in pairs]
    return found


def _in_mass_start(
    day: WalkDay, fixes: Fixes, starts: Mapping[int, set[Reading]], finishes: Mapping[int, set[Reading]]
) -> set[int]:
    """Everybody whose start the mass start is.

    That is whoever had been read anywhere by then, and whoever was read at the start or the finish later. Somebody who
    comes to the door later did not walk, unless one of those shows it.
    """
    mass = day.mass
    if mass is None:
        return set()
    came = {
        scan.registration_id
        for scan in day.scans
        if scan.at <= mass and not scan.refused and _counts(scan, fixes)
    }
    crossed = {id_ for id_, readings in finishes.items() if any(one.at > mass for one in readings)}
    gone = {id_ for id_, at in day.gone.items() if at <= mass}
    return {*starts, *(came - gone), *crossed}
