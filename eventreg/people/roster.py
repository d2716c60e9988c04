"""The roster import: all of a file or nothing; importing the same file twice changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from eventreg.core.actor import Actor, actor_of
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.core.plain_text import plain_name
from eventreg.core.trail import audit

from . import comparison
from .comparison import PersonDifference, RosterPerson, compare, in_known_units, loses_team, touches
from .import_plan import ImportPlan as ImportPlan
from .import_plan import ImportReport as ImportReport
from .import_plan import Path
from .models import Person, Unit
from .renamed_units import emptied_units
from .rules import CheckedRow, Gender, RosterRow, UnitKind, check_rows
from .unit_columns import joined_units

COMPANY = "公司"


@dataclass(frozen=True, slots=True)
class _UnitTree:
    """The stored units: id and kind by path; the company's path is empty."""

    company: str
    ids: dict[Path, int]
    kinds: dict[Path, UnitKind]


def plan_import(
    rows: Sequence[RosterRow],
    *,
    now: datetime,
    leavers: bool = False,
    company: str | None = None,
    returned: bool = False,
) -> ImportPlan:
    """What `import_roster` would change with these rows now. Reads only, in two statements."""
    plan = _plan(rows, _tree(company), _standing_query(), now=now, leavers=leavers)
    return plan.with_returned() if returned else plan


def import_roster(
    rows: Sequence[RosterRow],
    *,
    actor: Actor,
    leavers: bool = False,
    company: str | None = None,
    seen: str | None = None,
    leaving: int | None = None,
    returned: bool = False,
    stay: Collection[int] = (),
) -> ImportReport:
    """Import these rows; persons who are not among them stay as they are.

    With `leavers` the rows are the full roster: persons who are missing left at `now`. Their rows stay. `company` is the
    name of the root if there is none yet. With `returned` leavers whom a file without a column of states has are employed again;
    `seen` is the fingerprint of the plan without it. Raises
    Refused("people.bad_rows", problems=tuple[CellProblem, ...]), and then nothing was imported;
    Refused("people.roster_changed") when `seen` is no longer the plan's fingerprint;
    Refused("people.last_administrator") when all of `stay` would leave;
    Refused("people.leaving_unsaid", leaving=n) when so many people would leave that their number has to be typed, and `leaving` is not n.
    """
    tree = _tree(company)
    in_order = _standing_query().order_by(Person.id).with_for_update(of=Person)
    plan = _plan(rows, tree, in_order, now=actor.now, leavers=leavers)
    if plan.problems:
        raise Refused("people.bad_rows", problems=plan.problems)
    if seen is not None and seen != plan.fingerprint:
        raise Refused("people.roster_changed")
    if plan.nobody_stays(stay):
        raise Refused("people.last_administrator")
    if plan.leaving_to_type not in {None, leaving}:
        raise Refused("people.leaving_unsaid", leaving=plan.leaving_to_type)
    plan = plan.with_returned() if returned else plan
    _write_units(plan, tree, by=actor.audit_name)
    ids = _write_persons(plan, tree)
    for difference in plan.differences:
        if touches(difference):
            _record(difference, ids[difference.staff_no], actor=actor)
    return ImportReport(plan.counts, len(plan.new_units), plan)


def _plan(
    rows: Sequence[RosterRow], tree: _UnitTree, standing_query: Any, *, now: datetime, leavers: bool
) -> ImportPlan:
    standing = _standing(tree, standing_query)
    rows, unclear, left_out = joined_units(rows, tree.ids, company=tree.company)
    checked, problems = check_rows(comparison.trusted_numbers(rows, standing), company=tree.company)
    checked = in_known_units(checked, tree.ids)
    problems += [
        *unclear,
        *comparison.taken_addresses(checked, standing),
        *comparison.lost_zeros(checked, standing),
    ]
    if problems:
        return ImportPlan(now, tuple(sorted(problems, key=lambda p: p.line)), (), {}, {})
    differences = compare(checked, standing, leavers=leavers)
    said = {row.unit[:1]: row.unit_kind for row in checked if row.unit and row.unit_kind}
    changed = {path: kind for path, kind in said.items() if tree.kinds.get(path, kind) != kind}
    return ImportPlan(
        now,
        (),
        differences,
        _new_units(differences, tree, said),
        changed,
        whole=leavers,
        employed=sum(person.left_at is None for person in standing),
        without_mail=comparison.count_without_mail(differences, standing),
        emptied_units=emptied_units(differences, standing),
        absent=comparison.absent_columns(rows, differences),
        left_out_units=left_out,
    )


def _new_units(
    differences: Sequence[PersonDifference], tree: _UnitTree, said: Mapping[Path, UnitKind]
) -> dict[Path, UnitKind]:
    """The units in the file that do not exist; without a kind they are departments."""
    named = {d.row.unit for d in differences if d.row is not None and touches(d)}
    paths = {path[:depth] for path in named for depth in (1, 2)} - tree.ids.keys() - {()}
    return {
        path: said.get(path, UnitKind.DEPARTMENT) if len(path) == 1 else UnitKind.TEAM
        for path in sorted(paths, key=lambda path: (len(path), path))
    }


def _tree(company: str | None) -> _UnitTree:
    rows = {row.id: row for row in db.session.execute(select(Unit.id, Unit.parent_id, Unit.kind, Unit.name))}
    root = next((row for row in rows.values() if row.kind == UnitKind.COMPANY), None)
    tree = _UnitTree(root.name if root else plain_name(company or COMPANY), {}, {})
    for row in rows.values():
        path: Path = ()
        above = row
        while above.parent_id is not None:
            path = (above.name, *path)
            above = rows[above.parent_id]
        tree.ids[path], tree.kinds[path] = row.id, UnitKind(row.kind)
    return tree


def _standing_query() -> Any:
    return select(
        Person.id,
        Person.staff_no,
        Person.name,
        Person.gender,
        Person.unit_id,
        Person.email,
        Person.phone,
        Person.left_at,
    )


def _standing(tree: _UnitTree, query: Any) -> list[RosterPerson]:
    paths = {unit_id: path for path, unit_id in tree.ids.items()}
    return [
        RosterPerson(id_, staff_no, name, Gender(gender), paths[unit_id], email, phone, left_at)
        for id_, staff_no, name, gender, unit_id, email, phone, left_at in db.session.execute(query)
    ]


def _write_units(plan: ImportPlan, tree: _UnitTree, *, by: str) -> None:
    """Insert missing units, level by level, and set the kinds that the file names."""
    if () not in tree.ids:
        _insert_units({(): UnitKind.COMPANY}, plan, tree, by=by)
    for depth in (1, 2):
        level = {path: kind for path, kind in plan.new_units.items() if len(path) == depth}
        _insert_units(level, plan, tree, by=by)
    for path, kind in plan.changed_units.items():
        db.session.execute(update(Unit).where(Unit.id == tree.ids[path]).values(kind=str(kind)))
        audit.record(
            "units.changed", f"unit:{tree.ids[path]}", actor=actor_of(by, now=plan.at), kind=str(kind)
        )


def _insert_units(units: Mapping[Path, UnitKind], plan: ImportPlan, tree: _UnitTree, *, by: str) -> None:
    """Insert these units of one level, and add their ids to the tree."""
    made = {
        path: Unit(
            parent_id=tree.ids[path[:-1]] if path else None,
            kind=str(kind),
            name=path[-1] if path else tree.company,
        )
        for path, kind in units.items()
    }
    db.session.add_all(made.values())
    db.session.flush()
    for path, unit in made.items():
        tree.ids[path] = unit.id
        audit.record("units.added", f"unit:{unit.id}", actor=actor_of(by, now=plan.at), kind=unit.kind)


def _write_persons(plan: ImportPlan, tree: _UnitTree) -> dict[str, int]:
    """Write the differences in at most four statements; returns ids by staff number."""
    touched = [d for d in plan.differences if touches(d)]
    known = [(d, d.standing) for d in touched if d.standing is not None]
    new = [_columns(d.row, tree) | {"staff_no": d.staff_no} for d in touched if d.row and not d.standing]
    gone = [{"id": p.id, "left_at": plan.at} for d, p in known if d.row is None]
    freed = [{"id": p.id, "email": None} for d, p in known if "email" in d.fields and p.email]
    changed = [_after(d.row, p, tree, now=plan.at) for d, p in known if d.row is not None]
    ids = {person.staff_no: person.id for _, person in known}
    for values in (gone, freed, changed):  # addresses are freed first: two people may swap theirs
        if values:
            db.session.execute(update(Person), values)
    if new:
        made = db.session.execute(insert(Person).returning(Person.staff_no, Person.id), new)
        ids |= {row.staff_no: row.id for row in made}
    return ids


def _columns(row: CheckedRow, tree: _UnitTree) -> dict[str, object]:
    return {
        "name": row.name,
        "gender": str(row.gender),
        "unit_id": tree.ids[row.unit],
        "email": row.email,
        "phone": row.phone,
    }


def _after(row: CheckedRow, person: RosterPerson, tree: _UnitTree, *, now: datetime) -> dict[str, object]:
    """The columns of a known person after the import; columns that the file does not have stay."""
    kept = {name: getattr(person, name) for name in ("email", "phone") if name not in row.tells}
    left_at = person.left_at if row.employed is None else None if row.employed else (person.left_at or now)
    return _columns(row, tree) | kept | {"id": person.id, "left_at": left_at}


def _record(difference: PersonDifference, person_id: int, *, actor: Actor) -> None:
    """Write one audit row for each person: the first change is the action; all changes and the columns are facts."""
    row, standing = difference.row, difference.standing
    team = ["team"] if row and standing and loses_team(row, standing) else []
    audit.record(
        f"people.{difference.changes[0]}",
        f"person:{person_id}",
        actor=actor,
        changes=[str(change) for change in difference.changes],
        fields=[*difference.fields, *team],
    )
