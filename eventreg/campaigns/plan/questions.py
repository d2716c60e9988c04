"""Add, change, order and retire the questions of a campaign's form.

Whether a question was answered is known in `registrations`, which passes it as `answered`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventreg.campaigns.models import Question
from eventreg.campaigns.service import lock_window
from eventreg.core.actor import Actor
from eventreg.core.db.session import db

from . import parts
from .planning import check_planned, lock, note

ASKED_NOW = Question.retired_at.is_(None)


@dataclass(frozen=True, slots=True)
class QuestionInput:
    """A question as an organiser typed it; kinds are "phone" and "text"."""

    kind: str
    label: str
    hint: str
    required: bool


def add(campaign_id: int, asked: QuestionInput, *, seen: int, actor: Actor) -> int:
    """Add a question at the end of the form; its id."""
    campaign, _window = lock(campaign_id, seen=seen, now=actor.now)
    keys = set(db.session.scalars(select(Question.key).where(Question.campaign_id == campaign_id)))
    row = Question(
        campaign_id=campaign_id,
        key=_free_key(asked.kind, keys),
        position=parts.next_position(Question, campaign_id),
        kind=asked.kind,
        label=asked.label,
        hint=asked.hint,
        required=asked.required,
    )
    db.session.add(row)
    db.session.flush()
    note(campaign, "question_added", actor=actor, question=row.id)
    return row.id


def change(
    campaign_id: int, question_id: int, asked: QuestionInput, *, answered: bool, seen: int, actor: Actor
) -> int:
    """Change a question. One that was answered stays as it is and is replaced by a new version.

    Returns the id of the question that the form asks from now on.
    """
    campaign, window = lock_window(campaign_id)
    row = parts.get_part(Question, campaign_id, question_id, ASKED_NOW)
    if (row.kind, row.label, row.hint, row.required) == (asked.kind, asked.label, asked.hint, asked.required):
        return question_id
    check_planned(campaign, window, seen=seen, now=actor.now)
    if answered:
        row = _next_version(row, now=actor.now)
    row.kind, row.label, row.hint, row.required = asked.kind, asked.label, asked.hint, asked.required
    db.session.add(row)
    db.session.flush()
    note(campaign, "question_changed", actor=actor, question=question_id, now_asked=row.id)
    return row.id


def retire(campaign_id: int, question_id: int, *, answered: bool, seen: int, actor: Actor) -> None:
    """Stop asking a question; its answers stay with their registrations."""
    campaign, _window = lock(campaign_id, seen=seen, now=actor.now)
    row = parts.get_part(Question, campaign_id, question_id, ASKED_NOW)
    if answered:
        row.retired_at = actor.now
    else:
        db.session.delete(row)
    note(campaign, "question_retired", actor=actor, question=question_id)


def move_up(campaign_id: int, question_id: int, *, seen: int, actor: Actor) -> bool:
    """Exchange a question with the one before it; False for the first."""
    campaign, _window = lock(campaign_id, seen=seen, now=actor.now)
    if not parts.move_up(Question, campaign_id, question_id, ASKED_NOW):
        return False
    note(campaign, "question_moved", actor=actor, question=question_id)
    return True


def _next_version(row: Question, *, now: datetime) -> Question:
    row.retired_at = now
    return Question(campaign_id=row.campaign_id, key=row.key, version=row.version + 1, position=row.position)


def _free_key(kind: str, taken: set[str]) -> str:
    """A key that no question of the campaign has, retired ones included."""
    names = ["phone"] if kind == "phone" else []
    return next(key for key in [*names, *(f"q{n}" for n in range(1, len(taken) + 2))] if key not in taken)
