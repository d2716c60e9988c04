"""Who may sign a department's nominations: its head, heads of units above, and their delegates."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, select

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.core.db.session import db
from eventreg.people import service as people
from eventreg.people import units

from .models import Delegation


def mandates_of(person_id: int, *, now: datetime) -> dict[int, int | None]:
    """The units whose nominations a person may sign, each with the head they sign for, None if they are a head."""
    mandates: dict[int, int | None] = {}
    for unit_id, head_id in _given_to(person_id, now=now):
        mandates |= dict.fromkeys(people.units_under(unit_id) - mandates.keys(), head_id)
    for unit_id in own_units(person_id, now=now):
        mandates |= dict.fromkeys(people.units_under(unit_id))
    return mandates


def own_units(person_id: int, *, now: datetime) -> list[int]:
    """The units that a person is head of, without delegations."""
    return grants.units_of(person_id, Role.DEPARTMENT_HEAD, now=now)


def is_signer(person_id: int, *, now: datetime) -> bool:
    """Whether a person may sign for any unit now, as head or as delegate."""
    return bool(own_units(person_id, now=now) or _given_to(person_id, now=now))


def signers_of(unit_id: int, *, but: int, now: datetime) -> list[int]:
    """The people to ask for a signature: the nearest heads up the tree and their delegates, never `but`.

    If `but` is the only head, their delegates; an empty list if there are none.
    """
    for above in units.chain_of(unit_id):
        heads = [head for head in grants.holders_of(Role.DEPARTMENT_HEAD, above, now=now) if head != but]
        if heads:
            named = (Delegation.unit_id == above, Delegation.head_id.in_(heads), _in_force(now))
            lent = db.session.scalars(select(Delegation.delegate_id).where(*named).order_by(Delegation.id))
            return [one for one in dict.fromkeys((*heads, *lent)) if one != but]
    return _lent_by(but, units.chain_of(unit_id), now=now)


def contacts_of(unit_id: int, *, now: datetime) -> list[int]:
    """The contacts of a department, who nominate for it."""
    return grants.holders_of(Role.UNIT_CONTACT, unit_id, now=now)


def _lent_by(head_id: int, unit_ids: Collection[int], *, now: datetime) -> list[int]:
    """The delegates of a head for those of these units that they are head of."""
    hers = [id_ for id_ in unit_ids if head_id in grants.holders_of(Role.DEPARTMENT_HEAD, id_, now=now)]
    lent = (Delegation.head_id == head_id, Delegation.unit_id.in_(hers), _in_force(now))
    rows = select(Delegation.delegate_id).where(*lent).order_by(Delegation.id)
    return list(dict.fromkeys(db.session.scalars(rows)))


def _given_to(person_id: int, *, now: datetime) -> list[tuple[int, int]]:
    """(unit, head) of the current delegations to a person whose head is in office, the oldest first."""
    mine = (Delegation.delegate_id == person_id, _in_force(now))
    rows = select(Delegation.unit_id, Delegation.head_id).where(*mine).order_by(Delegation.id)
    return [
        (unit_id, head_id)
        for unit_id, head_id in db.session.execute(rows).all()
        if head_id in grants.holders_of(Role.DEPARTMENT_HEAD, unit_id, now=now)
    ]


def _in_force(now: datetime) -> ColumnElement[bool]:
    return (Delegation.since <= now) & (Delegation.until > now)
