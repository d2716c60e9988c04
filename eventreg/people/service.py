"""Persons and units as facts for other rooms."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select, update
from sqlalchemy.orm import aliased

from eventreg.core.db.session import db, run
from eventreg.core.errors import NotFound, Refused
from eventreg.core.plain_text import address_text, compact, comparison_key, identifier, plain_name

from .models import Gender, Person, Unit, UnitKind
from .roster import ImportPlan as ImportPlan
from .roster import ImportReport as ImportReport
from .roster import import_roster as import_roster
from .roster import plan_import as plan_import


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person of the roster. `units` is the path of their unit below the company, ("营销部", "客户服务班")."""

    id: int
    staff_no: str
    name: str
    gender: Gender
    unit_id: int
    units: tuple[str, ...]
    email: str | None
    phone: str | None
    locale: str | None
    employed: bool

    @property
    def active(self) -> bool:
        """Whether the person is employed."""
        return self.employed

    @property
    def unit(self) -> str:
        """The unit as pages show it: 营销部 客户服务班."""
        return " ".join(self.units)

    @property
    def path(self) -> str:
        """The unit as roster files write it: 营销部/客户服务班."""
        return "/".join(self.units)


BY_STAFF_NO = select(Person.id).where(
    Person.staff_no == bindparam("staff_no")
)  # built once: requests of programs execute it


def person_facts(person_id: int) -> PersonFacts:
    """One person, in one statement; raises NotFound."""
    found = _one(Person.id == person_id)
    if found is None:
        raise NotFound("person")
    return found


def get_person(person_id: int) -> Person:
    """The database row, for code that changes it. Raises NotFound."""
    person = db.session.get(Person, person_id, populate_existing=True)
    if person is None:
        raise NotFound("person")
    return person


def find_person_by_staff_no(staff_no: str) -> PersonFacts | None:
    """The person with this staff number, employed or not; case does not matter."""
    return _one(func.lower(Person.staff_no) == compact(staff_no).lower())


def find_id_by_staff_no(staff_no: str) -> int | None:
    """The id of the person with this staff number, employed or not: first as written, by the index, then in any case."""
    number = compact(staff_no)
    exact: int | None = run(BY_STAFF_NO, {"staff_no": number}).scalar_one_or_none()
    if exact is not None:
        return exact
    return db.session.scalar(select(Person.id).where(func.lower(Person.staff_no) == number.lower()))


def get_person_by_staff_no(staff_no: str) -> PersonFacts:
    """The employed person with this staff number. Raises Refused("people.unknown_staff_no")."""
    person = find_person_by_staff_no(staff_no)
    if person is None or not person.employed:
        raise Refused("people.unknown_staff_no", staff_no=staff_no)
    return person


def count_people() -> int:
    """The number of persons in the roster, leavers too."""
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def find_person_by_identifier(typed: str) -> PersonFacts | None:
    """The employed person with this staff number or mail address; case does not matter."""
    number = (address_text(typed) if "@" in identifier(typed) else compact(typed)).lower()
    named = (func.lower(Person.staff_no) == number) | (Person.email == number)
    return _one(named & Person.left_at.is_(None))


def is_employed(person_id: int) -> bool:
    """Whether a person is in the roster and has not left."""
    still = (Person.id == person_id, Person.left_at.is_(None))
    return db.session.scalar(select(Person.id).where(*still)) is not None


def list_people() -> list[PersonFacts]:
    """Everybody of the roster, leavers included, by staff number."""
    return [_facts(row) for row in db.session.execute(_people().order_by(Person.staff_no))]


def list_employed() -> list[PersonFacts]:
    """Everybody who is employed, by staff number."""
    rows = db.session.execute(_people().where(Person.left_at.is_(None)).order_by(Person.staff_no))
    return [_facts(row) for row in rows]


def people_by_id(ids: Collection[int]) -> dict[int, PersonFacts]:
    """Several people at once, leavers too; in one statement."""
    rows = db.session.execute(_people().where(Person.id.in_(ids)))
    return {row[0].id: _facts(row) for row in rows}


def list_without_mailbox(unit_ids: Collection[int]) -> list[PersonFacts]:
    """Employed people in these units without a mail address, by staff number."""
    wanted = (Person.unit_id.in_(unit_ids), Person.left_at.is_(None), Person.email.is_(None))
    return [_facts(row) for row in db.session.execute(_people().where(*wanted).order_by(Person.staff_no))]


def units_under(unit_id: int) -> set[int]:
    """A unit and all below it; the tree is three levels deep."""
    child = aliased(Unit)
    below = (
        select(Unit.id, child.id)
        .outerjoin(child, child.parent_id == Unit.id)
        .where(Unit.parent_id == unit_id)
    )
    return {unit_id} | {unit for row in db.session.execute(below) for unit in row if unit is not None}


def units_above(unit_id: int) -> set[int]:
    """A unit and all units above it; the tree is three levels deep."""
    above = aliased(Unit)
    query = select(Unit.parent_id, above.parent_id).outerjoin(above, above.id == Unit.parent_id)
    rows = db.session.execute(query.where(Unit.id == unit_id))
    return {unit_id} | {unit for row in rows for unit in row if unit is not None}


def unit_path(unit_id: int) -> str:
    """A unit as pages show it, 营销部 客户服务班, in one statement; raises NotFound."""
    above = aliased(Unit)
    query = select(Unit.name, above.name, above.kind).outerjoin(above, above.id == Unit.parent_id)
    row = db.session.execute(query.where(Unit.id == unit_id)).first()
    if row is None:
        raise NotFound("unit")
    return " ".join(_names(*row))


def find_unit(path: str) -> int | None:
    """The unit of a path such as "营销部/客户服务班", without the company; spelled exactly, else the first that compares equal."""
    unit_id = db.session.scalar(select(Unit.id).where(Unit.kind == UnitKind.COMPANY))
    for name in path.split("/"):
        below = select(Unit.id, Unit.name).where(Unit.parent_id == unit_id).order_by(Unit.name)
        rows = db.session.execute(below).all()
        exact = [id_ for id_, stored in rows if stored == plain_name(name)]
        alike = [id_ for id_, stored in rows if comparison_key(stored) == comparison_key(name)]
        unit_id = next(iter(exact + alike), None)
        if unit_id is None:
            return None
    return unit_id


def choose_locale(person_id: int, locale: str) -> None:
    """Set the language of a person's pages and letters."""
    db.session.execute(update(Person).where(Person.id == person_id).values(locale=locale))


def make_company(name: str) -> int:
    """The company at the root of the tree; made with this name if there is none."""
    found = db.session.scalar(select(Unit.id).where(Unit.kind == UnitKind.COMPANY))
    if found is not None:
        return found
    company = Unit(kind=str(UnitKind.COMPANY), name=plain_name(name))
    db.session.add(company)
    db.session.flush()
    return company.id


def add_person(staff_no: str, name: str, *, unit_id: int, email: str) -> int:
    """Insert a person by hand (the first administrator); the roster import fills in the rest.

    The gender is not asked for here; until an import sets it, it is female, which gives no additional access.
    """
    person = Person(
        staff_no=compact(staff_no),
        name=plain_name(name),
        gender=str(Gender.FEMALE),
        unit_id=unit_id,
        email=address_text(email).lower(),
    )
    db.session.add(person)
    db.session.flush()
    return person.id


def _people() -> Select[Person, str, str, str]:
    above = aliased(Unit)
    query = select(Person, Unit.name, above.name, above.kind)
    return query.join(Unit, Unit.id == Person.unit_id).outerjoin(above, above.id == Unit.parent_id)


def _one(condition: ColumnElement[bool]) -> PersonFacts | None:
    row = db.session.execute(
        _people().where(condition).order_by(Person.id).limit(1).execution_options(populate_existing=True)
    ).first()
    return None if row is None else _facts(row)


def _facts(row: Row[Person, str, str, str]) -> PersonFacts:
    person, unit, above, kind = row
    return PersonFacts(
        id=person.id,
        staff_no=person.staff_no,
        name=person.name,
        gender=Gender(person.gender),
        unit_id=person.unit_id,
        units=_names(unit, above, kind),
        email=person.email,
        phone=person.phone,
        locale=person.locale,
        employed=person.left_at is None,
    )


def _names(unit: str, above: str | None, kind_above: str | None) -> tuple[str, ...]:
    """A unit's path below the company; the company itself has its own name."""
    return (unit,) if above is None or kind_above == UnitKind.COMPANY else (above, unit)
