"""HR's queue: the submitted nominations of an award, filtered, counted, and each with its checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.models import Campaign
from eventreg.core.db.searching import name_contains
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound
from eventreg.core.plain_text import search_text
from eventreg.nominations import quotas, reading, terms
from eventreg.nominations.completeness import lacks
from eventreg.nominations.models import Nomination
from eventreg.nominations.papers import submitted_terms
from eventreg.nominations.quotas import QuotaLine
from eventreg.nominations.reading import NominationFacts, SavedVersion
from eventreg.nominations.rules import NominationState, Terms
from eventreg.nominations.wordcount import count
from eventreg.people import service as people
from eventreg.people.models import Person
from eventreg.people.rules import Gender

from . import index
from .models import NominationIndex
from .rules import CheckStatus, ScreeningCase, ScreeningCheck, SubmissionMarks, checks
from .screening_marks import marks_of

PAGE = 30
STATES = (
    NominationState.SUBMITTED,
    NominationState.RETURNED,
    NominationState.CANDIDATE,
    NominationState.INELIGIBLE,
)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which nominations to list: of a state, of a department, with these words in text or name, or lacking something (the
    code of a check that is not fine)."""

    state: str = ""
    unit_id: int | None = None
    words: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A nomination in the queue with its checks."""

    nomination: NominationFacts
    unit: str
    checks: tuple[ScreeningCheck, ...]


@dataclass(frozen=True, slots=True)
class QueuePage:
    """`found` nominations on `pages` pages, of which this is `number`, from 1; `counts` by state."""

    lines: list[QueueLine]
    found: int
    number: int
    pages: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class QueueContext:
    """What all nominations of an award are compared with; `within` are the units below each department."""

    terms: Terms
    table: Mapping[int, QuotaLine]
    within: Mapping[int, set[int]]
    today: date


def page_of(campaign: CampaignFacts, wanted: QueueFilter, *, number: int, now: datetime) -> QueuePage:
    """A page of 30 nominations in the order of their first submission; a number beyond the last page gives the last page."""
    if wanted.missing:
        return _page_of_missing(campaign, wanted, number=number, now=now)
    counts = counts_of(campaign.id, wanted)
    found = counts.get(wanted.state, 0) if wanted.state else sum(counts.values())
    pages = max(1, -(-found // PAGE))
    number = min(max(1, number), pages)
    ids = _ids(campaign.id, wanted, offset=(number - 1) * PAGE)
    return QueuePage(lines_of(campaign, ids, now=now), found, number, pages, counts)


def _page_of_missing(
    campaign: CampaignFacts, wanted: QueueFilter, *, number: int, now: datetime
) -> QueuePage:
    """The same for those that lack something, which only their checks tell: all of them are checked."""
    anything = _lacking(campaign, replace(wanted, state=""), now=now)
    counts = Counter(str(line.nomination.state) for line in anything)
    lines = [line for line in anything if wanted.state in ("", str(line.nomination.state))]
    pages = max(1, -(-len(lines) // PAGE))
    number = min(max(1, number), pages)
    return QueuePage(lines[(number - 1) * PAGE : number * PAGE], len(lines), number, pages, dict(counts))


def neighbours(
    campaign: CampaignFacts, wanted: QueueFilter, nomination_id: int, *, now: datetime
) -> tuple[int | None, int | None]:
    """The nominations before and after one, in the order of the filtered list; None at its ends and outside of it."""
    if wanted.missing:
        ids = [line.nomination.id for line in _lacking(campaign, wanted, now=now)]
    else:
        ids = _ids(campaign.id, wanted)
    if nomination_id not in ids:
        return None, None
    at = ids.index(nomination_id)
    return (ids[at - 1] if at else None), (ids[at + 1] if at + 1 < len(ids) else None)


def _lacking(campaign: CampaignFacts, wanted: QueueFilter, *, now: datetime) -> list[QueueLine]:
    lines = lines_of(campaign, _ids(campaign.id, wanted), now=now)
    return [
        line
        for line in lines
        if any(c.code == wanted.missing and c.standing is not CheckStatus.FINE for c in line.checks)
    ]


def counts_of(campaign_id: int, wanted: QueueFilter) -> dict[str, int]:
    """The number of matching nominations in each state, whichever state is filtered by."""
    around = (
        select(Nomination.state, func.count())
        .select_from(Nomination)
        .join(Person, Person.id == Nomination.person_id)
        .outerjoin(NominationIndex, NominationIndex.nomination_id == Nomination.id)
    )
    matching = _where(campaign_id, replace(wanted, state=""))
    grouped = db.session.execute(around.where(*matching).group_by(Nomination.state))
    return {state: many for state, many in grouped}  # noqa: C416  (rows, typed)


def lines_of(campaign: CampaignFacts, ids: Sequence[int], *, now: datetime) -> list[QueueLine]:
    """These nominations with their checks, in this order; the number of statements does not depend on how many they are."""
    by_id = {found.id: found for found in reading.submitted(ids)}
    saved = reading.saved_many([(one.id, one.handed_in or 0) for one in by_id.values()])
    around = _around(campaign, {one.unit_id for one in by_id.values()}, now=now)
    marks, twins = marks_of(ids), _twins(ids)
    held_to = submitted_terms.terms_for_all(
        campaign, [(id_, one.handed_in or 0) for id_, one in by_id.items()]
    )
    return [
        _line(by_id[id_], saved[id_], replace(around, terms=held_to[id_]), marks[id_], twins.get(id_, 0))
        for id_ in ids
        if id_ in by_id
    ]


def get(nomination_id: int) -> tuple[CampaignFacts, NominationFacts]:
    """A submitted nomination and its award. Raises NotFound for a draft, a withdrawn and an unknown one."""
    found = reading.submitted([nomination_id])
    if not found:
        raise NotFound("nomination")
    return campaigns.campaign_by_id(found[0].campaign_id), found[0]


def _around(campaign: CampaignFacts, unit_ids: Collection[int], *, now: datetime) -> QueueContext:
    table = {line.unit_id: line for line in quotas.table(campaign.id)}
    within = {unit_id: people.units_under(unit_id) for unit_id in unit_ids}
    return QueueContext(terms.terms_of(campaign), table, within, now.astimezone(campaign.zone).date())


def _line(
    found: NominationFacts, saved: SavedVersion, around: QueueContext, marks: SubmissionMarks, twins: int
) -> QueueLine:
    line, content = around.table.get(found.unit_id), saved.content
    missing = lacks(
        content,
        around.terms,
        deeds=count(content.deeds),
        short=count(content.says("short")),
        today=around.today,
    )
    case = ScreeningCase(
        handed_in=found.handed_in or 0,
        employed=found.nominee.employed,
        female=found.nominee.gender is Gender.FEMALE,
        women_only=around.terms.women_only,
        in_unit=found.nominee.unit_id in around.within[found.unit_id],
        lacks=len(missing),
        twins=twins,
        filled=line.filled if line else 0,
        places=line.places if line else 0,
        marks=marks,
    )
    return QueueLine(found, line.unit if line else found.nominee.unit, tuple(checks(case)))


def _ids(campaign_id: int, wanted: QueueFilter, *, offset: int | None = None) -> list[int]:
    """The ids of a page, or of all."""
    rows = select(Nomination.id).join(Person, Person.id == Nomination.person_id)
    rows = rows.outerjoin(NominationIndex, NominationIndex.nomination_id == Nomination.id)
    rows = rows.where(*_where(campaign_id, wanted)).order_by(Nomination.submitted_at, Nomination.id)
    return list(db.session.scalars(rows if offset is None else rows.limit(PAGE).offset(offset)))


def _where(campaign_id: int, wanted: QueueFilter) -> tuple[ColumnElement[bool], ...]:
    states = [wanted.state] if wanted.state else [str(state) for state in STATES]
    where: list[ColumnElement[bool]] = [Nomination.campaign_id == campaign_id, Nomination.state.in_(states)]
    if wanted.unit_id is not None:
        where.append(Nomination.unit_id == wanted.unit_id)
    if search_text(wanted.words):
        named = (Person.name, Person.staff_no)
        texts = [name_contains(column, wanted.words) for column in named]
        spoken = index.speaks_of(wanted.words)
        where.append(or_(*texts) if spoken is None else or_(*texts, spoken))
    return tuple(where)


def _twins(ids: Collection[int]) -> dict[int, int]:
    """By id, the number of other submitted nominations with the same deeds text (of any year), or of the same person in
    another award of the season. A nomination of an earlier year does not count."""
    other, mine = Nomination.__table__.alias("other"), Nomination.__table__
    here, there = Campaign.__table__.alias("here"), Campaign.__table__.alias("there")
    again = (other.c.person_id == mine.c.person_id) & (there.c.season_id == here.c.season_id)
    same = or_(other.c.digest == mine.c.digest, again)
    rows = (
        select(mine.c.id, func.count())
        .join(here, here.c.id == mine.c.campaign_id)
        .join(other, (other.c.id != mine.c.id) & other.c.handed_in.is_not(None))
        .join(there, (there.c.id == other.c.campaign_id) & same)
        .where(mine.c.id.in_(ids))
        .group_by(mine.c.id)
    )
    return {id_: many for id_, many in db.session.execute(rows)}  # noqa: C416  (rows, typed)
