"""Compare a roster file with the stored roster. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from eventreg.core.plain_text import comparison_key, private_use

from .rules import CellProblem, CheckedRow, Gender


class RosterChange(StrEnum):
    """What an import changes of a person. Several may hold at once: one who returns may also have moved."""

    ADDED = "added"
    RETURNED = "returned"
    LEFT = "left"
    MOVED = "moved"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """A person as the roster has them now; `unit` is the path below the company."""

    id: int
    staff_no: str
    name: str
    gender: Gender
    unit: tuple[str, ...]
    email: str | None
    phone: str | None
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonDifference:
    """What a file would change of one person. `fields` are the columns that CHANGED names.

    Without a row the person is missing from a full roster; without `standing` they are new.
    """

    staff_no: str
    changes: tuple[RosterChange, ...]
    fields: tuple[str, ...] = ()
    row: CheckedRow | None = None
    standing: RosterPerson | None = None


def compare(
    rows: Sequence[CheckedRow], standing: Iterable[RosterPerson], *, leavers: bool
) -> tuple[PersonDifference, ...]:
    """One difference for each row in the file's order, then those for people who leave because they are missing.

    A row with 离职 about an unknown person changes nothing: leavers are not added. With `leavers` the file is the full
    roster.
    """
    known = {person.staff_no.lower(): person for person in standing}
    found = [_difference(row, known.pop(row.staff_no.lower(), None)) for row in rows]
    if leavers:
        missing = (person for person in known.values() if person.left_at is None)
        found += [
            PersonDifference(person.staff_no, (RosterChange.LEFT,), standing=person)
            for person in sorted(missing, key=lambda person: person.staff_no)
        ]
    return tuple(found)


def in_known_units(rows: Iterable[CheckedRow], known: Iterable[tuple[str, ...]]) -> list[CheckedRow]:
    """The rows with units spelled as they are stored, or as the file spells them first: 办公室(党委) is 办公室（党委）."""
    stored = set(known)
    spelled = {_unit_key(path): path for path in sorted(stored, reverse=True)}  # the first of several
    found = []
    for row in rows:
        unit = row.unit
        for depth in range(1, len(unit) + 1):
            path = unit[:depth]
            usual = path if path in stored else spelled.setdefault(_unit_key(path), path)
            unit = usual + unit[depth:]
        found.append(row if unit == row.unit else replace(row, unit=unit))
    return found


def unusual_names(differences: Iterable[PersonDifference]) -> list[CellProblem]:
    """The names and units of a file with private-use characters, which every font draws differently: a warning, no error."""
    cells = [
        (row.line, column, text)
        for row in (difference.row for difference in differences)
        if row is not None
        for column, text in (("name", row.name), ("unit", "/".join(row.unit)))
    ]
    return [
        CellProblem(line, column, "people.private_use", f"{text} ({_code_points(odd)})")
        for line, column, text in cells
        if (odd := private_use(text))
    ]


def taken_addresses(rows: Sequence[CheckedRow], standing: Iterable[RosterPerson]) -> list[CellProblem]:
    """Mail addresses that other people have after the import, leavers included.

    People of one file may swap addresses: the state after the import counts.
    """
    telling = {row.staff_no.lower() for row in rows if "email" in row.tells}
    kept = {p.email for p in standing if p.email and p.staff_no.lower() not in telling}
    taken = [row for row in rows if row.email in kept]
    return [CellProblem(row.line, "email", "people.email_taken", row.email or "") for row in taken]


def _difference(row: CheckedRow, person: RosterPerson | None) -> PersonDifference:
    if person is None:
        change = RosterChange.ADDED if row.employed else RosterChange.SAME
        return PersonDifference(row.staff_no, (change,), row=row)
    fields = _changed_fields(row, person)
    happened = {
        RosterChange.RETURNED: row.employed and person.left_at is not None,
        RosterChange.LEFT: not row.employed and person.left_at is None,
        RosterChange.MOVED: row.unit != person.unit,
        RosterChange.CHANGED: bool(fields),
    }
    changes = tuple(change for change, is_so in happened.items() if is_so)
    return PersonDifference(person.staff_no, changes or (RosterChange.SAME,), fields, row, person)


def _unit_key(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(comparison_key, path))


def _code_points(letters: str) -> str:
    return " ".join(f"U+{ord(letter):04X}" for letter in letters)


def _changed_fields(row: CheckedRow, person: RosterPerson) -> tuple[str, ...]:
    """Columns with another value; columns that the file does not have are not compared."""
    told = ["name", "gender", *sorted(row.tells)]
    return tuple(name for name in told if getattr(row, name) != getattr(person, name))
