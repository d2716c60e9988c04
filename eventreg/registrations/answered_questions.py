"""Change a campaign's questions, depending on whether somebody has answered them."""

from __future__ import annotations

from sqlalchemy import select

from eventreg.campaigns.plan import questions
from eventreg.campaigns.plan.questions import QuestionInput, Rewording
from eventreg.campaigns.service import lock_window
from eventreg.core.actor import Actor
from eventreg.core.db.session import db

from .models import Answer


def change(
    campaign_id: int,
    question_id: int,
    asked: QuestionInput,
    *,
    seen: int,
    actor: Actor,
    meant: Rewording | None = None,
) -> int:
    """Change a question; other words for one that was answered need `meant` (see `questions.change`)."""
    lock_window(campaign_id)  # so that nobody answers between the check and the change
    answered = is_answered(question_id)
    return questions.change(
        campaign_id, question_id, asked, answered=answered, seen=seen, actor=actor, meant=meant
    )


def retire(campaign_id: int, question_id: int, *, seen: int, actor: Actor) -> None:
    """Stop asking a question; it is deleted only if nobody has answered it."""
    lock_window(campaign_id)
    answered = is_answered(question_id)
    questions.retire(campaign_id, question_id, answered=answered, seen=seen, actor=actor)


def is_answered(question_id: int) -> bool:
    """Whether anybody has answered a question."""
    found = select(Answer.registration_id).where(Answer.question_id == question_id).limit(1)
    return db.session.scalar(found) is not None
