"""Change a campaign's questions, depending on who has answered them; options with places have pools (`answers/option_places.py`)."""

from __future__ import annotations

from sqlalchemy import select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import QuestionFacts
from eventreg.campaigns.plan import questions
from eventreg.campaigns.plan.questions import QuestionInput, Rewording
from eventreg.campaigns.service import lock_window
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused

from .answers import option_places
from .answers.rules import codes_in
from .models import Answer, Registration
from .rules import LIVE


def add(campaign_id: int, asked: QuestionInput, *, seen: int, actor: Actor) -> int:
    """Add a question at the end of the form, with the places of its options; its id."""
    lock_window(campaign_id)
    question_id = questions.add(campaign_id, asked, seen=seen, actor=actor)
    _set_places(campaign_id, _question(campaign_id, question_id), asked, actor=actor)
    return question_id


def change(
    campaign_id: int,
    question_id: int,
    asked: QuestionInput,
    *,
    seen: int,
    actor: Actor,
    meant: Rewording | None = None,
) -> int:
    """Change a question and the places of its options; other words for one that was answered need `meant`.

    Additional places go to the people who wait for them. Raises Refused("plan.option_held") at an option that was taken
    away although people hold it, ("plan.changed_meanwhile"), or what `questions.change` does.
    """
    lock_window(campaign_id)  # so that nobody answers between the check and the change
    before = _question(campaign_id, question_id)
    live, held = _held(question_id)
    if meant is not Rewording.NEW_QUESTION:
        _check_kept(before, asked, live)
    now_asked = questions.change(
        campaign_id,
        question_id,
        asked,
        answered=is_answered(question_id),
        seen=seen,
        actor=actor,
        meant=meant,
        held=frozenset(held),
    )
    after = _question(campaign_id, now_asked)
    if after.key != before.key:
        option_places.change(campaign_id, before.key, {}, seen=None, actor=actor)
    changed = now_asked != question_id or after != before
    _set_places(campaign_id, after, asked, actor=actor, seen=None if changed else seen)
    return now_asked


def retire(campaign_id: int, question_id: int, *, seen: int, actor: Actor) -> None:
    """Stop asking a question; it is deleted only if nobody has answered it. The places of its options go with it."""
    lock_window(campaign_id)
    key = _question(campaign_id, question_id).key
    answered = is_answered(question_id)
    questions.retire(campaign_id, question_id, answered=answered, seen=seen, actor=actor)
    option_places.change(campaign_id, key, {}, seen=None, actor=actor)


def is_answered(question_id: int) -> bool:
    """Whether anybody has answered a question."""
    found = select(Answer.registration_id).where(Answer.question_id == question_id).limit(1)
    return db.session.scalar(found) is not None


def _question(campaign_id: int, question_id: int) -> QuestionFacts:
    found = next((q for q in campaigns.list_questions(campaign_id) if q.id == question_id), None)
    if found is None:
        raise NotFound("question")
    return found


def _set_places(
    campaign_id: int, question: QuestionFacts, asked: QuestionInput, *, actor: Actor, seen: int | None = None
) -> None:
    """Give the options the places that were typed beside them; options are stored in the order in which they were typed."""
    places = {
        option.code: typed.places
        for option, typed in zip(question.offered, asked.options, strict=True)
        if typed.places is not None
    }
    option_places.change(campaign_id, question.key, places, seen=seen, actor=actor)


def _held(question_id: int) -> tuple[dict[str, int], set[str]]:
    """How many live registrations hold each option of a question, and the options that any registration has named."""
    rows = select(Answer.value, Registration.state).join(
        Registration, Registration.id == Answer.registration_id
    )
    live: dict[str, int] = {}
    named: set[str] = set()
    for value, state in db.session.execute(rows.where(Answer.question_id == question_id)):
        for code in codes_in(value):
            named.add(code)
            live[code] = live.get(code, 0) + (state in LIVE)
    return live, named


def _check_kept(before: QuestionFacts, asked: QuestionInput, live: dict[str, int]) -> None:
    """Refuse to take an option away that people hold; each has its own field."""
    kept = {option.code for option in asked.options}
    for option in before.offered if asked.kind == before.kind else ():
        if option.code not in kept and live.get(option.code):
            raise Refused(
                "plan.option_held",
                field=f"option_{option.code}",
                label=option.label,
                count=live[option.code],
            )
