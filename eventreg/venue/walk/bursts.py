"""Which tap "somebody crosses" belongs to which scan. Pure.

At the finish a volunteer taps once for each person who crosses and scans their tickets afterwards, in the order in which
they crossed. Taps and scans of one phone are matched in bursts: a burst is what the phone tapped and scanned between two
moments at which nothing was unmatched. In a burst with as many taps as people the first tap belongs to the first person,
and so on. If the numbers differ, nobody knows whose tap is missing or too many: nothing is matched, and the organiser is
asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

FOLLOWS = timedelta(minutes=5)  # a scan without a tap that comes so soon after a burst belongs to it


@dataclass(frozen=True, slots=True)
class TapFacts:
    """A tap "somebody crosses" at its corrected time; `doubt` says that the phone's clock was doubtful."""

    id: int
    device_id: int
    check_point: str
    at: datetime
    doubt: bool = False


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """A scan of a ticket that is known, at its corrected time. `refused` says that the person was not let through by it."""

    id: int
    device_id: int
    check_point: str
    registration_id: int
    at: datetime
    doubt: bool = False
    refused: bool = False


@dataclass(slots=True)
class Burst:
    """Taps, and scans of different people, of one phone, each in the order of time. Without taps it is a single scan.

    `repeats` are further scans of the same people in the burst.
    """

    taps: list[TapFacts] = field(default_factory=list)
    scans: list[ScanFacts] = field(default_factory=list)
    repeats: list[ScanFacts] = field(default_factory=list)

    @property
    def even(self) -> bool:
        """Whether each person has a tap and each tap a person."""
        return len(self.taps) == len(self.scans)

    @property
    def open(self) -> bool:
        """Whether a tap still waits for its scan."""
        return len(self.taps) > len(self.scans)

    @property
    def asked(self) -> bool:
        """Whether the organiser has to say which tap is nobody's, or who has none."""
        return bool(self.taps) and not self.even

    def has(self, registration_id: int) -> bool:
        """Whether this person was scanned in the burst."""
        return any(scan.registration_id == registration_id for scan in self.scans)

    @property
    def last(self) -> datetime:
        """When the phone last tapped or scanned in this burst."""
        return max([tap.at for tap in self.taps] + [scan.at for scan in self.scans])


def bursts_of(taps: Iterable[TapFacts], scans: Iterable[ScanFacts]) -> list[Burst]:
    """The bursts of one phone at one check point, in the order of time. The order of the arguments does not matter.

    A person who is scanned twice in a burst counts once there. A scan at the same instant as a tap comes after it.
    """
    found: list[Burst] = []
    events = [(tap.at, 0, tap.id, tap) for tap in taps] + [(scan.at, 1, scan.id, scan) for scan in scans]
    for *_order, event in sorted(events, key=lambda one: one[:3]):
        burst = found[-1] if found else None
        if isinstance(event, TapFacts):
            if burst is None or not burst.open:
                burst = Burst()
                found.append(burst)
            burst.taps.append(event)
        elif burst is None or not _belongs(event, burst):
            found.append(Burst(scans=[event]))
        else:
            (burst.repeats if burst.has(event.registration_id) else burst.scans).append(event)
    return found


def _belongs(scan: ScanFacts, burst: Burst) -> bool:
    """Whether a scan belongs to the burst before it: a tap waits for it, or it follows at once and has no tap."""
    return burst.open or (bool(burst.taps) and scan.at - burst.last <= FOLLOWS)
