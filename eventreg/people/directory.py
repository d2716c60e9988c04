"""Search the roster, and correct a person between two imports."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from eventreg.core.actor import Actor
from eventreg.core.db.searching import name_contains
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.core.plain_text import search_text
from eventreg.core.trail import audit

from .models import Gender, Person, Unit, UnitKind
from .names import reading_key
from .rules import mail_address, phone_number
from .service import PersonFacts, get_person, people_by_id, units_under

PAGE = 20
LEAST = 2  # characters, so that nobody can page through the whole roster by an empty search (T8)


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """A search: a text in name, staff number or mail address, a unit and all below it; `employed` excludes leavers, `gender`
    the other gender."""

    text: str = ""
    unit_id: int | None = None
    employed: bool = False
    gender: Gender | None = None

    @property
    def enough(self) -> bool:
        """Whether the search is specific enough."""
        return len(search_text(self.text)) >= LEAST or (not self.text and self.unit_id is not None)


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """`found` people on `pages` pages, of which this is `number`, from 1."""

    people: list[PersonFacts]
    found: int
    number: int
    pages: int


def search(sought: PeopleFilter, *, number: int) -> PeoplePage:
    """A page of 20 people who match, leavers too, by staff number; a number beyond the last page gives the last page.

    Raises Refused("people.search_short") for less than two letters and no unit.
    """
    if not sought.enough:
        raise Refused("people.search_short", least=LEAST)
    where = _where(sought)
    found = db.session.scalar(select(func.count()).select_from(Person).where(*where)) or 0
    pages = max(1, -(-found // PAGE))
    number = min(max(1, number), pages)
    ids = select(Person.id).where(*where).order_by(Person.staff_no, Person.id)
    shown = list(db.session.scalars(ids.limit(PAGE).offset((number - 1) * PAGE)))
    people = people_by_id(shown)
    return PeoplePage([people[id_] for id_ in shown if id_ in people], found, number, pages)


def list_units() -> list[tuple[int, str]]:
    """(id, path) of every unit below the company as pages show it, by pinyin."""
    above = aliased(Unit)
    rows = select(Unit.id, Unit.name, above.name, above.kind).join(above, above.id == Unit.parent_id)
    found = [
        (id_, name if kind == UnitKind.COMPANY else f"{upper} {name}")
        for id_, name, upper, kind in db.session.execute(rows)
    ]
    return sorted(found, key=lambda unit: (reading_key(unit[1]), unit[0]))


def correct_phone(person_id: int, typed: str, *, actor: Actor) -> None:
    """Set a person's telephone number, none for a blank; the next import with that column replaces it.

    Raises Refused("people.phone_form") or NotFound("person").
    """
    phone = phone_number(typed) if typed.strip() else None
    _correct(person_id, "phone", phone, actor=actor)


def set_email(person_id: int, typed: str, *, actor: Actor) -> None:
    """Set the address that sign-in codes are sent to, none for a blank.

    Raises Refused("people.email_form"), ("people.email_taken") or NotFound("person").
    """
    email = mail_address(typed) if typed.strip() else None
    taken = select(Person.id).where(Person.email == email, Person.id != person_id)
    if email is not None and db.session.scalar(taken) is not None:
        raise Refused("people.email_taken")
    _correct(person_id, "email", email, actor=actor)


def _correct(person_id: int, field: str, value: str | None, *, actor: Actor) -> None:
    person = get_person(person_id)
    if getattr(person, field) == value:
        return
    setattr(person, field, value)
    audit.record("people.corrected", f"person:{person_id}", actor=actor, fields=[field])


def _where(sought: PeopleFilter) -> tuple[ColumnElement[bool], ...]:
    where: list[ColumnElement[bool]] = []
    if sought.text:
        columns = (Person.name, Person.staff_no, Person.email)
        where.append(or_(*(name_contains(column, sought.text) for column in columns)))
    if sought.unit_id is not None:
        where.append(Person.unit_id.in_(units_under(sought.unit_id)))
    if sought.employed:
        where.append(Person.left_at.is_(None))
    if sought.gender is not None:
        where.append(Person.gender == str(sought.gender))
    return tuple(where)
