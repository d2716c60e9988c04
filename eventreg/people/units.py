"""The units of the tree by their paths, for forms that choose one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from eventreg.core.db.session import db

from .models import Gender, Person, Unit, UnitKind
from .names import reading_key


@dataclass(frozen=True, slots=True)
class Department:
    """A department or second-level unit, with the number of employed women in it and its teams."""

    id: int
    name: str
    women: int


def list_units() -> list[tuple[int, str]]:
    """(id, path) of all units below the company, 营销部 before 营销部 客户服务班, by pinyin."""
    return sorted(_paths().items(), key=lambda unit: reading_key(unit[1]))


def paths_of(ids: Collection[int]) -> dict[int, str]:
    """The paths of some units, by id."""
    return {id_: path for id_, path in _paths().items() if id_ in ids} if ids else {}


def chain_of(unit_id: int) -> list[int]:
    """A unit and those above it, the company last."""
    chain: list[int] = []
    above: int | None = unit_id
    while above is not None and above not in chain:
        chain.append(above)
        above = db.session.scalar(select(Unit.parent_id).where(Unit.id == above))
    return chain


def list_departments() -> list[Department]:
    """All departments and second-level units, by pinyin; in one statement."""
    team = aliased(Unit)
    women = and_(
        Person.left_at.is_(None),
        Person.gender == str(Gender.FEMALE),
        or_(Person.unit_id == Unit.id, Person.unit_id == team.id),
    )
    query = (
        select(Unit.id, Unit.name, func.count(Person.id.distinct()))
        .outerjoin(team, team.parent_id == Unit.id)
        .outerjoin(Person, women)
        .where(Unit.kind.in_([str(UnitKind.DEPARTMENT), str(UnitKind.SECOND_LEVEL)]))
        .group_by(Unit.id, Unit.name)
    )
    found = [Department(id_, name, count) for id_, name, count in db.session.execute(query)]
    return sorted(found, key=lambda unit: (reading_key(unit.name), unit.id))


def _paths() -> dict[int, str]:
    above = aliased(Unit)
    rows = select(Unit.id, Unit.name, above.name, above.kind).join(above, above.id == Unit.parent_id)
    return {
        id_: name if kind == UnitKind.COMPANY else f"{parent} {name}"
        for id_, name, parent, kind in db.session.execute(rows)
    }
