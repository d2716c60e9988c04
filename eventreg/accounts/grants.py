"""Roles that have no campaign: granted for a period, to a person, for a unit or everywhere."""

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
HOUSE_ROLES = frozenset({Role.HR_REVIEWER, Role.ADMINISTRATOR})

# Whose grant ends sooner does not count as one who stays. It also makes two who end each other's
# grant see it, whichever of their requests began first.
STAYS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """A grant as it stands. `scope_id` is its unit's or campaign's id, None for the whole house."""

    id: int
    person_id: int
    role: Role
    scope_id: int | None
    since: datetime
    until: datetime | None
    by: str

    @property
    def in_campaign(self) -> bool:
        """Whether it is a campaign's grant: those have roles of their own."""
        return self.role not in UNIT_ROLES | HOUSE_ROLES


def grant(
    person_id: int,
    role: Role,
    *,
    unit_id: int | None,
    actor: Actor,
    since: datetime | None = None,
    until: datetime | None = None,
) -> bool:
    """Grant a role; False when it is held already, for as long at least. In force from `since` or now.

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
    """End a person's grant at once; one that has not begun is taken back whole, one that is over stays.

    Raises NotFound("grant") for another's, and
    Refused("grant.last_administrator") when nobody would administer the product any more.
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
    """Who administers the product now and stays, employed, by grant; the grants are locked.

    Of two who end each other's grant at one instant the second waits here and then finds herself
    alone. Do not read this without the lock.
    """
    return list(db.session.scalars(_administrators(now).with_for_update(of=RoleGrant)))


def list_administrators(*, now: datetime) -> list[int]:
    """Who administers the product now and stays, employed, by grant; reads only."""
    return list(db.session.scalars(_administrators(now)))


def list_of(person_id: int) -> list[GrantFacts]:
    """Every grant a person has or had, the newest first."""
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
    """The roles a person holds now, wherever."""
    held = select(RoleGrant.role).where(RoleGrant.person_id == person_id, in_force(now)).distinct()
    return frozenset(Role(role) for role in db.session.scalars(held))


def units_of(person_id: int, role: Role, *, now: datetime) -> list[int]:
    """The units a person holds a role for, ordered."""
    mine = (RoleGrant.person_id == person_id, RoleGrant.role == role, in_force(now))
    held = select(RoleGrant.unit_id).where(*mine, RoleGrant.unit_id.is_not(None)).distinct()
    return [unit for unit in db.session.scalars(held.order_by(RoleGrant.unit_id)) if unit is not None]


def units_in_care(person_id: int, *, now: datetime) -> set[int]:
    """The units that somebody is contact of, with all below them."""
    mine = units_of(person_id, Role.UNIT_CONTACT, now=now)
    return set().union(*(people.units_under(unit) for unit in mine))


def holders_of(role: Role, unit_id: int, *, now: datetime) -> list[int]:
    """Who holds a role for exactly this unit now and is employed, by grant."""
    here = (RoleGrant.role == role, RoleGrant.unit_id == unit_id, in_force(now), Person.left_at.is_(None))
    held = select(RoleGrant.person_id).join(Person, Person.id == RoleGrant.person_id).where(*here)
    return list(dict.fromkeys(db.session.scalars(held.order_by(RoleGrant.id))))


def in_force(
    now: datetime | BindParameter[datetime],
    since: InstrumentedAttribute[datetime] = RoleGrant.since,
    until: InstrumentedAttribute[datetime | None] = RoleGrant.until,
) -> ColumnElement[bool]:
    """The test of a grant's period, as SQL: `since` counts, `until` does not."""
    return (since <= now) & not_over(now, until)


def lasts(held: InstrumentedAttribute[datetime | None], until: datetime | None) -> ColumnElement[bool]:
    """Whether what is held up to `held` is held up to `until` too, None for good; as SQL."""
    return held.is_(None) if until is None else held.is_(None) | (held >= until)


def not_over(
    now: datetime | BindParameter[datetime],
    until: InstrumentedAttribute[datetime | None] = RoleGrant.until,
) -> ColumnElement[bool]:
    """In force or still to come, as SQL."""
    return until.is_(None) | (until > now)


def _administrators(now: datetime) -> Select[int]:
    held = (RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.since <= now, Person.left_at.is_(None))
    stays = RoleGrant.until.is_(None) | (RoleGrant.until > now + STAYS)
    people = select(RoleGrant.person_id).join(Person, Person.id == RoleGrant.person_id)
    return people.where(*held, stays).order_by(RoleGrant.id)
