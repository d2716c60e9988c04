"""The options that registrations have chosen, as pools bind by them. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, literal, select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import ShownForm
from eventreg.campaigns.models import Question
from eventreg.campaigns.question_kinds import WITH_OPTIONS
from eventreg.campaigns.rules import PoolFacts, PoolScope
from eventreg.core.db.session import db
from eventreg.registrations.models import Answer

from .rules import Chosen, chosen_options, codes_in

NOTHING: Chosen = frozenset()


def have_places(pools: Sequence[PoolFacts]) -> bool:
    """Whether an option of a campaign has places of its own, so that answers decide about places."""
    return any(pool.scope is PoolScope.OPTION for pool in pools)


def of_answers(campaign_id: int, answers: Mapping[int, str], shown: ShownForm | None) -> Chosen:
    """The options that answers by question id choose; no statement if the form that was `shown` is at hand."""
    questions = shown.form.questions if shown else campaigns.list_questions(campaign_id)
    return chosen_options(questions, answers)


def chose(code: str) -> ColumnElement[bool]:
    """That a stored answer chooses this option, as an SQL condition."""
    return literal(" ").concat(Answer.value).concat(" ").contains(f" {code} ", autoescape=True)


def of_registrations(registration_ids: Collection[int]) -> dict[int, Chosen]:
    """The options that registrations chose, by registration; one statement."""
    rows = (
        select(Answer.registration_id, Question.key, Answer.value)
        .join(Question, Question.id == Answer.question_id)
        .where(
            Answer.registration_id.in_(registration_ids),
            Question.kind.in_([str(kind) for kind in WITH_OPTIONS]),
        )
    )
    found: dict[int, set[tuple[str, str]]] = {}
    for id_, key, value in db.session.execute(rows):
        found.setdefault(id_, set()).update((key, code) for code in codes_in(value))
    return {id_: frozenset(chosen) for id_, chosen in found.items()}


def of_registration(registration_id: int) -> Chosen:
    """The options that one registration chose."""
    return of_registrations([registration_id]).get(registration_id, NOTHING)
