"""What a roster file would change, and what an import changed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from .comparison import PersonDifference, RosterChange, as_returned, stays_without_mail, touches
from .rules import CellProblem, UnitKind

LEAVING_TENTH = 10  # a file that marks more than one in so many as left asks for their number
LEAVING_FLOOR = (
    5  # fewer people whom a file names as left, each in a line of their own, are what a clerk writes by hand
)

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a file would change at `at`. With problems there are no differences, because nothing would be imported.

    Units are listed by their paths below the company, the first level before teams. `employed` were employed before,
    `without_mail` employed people would have no mail address after the import; `whole` is a full roster. `emptied_units` are
    left by all their people, each with where most of them go; `absent` are columns that the file does not have
    and that hold something of its people;
    `left_out_units` stand above departments in a file that has both columns.
    """

    at: datetime
    problems: tuple[CellProblem, ...]
    differences: tuple[PersonDifference, ...]
    new_units: Mapping[Path, UnitKind]
    changed_units: Mapping[Path, UnitKind]
    whole: bool = False
    employed: int = 0
    without_mail: int = 0
    emptied_units: tuple[tuple[Path, Path], ...] = ()
    absent: tuple[str, ...] = ()
    left_out_units: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[RosterChange, int]:
        """The number of persons for each change; nobody counts twice: of several changes the first counts."""
        found = Counter(difference.changes[0] for difference in self.differences)
        return {change: found[change] for change in RosterChange}

    @property
    def fingerprint(self) -> str:
        """64 digits that are equal for plans with the same changes; unchanged persons who are employed do not count."""
        touched = [asdict(d) for d in self.differences if touches(d)]
        units = [sorted(map(str, of.items())) for of in (self.new_units, self.changed_units)]
        kept = [d.staff_no for d in self.kept_as_left]
        said = [[asdict(problem) for problem in self.problems], touched, units, kept]
        return hashlib.sha256(json.dumps(said, default=_in_order, sort_keys=True).encode()).hexdigest()

    @property
    def kept_as_left(self) -> tuple[PersonDifference, ...]:
        """People who are marked as left and whom the file has without saying whether they are employed.

        They stay as they are. A list from HR's system may hold leavers, and a file that says nothing of states is no
        reason to let them sign in again; one who was rehired is in such a list too. So they are named, and whoever
        imports the file says whether they are back.
        """
        return tuple(d for d in self.differences if d.kept_as_left)

    def with_returned(self) -> ImportPlan:
        """The plan if those who are kept as left are back."""
        back = tuple(as_returned(d) if d.kept_as_left else d for d in self.differences)
        unreached = sum(
            stays_without_mail(now) for old, now in zip(self.differences, back, strict=True) if old is not now
        )
        return replace(self, differences=back, without_mail=self.without_mail + unreached)

    @property
    def losing_mail(self) -> int:
        """How many people have a mail address that the file takes away."""
        return sum(d.takes_mail for d in self.differences)

    def leavers(self) -> set[int]:
        """The ids of persons who would leave."""
        gone = (d.standing for d in self.differences if RosterChange.LEFT in d.changes)
        return {standing.id for standing in gone if standing is not None}

    @property
    def leaving_to_type(self) -> int | None:
        """The number of leavers, where whoever imports the file has to type it: more than a tenth leave.

        A file that is not the full roster names each of them, so a few may leave without it.
        """
        leaving = len(self.leavers())
        many = leaving * LEAVING_TENTH > self.employed
        return leaving if many and (self.whole or leaving >= LEAVING_FLOOR) else None

    def nobody_stays(self, of: Collection[int]) -> bool:
        """Whether all these persons would leave."""
        return bool(of) and set(of) <= self.leavers()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import changed: persons by change, how many units it made, and the plan that it carried out."""

    counts: dict[RosterChange, int]
    new_units: int
    plan: ImportPlan


def _in_order(value: object) -> object:
    """Sets as sorted lists and times as text, so that a fingerprint is the same in every process."""
    return sorted(value) if isinstance(value, frozenset) else str(value)
