"""Add, change, order and retire the questions of a campaign's form.

Whether a question was answered is known in `registrations`, which passes it as `answered`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from eventreg.campaigns import wording
from eventreg.campaigns.models import Question
from eventreg.campaigns.question_kinds import (
    WRITTEN,
    OptionInput,
    QuestionOption,
    check_bounds,
    check_options,
    coded,
    options_in,
    stored_options,
)
from eventreg.campaigns.service import lock_window
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.core.trail.old_and_new import difference

from . import parts
from .planning import check_planned, lock, note


class Rewording(StrEnum):
    """What new words of an answered question mean: the same question corrected, or another question."""

    CORRECTION = "correction"
    NEW_QUESTION = "new_question"


ASKED_NOW = Question.retired_at.is_(None)


@dataclass(frozen=True, slots=True)
class QuestionInput:
    """A question as an organiser typed it (see `NewQuestion`); options that were not typed any more are taken away."""

    kind: str
    label: str
    hint: str
    required: bool
    purpose: str = ""
    options: tuple[OptionInput, ...] = ()
    least: int | None = None
    most: int | None = None

    def check(self) -> None:
        """Raise Refused, at its field, for options or bounds that do not fit."""
        check_options(self.kind, self.options)
        check_bounds(self.kind, self.least, self.most, options=len(self.options))

    def values(self, known: Sequence[QuestionOption], *, held: frozenset[str]) -> dict[str, Any]:
        """The columns of the question; `held` are the codes of options that somebody has answered."""
        return {
            "kind": self.kind,
            "label": self.label,
            "hint": self.hint,
            "required": self.required,
            "purpose": self.purpose,
            "options": stored_options(coded(self.options, known, held=held)),
            "least": self.least,
            "most": self.most,
        }


def add(campaign_id: int, asked: QuestionInput, *, seen: int, actor: Actor) -> int:
    """Add a question at the end of the form; its id. Raises what `QuestionInput.check` does."""
    campaign, _window = lock(campaign_id, seen=seen, now=actor.now)
    asked.check()
    keys = set(db.session.scalars(select(Question.key).where(Question.campaign_id == campaign_id)))
    row = Question(
        campaign_id=campaign_id,
        key=_free_key(asked.kind, keys),
        position=parts.next_position(Question, campaign_id),
        **asked.values((), held=frozenset()),
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
    held: frozenset[str] = frozenset(),
) -> int:
    """Change a question; the id of the question that the form asks from now on.

    Other words for a question that was answered, or for one of its options, need `meant`. After a correction the answers
    count as answers to the new words. A new question has its own key; the answers stay with the old one, which is
    retired. `held` are the codes of options that somebody has answered: they keep their words when they are taken away.
    Raises Refused("plan.correction_or_new"), ("plan.kind_is_new"), or what `QuestionInput.check` does.
    """
    campaign, window = lock_window(campaign_id)
    row = parts.get_part(Question, campaign_id, question_id, ASKED_NOW)
    values = asked.values(options_in(row.options), held=held)
    if all(getattr(row, name) == value for name, value in values.items()):
        return question_id
    check_planned(campaign, window, seen=seen, now=actor.now)
    asked.check()
    before, was = row, row.label
    if answered and _is_reworded(row, asked) and _means_another(row, asked, meant):
        row = _successor(row, asked.kind, actor=actor)
        values = asked.values((), held=frozenset())
    else:
        row.version += 1
        wording.rename_answer(campaign_id, row.key, was, asked.label)
    told_values = difference(before, {n: v for n, v in values.items() if getattr(before, n) != v})
    for name, value in values.items():
        setattr(row, name, value)
    db.session.add(row)
    db.session.flush()
    facts = {"question": question_id, "now_asked": row.id, "label": was}
    note(campaign, "question_changed", actor=actor, **facts, **told_values)
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


def _is_reworded(row: Question, asked: QuestionInput) -> bool:
    """Whether the question, or an option that it keeps, has other words now."""
    if not _same_kind(row, asked) or (row.label, row.hint) != (asked.label, asked.hint):
        return True
    labels = {option.code: option.label for option in options_in(row.options)}
    return any(labels.get(option.code, option.label) != option.label for option in asked.options)


def _same_kind(row: Question, asked: QuestionInput) -> bool:
    """Whether answers to the old kind are answers to the new one; a line becomes a paragraph and back."""
    return row.kind == asked.kind or {row.kind, asked.kind} <= WRITTEN


def _means_another(row: Question, asked: QuestionInput, meant: Rewording | None) -> bool:
    """Whether the new words are another question. Raises Refused if the organiser has not said so."""
    if meant is None:
        raise Refused("plan.correction_or_new", field="meant")
    if meant is Rewording.CORRECTION and not _same_kind(row, asked):
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
