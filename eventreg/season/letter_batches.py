"""Letters grouped by the act that posted them: a message to two hundred people is one line of the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from eventreg.core.db.session import db
from eventreg.outbox.models import Letter
from eventreg.outbox.standing import STANDING

from .letters import PAGE, LetterFilter, LetterLine, joined, lines_of, where_of

ACT = (Letter.kind, Letter.posted_at, Letter.campaign_id)
Key = tuple[str, datetime, int | None]


@dataclass(frozen=True, slots=True)
class LetterBatch:
    """Letters that one act posted, by the state that they are in; `newest` is one of them."""

    newest: LetterLine
    states: dict[str, int]

    @property
    def count(self) -> int:
        """How many letters."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class BatchPage:
    """`found` acts on `pages` pages, of which this is `number`, from 1; `counts` of all letters by state."""

    batches: list[LetterBatch]
    found: int
    number: int
    pages: int
    counts: dict[str, int]


def page_of(wanted: LetterFilter, *, mine: Sequence[int] | None, number: int) -> BatchPage:
    """A page of 30 acts, the newest first, as `letters.page_of` gives letters; five statements, however many there are."""
    where = where_of(wanted, mine)
    counted = joined(STANDING, func.count(Letter.id)).where(*where).group_by(STANDING)
    counts = {state: count for state, count in db.session.execute(counted)}  # noqa: C416
    acts = joined(*ACT, func.max(Letter.id).label("newest")).where(*where).group_by(*ACT)
    found = db.session.scalar(select(func.count()).select_from(acts.subquery())) or 0
    pages = max(1, -(-found // PAGE))
    number = min(max(1, number), pages)
    shown = acts.order_by(func.max(Letter.id).desc()).limit(PAGE).offset((number - 1) * PAGE)
    newest = {(kind, at, campaign): id_ for kind, at, campaign, id_ in db.session.execute(shown)}
    states = _states(wanted, mine, newest)
    lines = {line.id: line for line in lines_of(list(newest.values()))}
    batches = [LetterBatch(lines[id_], states[key]) for key, id_ in newest.items()]
    return BatchPage(batches, found, number, pages, counts)


def _states(
    wanted: LetterFilter, mine: Sequence[int] | None, acts: dict[Key, int]
) -> dict[Key, dict[str, int]]:
    """The letters of these acts by state."""
    rows = joined(*ACT, STANDING, func.count(Letter.id)).where(*where_of(wanted, mine))
    instants = {at for _kind, at, _campaign in acts}
    found: dict[Key, dict[str, int]] = {key: {} for key in acts}
    grouped = rows.where(Letter.posted_at.in_(instants)).group_by(*ACT, STANDING)
    for kind, at, campaign, state, count in db.session.execute(grouped):
        if (kind, at, campaign) in found:
            found[kind, at, campaign][state] = count
    return found
