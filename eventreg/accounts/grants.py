"""Roles that have no campaign: granted for a period, to a person, for a unit or everywhere."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select

from eventreg.core import audit
from eventreg.core.db import db
from eventreg.core.errors import Refused

from .models import RoleGrant
from .rules import Role

UNIT_ROLES = frozenset({Role.UNIT_CONTACT, Role.DEPARTMENT_HEAD})
HOUSE_ROLES = frozenset({Role.HR_REVIEWER, Role.ADMINISTRATOR})


def grant(
    person_id: int,
    role: Role,
    *,
    unit_id: int | None,
    by: str,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
) -> bool:
    """Grant a role; False when the same grant is already in force. In force from `since` or now.

    Raises Refused("grant.needs_unit"), ("grant.takes_no_unit") or ("grant.period").
    """
    if role in UNIT_ROLES and unit_id is None:
        raise Refused("grant.needs_unit", role=str(role))
    if role in HOUSE_ROLES and unit_id is not None:
        raise Refused("grant.takes_no_unit", role=str(role))
    start = since or now
    if until is not None and until <= start:
        raise Refused("grant.period")
    same = (RoleGrant.person_id == person_id, RoleGrant.role == role, RoleGrant.unit_id == unit_id)
    if db.session.scalar(select(RoleGrant.id).where(*same, in_force(start)).limit(1)) is not None:
        return False
    row = RoleGrant(
        person_id=person_id, role=str(role), unit_id=unit_id, since=start, until=until, granted_by=by
    )
    db.session.add(row)
    audit.record("role.granted", f"person:{person_id}", by=by, now=now, role=str(role), unit=unit_id)
    return True


def roles_of(person_id: int, *, now: datetime) -> frozenset[Role]:
    """The roles a person holds now, wherever."""
    held = select(RoleGrant.role).where(RoleGrant.person_id == person_id, in_force(now)).distinct()
    return frozenset(Role(role) for role in db.session.scalars(held))


def units_of(person_id: int, role: Role, *, now: datetime) -> list[int]:
    """The units a person holds a role for, ordered."""
    mine = (RoleGrant.person_id == person_id, RoleGrant.role == role, in_force(now))
    held = select(RoleGrant.unit_id).where(*mine, RoleGrant.unit_id.is_not(None)).distinct()
    return [unit for unit in db.session.scalars(held.order_by(RoleGrant.unit_id)) if unit is not None]


def in_force(now: datetime) -> ColumnElement[bool]:
    """The period's test, as SQL: `since` counts, `until` does not."""
    return (RoleGrant.since <= now) & (RoleGrant.until.is_(None) | (RoleGrant.until > now))
