"""The organiser's list of everybody who signed up, with full names and answers. Reads only.

The caller has checked that the visitor may see this campaign.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import aliased

from eventreg.campaigns.models import Question
from eventreg.core.db.searching import name_contains
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound
from eventreg.people.models import Person, Unit
from eventreg.people.names import pinyin_key, reading_key
from eventreg.people.strokes import stroke_key

from .models import Answer, Registration
from .rules import RegistrationState

PAGE = 50
CHUNK = 1_000
ABOVE = aliased(Unit)


class RosterSort(StrEnum):
    """The columns that a list can be ordered by; the arrival number breaks every tie."""

    ARRIVAL = "arrival"
    NAME = "name"
    STROKES = "strokes"
    UNIT = "unit"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class RosterFilter:
    """Which lines to list: of a state, of a unit and all below it, with a text in name, unit or staff number.

    `condition` is one more condition on registrations, from a room that this one does not know (`venue/attendance.py`).
    """

    state: RegistrationState | None = None
    unit_id: int | None = None
    text: str = ""
    condition: ColumnElement[bool] | None = field(default=None, compare=False)


EVERYBODY = RosterFilter()


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One registration with its person; `answers` by question key."""

    id: int
    arrival: int
    name: str
    staff_no: str
    gender: str
    unit: str
    state: RegistrationState
    registered_at: datetime
    answers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RosterListing:
    """A page of the lines wanted: `found` lines on `pages` pages, of which this is `number`, from 1."""

    lines: list[RosterLine]
    found: int
    number: int
    pages: int


def counts_of(campaign_id: int) -> dict[RegistrationState, int]:
    """How many registrations a campaign has in each state."""
    rows = select(Registration.state, func.count()).where(Registration.campaign_id == campaign_id)
    found = {RegistrationState(s): n for s, n in db.session.execute(rows.group_by(Registration.state))}
    return {state: found.get(state, 0) for state in RegistrationState}


def units_of(campaign_id: int) -> list[tuple[int, str]]:
    """(id, path) of the units that somebody signed up from and of those above them, by pinyin."""
    columns = (Unit.id, Unit.name, ABOVE.id, ABOVE.name, ABOVE.kind)
    found: dict[int, str] = {}
    for unit_id, name, above_id, above, kind in db.session.execute(
        _joined(columns, Registration.campaign_id == campaign_id).distinct()
    ):
        found[unit_id] = _path(name, above, kind)
        if above_id is not None and kind != "company":
            found[above_id] = above
    return sorted(found.items(), key=lambda unit: reading_key(unit[1]))


def page_of(campaign_id: int, wanted: RosterFilter, *, sort: RosterSort, number: int) -> RosterListing:
    """The lines of one page, always in three statements; a number beyond the last page gives the last page."""
    ids = _ordered(campaign_id, wanted, sort)
    pages = max(1, -(-len(ids) // PAGE))
    number = min(max(1, number), pages)
    shown = ids[(number - 1) * PAGE : number * PAGE]
    return RosterListing(_lines(shown), len(ids), number, pages)


def get_line(registration_id: int, campaign_id: int) -> RosterLine:
    """One registration of this campaign. Raises NotFound."""
    found = _bare((Registration.id == registration_id, Registration.campaign_id == campaign_id))
    if not found:
        raise NotFound("registration")
    return next(_answered(found))


def list_seated(campaign_id: int, *, sort: RosterSort) -> list[RosterLine]:
    """Everybody who has a place, without answers."""
    ids = _ordered(campaign_id, RosterFilter(RegistrationState.SEATED), sort)
    found = {
        line.id: line for line in _bare(_of_campaign(campaign_id, RosterFilter(RegistrationState.SEATED)))
    }
    return [found[id_] for id_ in ids if id_ in found]


def stream(
    campaign_id: int, wanted: RosterFilter = EVERYBODY, *, sort: RosterSort = RosterSort.ARRIVAL
) -> Iterator[RosterLine]:
    """All lines in order, read in chunks, so that memory does not grow with their number.

    In any order but that of arrival, the ids of all lines are in memory, and nothing else of them.
    """
    if sort is not RosterSort.ARRIVAL:
        ids = _ordered(campaign_id, wanted, sort)
        for first in range(0, len(ids), CHUNK):
            yield from _lines(ids[first : first + CHUNK])
        return
    last = 0
    while True:
        after = (*_of_campaign(campaign_id, wanted), Registration.arrival > last)
        chunk = _bare(after, most=CHUNK)
        yield from _answered(chunk)
        if len(chunk) < CHUNK:
            return
        last = chunk[-1].arrival


def _ordered(campaign_id: int, wanted: RosterFilter, sort: RosterSort) -> list[int]:
    """The ids of the lines wanted, in order. Databases know neither pinyin nor strokes: names are sorted here."""
    where = _of_campaign(campaign_id, wanted)
    rank = case({str(state): n for n, state in enumerate(RegistrationState)}, value=Registration.state)
    if sort in {RosterSort.ARRIVAL, RosterSort.STATE}:
        order = (rank, Registration.arrival) if sort is RosterSort.STATE else (Registration.arrival,)
        return list(db.session.scalars(_joined((Registration.id,), *where).order_by(*order)))
    columns = (Registration.id, Registration.arrival, Person.name, Unit.name, ABOVE.name, ABOVE.kind)
    keyed = [
        (_key(sort, name, _path(*unit)), arrival, id_)
        for id_, arrival, name, *unit in db.session.execute(_joined(columns, *where))
    ]
    return [id_ for _, _, id_ in sorted(keyed)]


def _key(sort: RosterSort, name: str, unit: str) -> Any:
    """The sort key of a line."""
    if sort is RosterSort.STROKES:
        return stroke_key(name)
    return pinyin_key(name) if sort is RosterSort.NAME else reading_key(unit)


def _lines(ids: Sequence[int]) -> list[RosterLine]:
    found = {line.id: line for line in _answered(_bare((Registration.id.in_(ids),)))}
    return [found[id_] for id_ in ids if id_ in found]


def _bare(where: Sequence[ColumnElement[bool]], *, most: int | None = None) -> list[RosterLine]:
    columns = (
        Registration.id,
        Registration.arrival,
        Person.name,
        Person.staff_no,
        Person.gender,
        Registration.state,
        Registration.registered_at,
        Unit.name,
        ABOVE.name,
        ABOVE.kind,
    )
    rows = db.session.execute(_joined(columns, *where).order_by(Registration.arrival).limit(most))
    return [
        RosterLine(id_, arrival, name, staff_no, gender, _path(*unit), RegistrationState(state), at)
        for id_, arrival, name, staff_no, gender, state, at, *unit in rows
    ]


def _answered(lines: list[RosterLine]) -> Iterator[RosterLine]:
    """The lines with their answers, by one more statement."""
    rows = select(Answer.registration_id, Question.key, Answer.value).join(Question)
    mine = rows.where(Answer.registration_id.in_([line.id for line in lines]))
    answers: dict[int, dict[str, str]] = {line.id: line.answers for line in lines}
    for id_, key, value in db.session.execute(mine.order_by(Question.version, Question.id)):
        answers[id_][key] = value
    yield from lines


def _joined(columns: tuple[Any, ...], *where: ColumnElement[bool]) -> Select[Any]:
    rows = select(*columns).select_from(Registration).join(Person, Person.id == Registration.person_id)
    units = rows.join(Unit, Unit.id == Person.unit_id).outerjoin(ABOVE, ABOVE.id == Unit.parent_id)
    return units.where(*where)


def _of_campaign(campaign_id: int, wanted: RosterFilter) -> tuple[ColumnElement[bool], ...]:
    where: list[ColumnElement[bool]] = [Registration.campaign_id == campaign_id]
    if wanted.state is not None:
        where.append(Registration.state == wanted.state)
    if wanted.condition is not None:
        where.append(wanted.condition)
    if wanted.unit_id is not None:
        where.append(or_(Unit.id == wanted.unit_id, Unit.parent_id == wanted.unit_id))
    if wanted.text:
        texts = (Person.name, Person.staff_no, Unit.name, ABOVE.name)
        where.append(or_(*(name_contains(text, wanted.text) for text in texts)))
    return tuple(where)


def _path(name: str, above: str | None, kind: str | None) -> str:
    """A unit as pages show it, 营销部 客户服务班."""
    return f"{above} {name}" if above and kind != "company" else name
