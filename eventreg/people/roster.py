"""Import a roster: all of it or nothing, the same file twice changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventreg.core import audit
from eventreg.core.db import db
from eventreg.core.errors import Refused

from .models import Person, Unit, UnitKind
from .reading import Row
from .rules import Change, Entry, Known, Problem, check_owners, check_repeats, check_row, compare
from .service import make_company

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """One person whom an import would change, as a line of `--check`."""

    change: Change
    staff_no: str
    line: int


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do, or what keeps it from being done."""

    entries: tuple[Entry, ...]
    planned: tuple[Planned, ...]
    problems: tuple[Problem, ...]

    @property
    def counts(self) -> Counter[Change]:
        """How many persons of each change."""
        return Counter(one.change for one in self.planned)


def plan_import(rows: Sequence[Row], *, full: bool = False) -> ImportPlan:
    """Compare a file with the database; reads only.

    With `full` the file is the whole roster: whoever is not in it has left.
    """
    checked = [check_row(row.line, row.cells) for row in rows]
    entries = tuple(entry for entry, _problems in checked if entry is not None)
    problems = [problem for _entry, found in checked for problem in found]
    known = _known()
    owners = {k.email: k.staff_no for k in known.values() if k.email}
    problems += check_repeats(entries) + check_owners(entries, owners)
    planned = [Planned(compare(e, known.get(e.staff_no.lower())), e.staff_no, e.line) for e in entries]
    if full:
        listed = {entry.staff_no.lower() for entry in entries}
        missing = (k for key, k in known.items() if k.employed and key not in listed)
        planned += [Planned(Change.LEFT, k.staff_no, 0) for k in missing]
    return ImportPlan(entries, tuple(planned), tuple(sorted(problems, key=lambda p: (p.line, p.column))))


def import_roster(
    rows: Sequence[Row], *, company: str, by: str, now: datetime, full: bool = False
) -> ImportPlan:
    """Carry a file out in the open unit. Leavers are kept, with the day they were found missing.

    Raises Refused("people.bad_rows") with `problems` when any line is bad: nothing is imported.
    """
    plan = plan_import(rows, full=full)
    if plan.problems:
        raise Refused("people.bad_rows", problems=plan.problems)
    units = _Units(company)
    persons = {person.staff_no.lower(): person for person in db.session.scalars(select(Person))}
    changed = {one.staff_no: one.change for one in plan.planned if one.change is not Change.SAME}
    _free_addresses(plan, persons, changed)
    for entry in plan.entries:
        if entry.staff_no in changed:
            unit_id = units.id_of(entry.unit, entry.unit_kind)
            person = persons.setdefault(entry.staff_no.lower(), Person())
            _write(person, entry, unit_id, now=now)
            db.session.add(person)
    for one in plan.planned:
        if one.line == 0:
            persons[one.staff_no.lower()].left_at = now
    db.session.flush()
    for staff_no, change in changed.items():
        subject = f"person:{persons[staff_no.lower()].id}"
        audit.record(f"people.{change}", subject, by=by, now=now)
    return plan


def _known() -> dict[str, Known]:
    units = _paths()
    return {
        p.staff_no.lower(): Known(
            p.id, p.staff_no, p.name, p.gender, units[p.unit_id], p.email, p.phone, p.left_at is None
        )
        for p in db.session.scalars(select(Person).execution_options(populate_existing=True))
    }


def _paths() -> dict[int, Path]:
    """Each unit's path below the company."""
    units = {u.id: u for u in db.session.scalars(select(Unit).execution_options(populate_existing=True))}

    def path(unit: Unit) -> Path:
        return () if unit.parent_id is None else (*path(units[unit.parent_id]), unit.name)

    return {unit.id: path(unit) for unit in units.values()}


class _Units:
    """The org tree while an import runs: finds a unit by its path, or makes it."""

    def __init__(self, company: str) -> None:
        self.root = make_company(company)
        self.ids = {path: unit_id for unit_id, path in _paths().items()}

    def id_of(self, path: Path, kind: str) -> int:
        """The unit of a path; a 班组 is made below its department."""
        if path not in self.ids:
            above = self.id_of(path[:-1], kind) if len(path) > 1 else self.root
            row = Unit(
                parent_id=above,
                name=path[-1],
                kind=str(UnitKind.TEAM) if len(path) > 1 else str(UnitKind(kind)),
            )
            db.session.add(row)
            db.session.flush()
            self.ids[path] = row.id
        return self.ids[path]


def _free_addresses(plan: ImportPlan, persons: dict[str, Person], changed: Mapping[str, Change]) -> None:
    """Two people may swap addresses in one file: all that change are blanked first."""
    for entry in plan.entries:
        person = persons.get(entry.staff_no.lower())
        if person is not None and entry.staff_no in changed and person.email != entry.email:
            person.email = None
    db.session.flush()


def _write(person: Person, entry: Entry, unit_id: int, *, now: datetime) -> None:
    person.staff_no, person.name, person.gender = entry.staff_no, entry.name, entry.gender
    person.unit_id, person.email, person.phone = unit_id, entry.email, entry.phone
    person.left_at = None if entry.employed else (person.left_at or now)
