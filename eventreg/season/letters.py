"""Letters for the lists of organisers and administrators: kind, recipient, time, state and reason.

The content of a letter is never shown: the code and the facts of a sign-in code do not leave the outbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from eventreg.campaigns.models import Campaign
from eventreg.chat.models import Robot
from eventreg.core.db.searching import name_contains
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound
from eventreg.outbox.models import Letter
from eventreg.outbox.rules import Lane
from eventreg.outbox.standing import STANDING
from eventreg.people.models import Person

PAGE = 30


@dataclass(frozen=True, slots=True)
class LetterFilter:
    """Which letters: of a state, a kind, a campaign, a person; `text` is searched in the recipient's name and address.

    `batch` is the id of a letter: only those that the same act posted.
    """

    state: str = ""
    kind: str = ""
    campaign_id: int | None = None
    person_id: int | None = None
    text: str = ""
    batch: int | None = None

    @property
    def groups(self) -> bool:
        """Whether letters of one act stand together: nobody looks for one of them."""
        return not (self.state or self.person_id or self.text or self.batch)


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter. `name` is empty for a sign-in code that was requested for an unknown person.

    `state` is one of `standing.STANDINGS`; `private` marks a sign-in code, of which only its existence is shown.
    """

    id: int
    kind: str
    person_id: int | None
    name: str
    address: str | None
    campaign: str
    state: str
    posted_at: datetime
    due_at: datetime
    sent_at: datetime | None
    expires_at: datetime | None
    attempts: int
    trouble: str
    bounced_at: datetime | None
    bounced_by: str
    channel: str
    private: bool


@dataclass(frozen=True, slots=True)
class LetterPage:
    """`found` letters on `pages` pages, of which this is `number`, from 1; `counts` by state."""

    letters: list[LetterLine]
    found: int
    number: int
    pages: int
    counts: dict[str, int]


def page_of(wanted: LetterFilter, *, mine: Sequence[int] | None, number: int) -> LetterPage:
    """A page of 30 letters, the newest first; a number beyond the last page gives the last page. Two statements.

    `mine` are the campaigns whose letters may be seen, None for all letters. The counts include all states, whichever is
    filtered by.
    """
    around = joined(STANDING, func.count(Letter.id)).where(*where_of(replace(wanted, state=""), mine))
    counts = {state: count for state, count in db.session.execute(around.group_by(STANDING))}  # noqa: C416
    found = counts.get(wanted.state, 0) if wanted.state else sum(counts.values())
    pages = max(1, -(-found // PAGE))
    number = min(max(1, number), pages)
    rows = joined(*_columns()).where(*where_of(wanted, mine)).order_by(Letter.id.desc())
    shown = db.session.execute(rows.limit(PAGE).offset((number - 1) * PAGE))
    return LetterPage([LetterLine(*row) for row in shown], found, number, pages, counts)


def lines_of(letter_ids: Sequence[int]) -> list[LetterLine]:
    """These letters, in no order."""
    rows = db.session.execute(joined(*_columns()).where(Letter.id.in_(letter_ids)))
    return [LetterLine(*row) for row in rows]


def get_letter(letter_id: int, *, mine: Sequence[int] | None) -> LetterLine:
    """One letter. Raises NotFound for a letter of other campaigns, a sign-in code and an unknown id."""
    here = (Letter.id == letter_id, Letter.lane != int(Lane.CODES), *where_of(LetterFilter(), mine))
    row = db.session.execute(joined(*_columns()).where(*here)).one_or_none()
    if row is None:
        raise NotFound("letter")
    return LetterLine(*row)


def find_bounce(person_id: int) -> datetime | None:
    """When a letter to the person's current address bounced last; None if mail arrives."""
    bounced = (Letter.person_id == person_id, Letter.bounced_at.is_not(None), Letter.address == Person.email)
    return db.session.scalar(select(func.max(Letter.bounced_at)).join(Person).where(*bounced))


def _columns() -> tuple[Any, ...]:
    """The columns of a LetterLine, in its order."""
    return (
        Letter.id,
        Letter.kind,
        Letter.person_id,
        func.coalesce(Person.name, Robot.name, ""),
        Letter.address,
        func.coalesce(Campaign.title, ""),
        STANDING,
        Letter.posted_at,
        Letter.due_at,
        Letter.sent_at,
        Letter.expires_at,
        Letter.attempts,
        func.coalesce(Letter.trouble, ""),
        Letter.bounced_at,
        func.coalesce(Letter.bounced_by, ""),
        Letter.channel,
        Letter.lane == int(Lane.CODES),
    )


def joined(*columns: Any) -> Select[Any]:
    """Letters joined with the person or robot and the campaign, if any."""
    rows = select(*columns).select_from(Letter).outerjoin(Person, Person.id == Letter.person_id)
    rows = rows.outerjoin(Robot, Robot.id == Letter.robot_id)
    return rows.outerjoin(Campaign, Campaign.id == Letter.campaign_id)


def where_of(wanted: LetterFilter, mine: Sequence[int] | None) -> tuple[ColumnElement[bool], ...]:
    """The letters wanted, as conditions."""
    where: list[ColumnElement[bool]] = []
    if mine is not None:
        where.append(Letter.campaign_id.in_(mine))
    if wanted.state:
        where.append(literal(wanted.state) == STANDING)
    if wanted.kind:
        where.append(Letter.kind == wanted.kind)
    if wanted.batch is not None:
        one = aliased(Letter)
        where.append(exists().where(one.id == wanted.batch, *_same_act(one)))
    if wanted.campaign_id is not None:
        where.append(Letter.campaign_id == wanted.campaign_id)
    if wanted.person_id is not None:
        where.append(Letter.person_id == wanted.person_id)
    if wanted.text:
        columns = (Person.name, Person.staff_no, Letter.address, Robot.name)
        where.append(or_(*(name_contains(column, wanted.text) for column in columns)))
    return tuple(where)


def _same_act(one: type[Letter]) -> tuple[ColumnElement[bool], ...]:
    """Letters about the same fact: one act posts all of them at its instant."""
    return (
        Letter.kind == one.kind,
        Letter.posted_at == one.posted_at,
        Letter.campaign_id.is_not_distinct_from(one.campaign_id),
    )
