"""The units of the org tree by their paths, for whoever has to choose one."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import aliased

from eventreg.core.db import db

from .models import Unit, UnitKind
from .names import reading_key


def list_units() -> list[tuple[int, str]]:
    """(id, path) of all units below the company, 营销部 before 营销部 客户服务班, by pinyin."""
    return sorted(_paths().items(), key=lambda unit: reading_key(unit[1]))


def paths_of(ids: Collection[int]) -> dict[int, str]:
    """The paths of some units, by id."""
    return {id_: path for id_, path in _paths().items() if id_ in ids} if ids else {}


def _paths() -> dict[int, str]:
    above = aliased(Unit)
    rows = select(Unit.id, Unit.name, above.name, above.kind).join(above, above.id == Unit.parent_id)
    return {
        id_: name if kind == UnitKind.COMPANY else f"{parent} {name}"
        for id_, name, parent, kind in db.session.execute(rows)
    }
