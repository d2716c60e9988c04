"""Read nominations as facts. The caller says who reads, by a condition of `access`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select, tuple_

from eventreg.core.db.session import db
from eventreg.core.errors import NotFound
from eventreg.people import service as people
from eventreg.people.service import PersonFacts

from . import access
from .models import PASSED_ON, Nomination, NominationVersion
from .rules import NominationContent, NominationState
from .wordcount import WordCount


@dataclass(frozen=True, slots=True)
class NominationFacts:
    """A nomination without its content. `handed_in` is the submitted version, `counted` are the counts of its text; `due_at`
    is until when a returned nomination can be submitted again; `passed_on_at` is when the proposer passed it on to the
    department."""

    id: int
    campaign_id: int
    unit_id: int
    nominee: PersonFacts
    state: NominationState
    preference: int
    version: int
    handed_in: int | None
    due_at: datetime | None
    made_at: datetime
    submitted_at: datetime | None
    counted: WordCount | None
    made_by: int
    passed_on_at: datetime | None


@dataclass(frozen=True, slots=True)
class SavedVersion:
    """A saved version: its content, who saved it, and when."""

    number: int
    content: NominationContent
    by: int
    at: datetime


def get(nomination_id: int, readable: ColumnElement[bool]) -> NominationFacts:
    """A nomination that the reader may open (a condition of `access`); raises NotFound for others and for none."""
    found = list_where(Nomination.id == nomination_id, readable)
    if not found:
        raise NotFound("nomination")
    return found[0]


def id_if(nomination_id: int, readable: ColumnElement[bool]) -> Select[int]:
    """A query for the nomination's id, empty if the reader may not open it: for `files.Within`."""
    return select(Nomination.id).where(Nomination.id == nomination_id, readable)


def list_of(campaign_id: int, unit_id: int) -> list[NominationFacts]:
    """A department's nominations in an award that are not withdrawn, in order of preference."""
    mine = (Nomination.campaign_id == campaign_id, Nomination.unit_id == unit_id, PASSED_ON)
    return list_where(*mine, Nomination.state != str(NominationState.WITHDRAWN))


def submitted(ids: Collection[int]) -> list[NominationFacts]:
    """Those of these that HR may open."""
    return list_where(Nomination.id.in_(ids), access.for_hr())


def saved_many(wanted: Collection[tuple[int, int]]) -> dict[int, SavedVersion]:
    """These versions (nomination, number), by nomination."""
    here = tuple_(NominationVersion.nomination_id, NominationVersion.number).in_(wanted)
    rows = db.session.scalars(select(NominationVersion).where(here))
    return {row.nomination_id: _saved(row) for row in rows}


def saved(nomination_id: int, number: int) -> SavedVersion:
    """One version of a nomination. Raises NotFound."""
    here = (NominationVersion.nomination_id == nomination_id, NominationVersion.number == number)
    row = db.session.scalar(select(NominationVersion).where(*here))
    if row is None:
        raise NotFound("version")
    return _saved(row)


def _saved(row: NominationVersion) -> SavedVersion:
    content = NominationContent(dict(row.answers), tuple(row.ticked), row.deeds)
    return SavedVersion(row.number, content, row.saved_by, row.saved_at)


def list_in(campaign_id: int) -> list[NominationFacts]:
    """The submitted nominations of an award, each department's in its order of preference."""
    return list_where(Nomination.campaign_id == campaign_id, access.SUBMITTED)


def list_nominated(campaign_id: int, person_ids: Collection[int]) -> set[int]:
    """Those of these people who are nominated in an award already, by any department."""
    here = (Nomination.campaign_id == campaign_id, Nomination.person_id.in_(person_ids))
    live = (Nomination.state != str(NominationState.WITHDRAWN), PASSED_ON)
    return set(db.session.scalars(select(Nomination.person_id).where(*here, *live)))


def list_where(*where: ColumnElement[bool]) -> list[NominationFacts]:
    """The nominations that fulfil all conditions, in order of preference."""
    query = select(Nomination).where(*where).order_by(Nomination.preference, Nomination.id)
    rows = db.session.scalars(query.execution_options(populate_existing=True)).all()
    nominees = people.people_by_id({row.person_id for row in rows})
    return [_facts(row, nominees[row.person_id]) for row in rows]


def _facts(row: Nomination, nominee: PersonFacts) -> NominationFacts:
    counted = None
    if row.zishu is not None and row.han is not None and row.characters is not None:
        counted = WordCount(row.zishu, row.han, row.characters)
    return NominationFacts(
        id=row.id,
        campaign_id=row.campaign_id,
        unit_id=row.unit_id,
        nominee=nominee,
        state=NominationState(row.state),
        preference=row.preference,
        version=row.version,
        handed_in=row.handed_in,
        due_at=row.due_at,
        made_at=row.made_at,
        submitted_at=row.submitted_at,
        counted=counted,
        made_by=row.made_by,
        passed_on_at=row.passed_on_at,
    )
