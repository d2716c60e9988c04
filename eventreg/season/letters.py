"""Letters as organisers and administrators list them: kind, to whom, when, state and why.

Never what a letter says: of a sign-in code neither the code nor its facts leave the outbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from eventreg.campaigns.models import Campaign
from eventreg.core.db import db
from eventreg.outbox.models import Letter
from eventreg.outbox.rules import LetterState
from eventreg.people.models import Person

PAGE = 30


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which letters: in a state, of a kind, about a campaign, to a person."""

    state: LetterState | None = None
    kind: str = ""
    campaign_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter. `name` is empty for a sign-in code that somebody unknown asked for."""

    id: int
    kind: str
    person_id: int | None
    name: str
    address: str | None
    campaign: str
    state: LetterState
    posted_at: datetime
    due_at: datetime
    sent_at: datetime | None
    attempts: int
    trouble: str


@dataclass(frozen=True, slots=True)
class LetterPage:
    """`found` letters on `pages` pages, of which this is `number`, from 1."""

    letters: list[LetterLine]
    found: int
    number: int
    pages: int


def page_of(wanted: Wanted, *, mine: Sequence[int] | None, number: int) -> LetterPage:
    """The newest first, 30 a page; a number beyond the last is the last. Two statements.

    `mine` are the campaigns whose letters may be seen, None stands for every letter there is.
    """
    where = _where(wanted, mine)
    found = db.session.scalar(_joined(func.count(Letter.id)).where(*where)) or 0
    pages = max(1, -(-found // PAGE))
    number = min(max(1, number), pages)
    columns = (
        Letter.id,
        Letter.kind,
        Letter.person_id,
        func.coalesce(Person.name, ""),
        Letter.address,
        func.coalesce(Campaign.title, ""),
        Letter.state,
        Letter.posted_at,
        Letter.due_at,
        Letter.sent_at,
        Letter.attempts,
        func.coalesce(Letter.trouble, ""),
    )
    rows = _joined(*columns).where(*where).order_by(Letter.id.desc())
    shown = db.session.execute(rows.limit(PAGE).offset((number - 1) * PAGE))
    return LetterPage([_line(*row) for row in shown], found, number, pages)


def _joined(*columns: Any) -> Select[Any]:
    """With the person and the campaign a letter is about, if any."""
    rows = select(*columns).select_from(Letter).outerjoin(Person, Person.id == Letter.person_id)
    return rows.outerjoin(Campaign, Campaign.id == Letter.campaign_id)


def _where(wanted: Wanted, mine: Sequence[int] | None) -> tuple[ColumnElement[bool], ...]:
    where: list[ColumnElement[bool]] = []
    if mine is not None:
        where.append(Letter.campaign_id.in_(mine))
    if wanted.state is not None:
        where.append(Letter.state == wanted.state)
    if wanted.kind:
        where.append(Letter.kind == wanted.kind)
    if wanted.campaign_id is not None:
        where.append(Letter.campaign_id == wanted.campaign_id)
    if wanted.person_id is not None:
        where.append(Letter.person_id == wanted.person_id)
    return tuple(where)


def _line(id_: int, kind: str, person: int | None, name: str, address: str | None, *rest: Any) -> LetterLine:
    campaign, state, *when_and_why = rest
    return LetterLine(id_, kind, person, name, address, campaign, LetterState(state), *when_and_why)
