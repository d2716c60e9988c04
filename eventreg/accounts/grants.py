"""Roles without a campaign, granted to a person for a period, for a unit or everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, Select, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute

from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail import audit
from eventreg.people import service as people
from eventreg.people.models import Person

from .models import RoleGrant
from .rules import Role

UNIT_ROLES = frozenset({Role.UNIT_CONTACT, Role.DEPARTMENT_HEAD})
HOUSE_ROLES = frozenset({Role.ORGANISER, Role.HR_REVIEWER, Role.ADMINISTRATOR})

# Administrators whose grants end sooner do not count as staying. This also makes two administrators who end each
# other's grant at the same time see it, whichever request began first.
STAYS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """A grant. `scope_id` is the id of its unit, or of its campaign if it is one `in_campaign`; None for everywhere."""

    id: int
    person_id: int
    role: Role
    scope_id: int | None
    since: datetime
    until: datetime | None
    by: str
    in_campaign: bool = False


def grant(
    person_id: int,
    role: Role,
    *,
    unit_id: int | None,
    actor: Actor,
    since: datetime | None = None,
    until: datetime | None = None,
) -> bool:
    """Grant a role from `since` or now; False when the person has it already for at least as long.

    Raises Refused("grant.needs_unit"), ("grant.takes_no_unit") or ("grant.period").
    """
    if role in UNIT_ROLES and unit_id is None:
        raise Refused("grant.needs_unit", role=str(role))
    if role in HOUSE_ROLES and unit_id is not None:
        raise Refused("grant.takes_no_unit", role=str(role))
    start = since or actor.now
    if until is not None and until <= start:
        raise Refused("grant.period")
    same = (RoleGrant.person_id == person_id, RoleGrant.role == role, RoleGrant.unit_id == unit_id)
    as_long = (in_force(start), lasts(RoleGrant.until, until))
    if db.session.scalar(select(RoleGrant.id).where(*same, *as_long).limit(1)) is not None:
        return False
    row = RoleGrant(
        person_id=person_id,
        role=str(role),
        unit_id=unit_id,
        since=start,
        until=until,
        granted_by=actor.audit_name,
    )
    db.session.add(row)
    audit.record("role.granted", f"person:{person_id}", actor=actor, role=str(role), unit=unit_id)
    return True


def end(grant_id: int, *, person_id: int, actor: Actor) -> None:
    """End a person's grant at once. One that has not begun is deleted; one that is over stays as it is.

    Raises NotFound("grant") for another person's grant, and Refused("grant.last_administrator") when no administrator
    would be left.
    """
    columns = (RoleGrant.role, RoleGrant.unit_id, RoleGrant.since, RoleGrant.until)
    mine = (RoleGrant.id == grant_id, RoleGrant.person_id == person_id)
    row = db.session.execute(select(*columns).where(*mine)).first()
    if row is None:
        raise NotFound("grant")
    if row.until is not None and row.until <= actor.now:
        return
    if row.role == Role.ADMINISTRATOR:
        others = [held for held in lock_administrators(now=actor.now) if held != person_id]
        if row.since <= actor.now and not others:
            raise Refused("grant.last_administrator")
    if row.since >= actor.now:
        db.session.execute(delete(RoleGrant).where(RoleGrant.id == grant_id))
    else:
        db.session.execute(update(RoleGrant).where(RoleGrant.id == grant_id).values(until=actor.now))
    audit.record("role.ended", f"person:{person_id}", actor=actor, role=row.role, unit=row.unit_id)


def lock_administrators(*, now: datetime) -> list[int]:
    """Employed administrators whose grants do not end, by grant; their grants are locked.

    If two administrators end each other's grant at the same time, the second waits here and then finds only their own.
    Do not read this without the lock.
    """
    return list(db.session.scalars(_administrators(now).with_for_update(of=RoleGrant)))


def list_administrators(*, now: datetime) -> list[int]:
    """Employed administrators whose grants do not end, by grant. Reads only."""
    return list(db.session.scalars(_administrators(now)))


def list_reviewers(*, now: datetime) -> list[int]:
    """Employed people who review nominations now."""
    held = select(RoleGrant.person_id).join(Person, Person.id == RoleGrant.person_id)
    held = held.where(RoleGrant.role == Role.HR_REVIEWER, in_force(now), Person.left_at.is_(None))
    return list(dict.fromkeys(db.session.scalars(held.order_by(RoleGrant.id))))


def list_of(person_id: int) -> list[GrantFacts]:
    """All grants that a person has or had, the newest first."""
    columns = (
        RoleGrant.id,
        RoleGrant.person_id,
        RoleGrant.role,
        RoleGrant.unit_id,
        RoleGrant.since,
        RoleGrant.until,
        RoleGrant.granted_by,
    )
    rows = select(*columns).where(RoleGrant.person_id == person_id).order_by(RoleGrant.id.desc())
    return [
        GrantFacts(id_, whose, Role(role), unit, since, until, by)
        for id_, whose, role, unit, since, until, by in db.session.execute(rows)
    ]


def roles_of(person_id: int, *, now: datetime) -> frozenset[Role]:
    """The roles that a person has now, anywhere."""
    held = select(RoleGrant.role).where(RoleGrant.person_id == person_id, in_force(now)).distinct()
    return frozenset(Role(role) for role in db.session.scalars(held))


def units_of(person_id: int, role: Role, *, now: datetime) -> list[int]:
    """The units that a person has a role for, in order."""
    mine = (RoleGrant.person_id == person_id, RoleGrant.role == role, in_force(now))
    held = select(RoleGrant.unit_id).where(*mine, RoleGrant.unit_id.is_not(None)).distinct()
    return [unit for unit in db.session.scalars(held.order_by(RoleGrant.unit_id)) if unit is not None]


def units_in_care(person_id: int, *, now: datetime) -> set[int]:
    """The units that a person is contact of, with all units below them."""
    mine = units_of(person_id, Role.UNIT_CONTACT, now=now)
    return set().union(*(people.units_under(unit) for unit in mine))


def holders_of(role: Role, unit_id: int, *, now: datetime) -> list[int]:
    """Employed people who have a role for exactly this unit now, by grant."""
    here = (RoleGrant.role == role, RoleGrant.unit_id == unit_id, in_force(now), Person.left_at.is_(None))
    held = select(RoleGrant.person_id).join(Person, Person.id == RoleGrant.person_id).where(*here)
    return list(dict.fromkeys(db.session.scalars(held.order_by(RoleGrant.id))))


def in_force(
    now: datetime | BindParameter[datetime],
    since: InstrumentedAttribute[datetime] = RoleGrant.since,
    until: InstrumentedAttribute[datetime | None] = RoleGrant.until,
) -> ColumnElement[bool]:
    """An SQL condition: the period of a grant contains `now`; `since` is included, `until` is not."""
    return (since <= now) & not_over(now, until)


def lasts(held: InstrumentedAttribute[datetime | None], until: datetime | None) -> ColumnElement[bool]:
    """An SQL condition: a grant until `held` lasts at least until `until`; None means without end."""
    return held.is_(None) if until is None else held.is_(None) | (held >= until)


def not_over(
    now: datetime | BindParameter[datetime],
    until: InstrumentedAttribute[datetime | None] = RoleGrant.until,
) -> ColumnElement[bool]:
    """An SQL condition: a grant is in force or begins later."""
    return until.is_(None) | (until > now)


def _administrators(now: datetime) -> Select[int]:
    held = (RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.since <= now, Person.left_at.is_(None))
    stays = RoleGrant.until.is_(None) | (RoleGrant.until > now + STAYS)
    people = select(RoleGrant.person_id).join(Person, Person.id == RoleGrant.person_id)
    return people.where(*held, stays).order_by(RoleGrant.id)
