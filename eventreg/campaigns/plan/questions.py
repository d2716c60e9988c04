"""Add, change, order and retire the questions of a campaign's form.

Whether a question was answered is known in `registrations`, which passes it as `answered`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from eventreg.campaigns import wording
from eventreg.campaigns.models import Question
from eventreg.campaigns.service import lock_window
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import Refused

from . import parts
from .planning import check_planned, lock, note


class Rewording(StrEnum):
    """What new words of an answered question mean: the same question corrected, or another question."""

    CORRECTION = "correction"
    NEW_QUESTION = "new_question"


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
    campaign_id: int,
    question_id: int,
    asked: QuestionInput,
    *,
    answered: bool,
    seen: int,
    actor: Actor,
    meant: Rewording | None = None,
) -> int:
    """Change a question; the id of the question that the form asks from now on.

    Other words for a question that was answered need `meant`. After a correction the answers count as answers to the new
    words. A new question has its own key; the answers stay with the old one, which is retired.
    Raises Refused("plan.correction_or_new") or ("plan.kind_is_new").
    """
    campaign, window = lock_window(campaign_id)
    row = parts.get_part(Question, campaign_id, question_id, ASKED_NOW)
    if (row.kind, row.label, row.hint, row.required) == (asked.kind, asked.label, asked.hint, asked.required):
        return question_id
    check_planned(campaign, window, seen=seen, now=actor.now)
    was = row.label
    reworded = (row.kind, row.label, row.hint) != (asked.kind, asked.label, asked.hint)
    if answered and reworded and _means_another(row, asked, meant):
        row = _successor(row, asked.kind, actor=actor)
    else:
        row.version += 1
        wording.rename_answer(campaign_id, row.key, was, asked.label)
    row.kind, row.label, row.hint, row.required = asked.kind, asked.label, asked.hint, asked.required
    db.session.add(row)
    db.session.flush()
    note(campaign, "question_changed", actor=actor, question=question_id, now_asked=row.id, was=was)
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


def _means_another(row: Question, asked: QuestionInput, meant: Rewording | None) -> bool:
    """Whether the new words are another question. Raises Refused if the organiser has not said so."""
    if meant is None:
        raise Refused("plan.correction_or_new", field="meant")
    if meant is Rewording.CORRECTION and row.kind != asked.kind:
        raise Refused("plan.kind_is_new", field="meant")
    return meant is Rewording.NEW_QUESTION


def _successor(row: Question, kind: str, *, actor: Actor) -> Question:
    """Retire a question; the blank question that takes its place in the form, with a key of its own."""
    row.retired_at = actor.now
    keys = set(db.session.scalars(select(Question.key).where(Question.campaign_id == row.campaign_id)))
    return Question(campaign_id=row.campaign_id, key=_free_key(kind, keys), version=1, position=row.position)


def _free_key(kind: str, taken: set[str]) -> str:
    """A key that no question of the campaign has, retired ones included."""
    names = ["phone"] if kind == "phone" else []
    return next(key for key in [*names, *(f"q{n}" for n in range(1, len(taken) + 2))] if key not in taken)
