"""What a roster file would change: the persons as they stand beside the rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .rules import CheckedRow, Gender, Problem


class Change(StrEnum):
    """What becomes of a person. Several may hold at once: one who returns may also have moved."""

    ADDED = "added"
    RETURNED = "returned"
    LEFT = "left"
    MOVED = "moved"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Standing:
    """A person as the roster has her now; `unit` is the path below the company."""

    id: int
    staff_no: str
    name: str
    gender: Gender
    unit: tuple[str, ...]
    email: str | None
    phone: str | None
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What a file would change of one person. `fields` are the columns that CHANGED names.

    Without a row she is missing from a full roster; without a standing she is new.
    """

    staff_no: str
    changes: tuple[Change, ...]
    fields: tuple[str, ...] = ()
    row: CheckedRow | None = None
    standing: Standing | None = None


def compare(
    rows: Sequence[CheckedRow], standing: Iterable[Standing], *, leavers: bool
) -> tuple[Difference, ...]:
    """One difference a row, in the file's order, then those who leave for being missing.

    A row that says 离职 of somebody unknown changes nothing: people who left are kept, not
    collected. With `leavers` the file is the full roster.
    """
    known = {person.staff_no.lower(): person for person in standing}
    found = [_difference(row, known.pop(row.staff_no.lower(), None)) for row in rows]
    if leavers:
        missing = (person for person in known.values() if person.left_at is None)
        found += [
            Difference(person.staff_no, (Change.LEFT,), standing=person)
            for person in sorted(missing, key=lambda person: person.staff_no)
        ]
    return tuple(found)


def taken_addresses(rows: Sequence[CheckedRow], standing: Iterable[Standing]) -> list[Problem]:
    """Mail addresses that stay with somebody else once the file is in, leavers included.

    People of one file may swap addresses: what counts is who has which afterwards.
    """
    telling = {row.staff_no.lower() for row in rows if "email" in row.tells}
    kept = {p.email for p in standing if p.email and p.staff_no.lower() not in telling}
    taken = [row for row in rows if row.email in kept]
    return [Problem(row.line, "email", "people.email_taken", row.email or "") for row in taken]


def _difference(row: CheckedRow, person: Standing | None) -> Difference:
    if person is None:
        change = Change.ADDED if row.employed else Change.SAME
        return Difference(row.staff_no, (change,), row=row)
    fields = _changed_fields(row, person)
    happened = {
        Change.RETURNED: row.employed and person.left_at is not None,
        Change.LEFT: not row.employed and person.left_at is None,
        Change.MOVED: row.unit != person.unit,
        Change.CHANGED: bool(fields),
    }
    changes = tuple(change for change, is_so in happened.items() if is_so)
    return Difference(person.staff_no, changes or (Change.SAME,), fields, row, person)


def _changed_fields(row: CheckedRow, person: Standing) -> tuple[str, ...]:
    """Columns with another value; a column that the file does not have says nothing."""
    told = ["name", "gender", *sorted(row.tells)]
    return tuple(name for name in told if getattr(row, name) != getattr(person, name))
