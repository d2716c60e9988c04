"""Compare a roster file with the stored roster. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from eventreg.core.plain_text import compact, comparison_key, private_use

from .cell_faults import DOUBTS
from .rules import CellProblem, CheckedRow, Gender, RosterRow


class RosterChange(StrEnum):
    """What an import changes of a person. Several may hold at once: one who returns may also have moved.

    CLEARED: an empty cell takes away an address, a telephone number or the team.
    """

    ADDED = "added"
    RETURNED = "returned"
    LEFT = "left"
    CLEARED = "cleared"
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
    """What a file would change of one person. `fields` are the columns that CHANGED and CLEARED name.

    Without a row the person is missing from a full roster; without `standing` they are new.
    """

    staff_no: str
    changes: tuple[RosterChange, ...]
    fields: tuple[str, ...] = ()
    row: CheckedRow | None = None
    standing: RosterPerson | None = None

    @property
    def kept_as_left(self) -> bool:
        """Whether the person is marked as left, and the file has them without a column of states."""
        return bool(self.row and self.row.employed is None and self.standing and self.standing.left_at)

    @property
    def takes_mail(self) -> bool:
        """Whether the file takes an employed person's mail address away."""
        emptied = bool(
            self.row and self.row.employed is not False and "email" in self.fields and not self.row.email
        )
        return emptied and not self.kept_as_left


def touches(difference: PersonDifference) -> bool:
    """Whether the file changes this person."""
    return difference.changes != (RosterChange.SAME,)


def as_returned(difference: PersonDifference) -> PersonDifference:
    """The difference if the file said that the person is employed."""
    if difference.row is None:
        return difference
    return _difference(replace(difference.row, employed=True), difference.standing)


def compare(
    rows: Sequence[CheckedRow], standing: Iterable[RosterPerson], *, leavers: bool
) -> tuple[PersonDifference, ...]:
    """One difference for each row in the file's order, then those for people who leave because they are missing.

    A row with 离职 about an unknown person changes nothing: leavers are not added. A row that says nothing of it, in a file
    without a column of states, leaves a leaver one. With `leavers` the file is the full roster. A file that names no team, neither in a column of its own nor behind a unit, leaves people in theirs.
    """
    tells_teams = any("team" in row.tells or len(row.unit) > 1 for row in rows)
    known = {person.staff_no.lower(): person for person in standing}
    found = []
    for row in rows:
        person = known.pop(row.staff_no.lower(), None)
        found.append(_difference(row if tells_teams else _in_their_team(row, person), person))
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


def lost_zeros(rows: Sequence[CheckedRow], standing: Iterable[RosterPerson]) -> list[CellProblem]:
    """Staff numbers nobody has, which somebody has with zeros in front: a spreadsheet takes them off a number."""
    known = {person.staff_no for person in standing}
    full = {number.lstrip("0"): number for number in known if number.isdecimal() and number.startswith("0")}
    lost = [row for row in rows if row.staff_no not in known and row.staff_no in full]
    code = "people.staff_no_zeros"
    return [CellProblem(r.line, "staff_no", code, r.staff_no, other=full[r.staff_no]) for r in lost]


def trusted_numbers(rows: Sequence[RosterRow], standing: Iterable[RosterPerson]) -> list[RosterRow]:
    """The rows without doubts about staff numbers that somebody has exactly so: 1E05 is no 100000 then."""
    known = {person.staff_no.lower() for person in standing}
    return [
        replace(row, faults={name: code for name, code in row.faults.items() if name != "staff_no"})
        if row.faults.get("staff_no") in DOUBTS and compact(row.staff_no).lower() in known
        else row
        for row in rows
    ]


def count_without_mail(differences: Sequence[PersonDifference], standing: Sequence[RosterPerson]) -> int:
    """How many employed people would have no mail address after the import."""
    touched = {difference.staff_no.lower() for difference in differences}
    others = [person for person in standing if person.staff_no.lower() not in touched]
    left_out = sum(person.left_at is None and not person.email for person in others)
    return left_out + sum(stays_without_mail(difference) for difference in differences)


def stays_without_mail(difference: PersonDifference) -> bool:
    """Whether a person of the file is employed after the import and has no mail address."""
    row, standing = difference.row, difference.standing
    if row is None or row.employed is False or difference.kept_as_left:
        return False
    return not (row.email if "email" in row.tells or standing is None else standing.email)


def absent_columns(rows: Sequence[RosterRow], differences: Iterable[PersonDifference]) -> tuple[str, ...]:
    """The columns that a file does not have, where something is stored of its people: it stays."""
    both = [(d.row, d.standing) for d in differences if d.row is not None and d.standing is not None]
    known = [person for _row, person in both]
    changes_teams = any(
        loses_team(row, person) or (len(row.unit) > 1 and row.unit != person.unit) for row, person in both
    )  # the units of the file name teams
    stored = {
        "team": not changes_teams and any(len(person.unit) > 1 for person in known),
        "unit_kind": any(person.unit for person in known),
        "email": any(person.email for person in known),
        "phone": any(person.phone for person in known),
        "state": any(person.left_at for person in known),
    }
    return tuple(
        name for name, is_so in stored.items() if is_so and all(getattr(row, name) is None for row in rows)
    )


def _in_their_team(row: CheckedRow, person: RosterPerson | None) -> CheckedRow:
    """The row with the team that the person has in the same unit."""
    return replace(row, unit=person.unit) if person and loses_team(row, person) else row


def loses_team(row: CheckedRow, person: RosterPerson) -> bool:
    """Whether the file moves a person out of their team into the unit above it."""
    return len(person.unit) > 1 and row.unit == person.unit[:1]


def _difference(row: CheckedRow, person: RosterPerson | None) -> PersonDifference:
    if person is None:
        change = RosterChange.SAME if row.employed is False else RosterChange.ADDED
        return PersonDifference(row.staff_no, (change,), row=row)
    fields = _changed_fields(row, person)
    emptied = [name for name in fields if getattr(row, name) is None]
    happened = {
        RosterChange.RETURNED: row.employed is True and person.left_at is not None,
        RosterChange.LEFT: row.employed is False and person.left_at is None,
        RosterChange.CLEARED: bool(emptied) or loses_team(row, person),
        RosterChange.MOVED: row.unit != person.unit,
        RosterChange.CHANGED: len(fields) > len(emptied),
    }
    changes = tuple(change for change, is_so in happened.items() if is_so)
    return PersonDifference(person.staff_no, changes or (RosterChange.SAME,), fields, row, person)


def _unit_key(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(comparison_key, path))


def _code_points(letters: str) -> str:
    return " ".join(f"U+{ord(letter):04X}" for letter in letters)


def _changed_fields(row: CheckedRow, person: RosterPerson) -> tuple[str, ...]:
    """Columns with another value; columns that the file does not have are not compared."""
    told = ["name", "gender", *sorted(row.tells - {"team"})]
    return tuple(name for name in told if getattr(row, name) != getattr(person, name))
