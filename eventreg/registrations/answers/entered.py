"""The list of a campaign's registrations for programs, with their answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from eventreg.campaigns.models import Question
from eventreg.core.db.session import db
from eventreg.people.models import Person
from eventreg.registrations.models import Answer, Registration
from eventreg.registrations.rules import RegistrationState

from .rules import JsonAnswer, json_answer


@dataclass(frozen=True, slots=True)
class ListedRegistration:
    """A line of the whole list for programs, by arrival number; it includes withdrawn registrations.

    `answers` go by question key; a choice holds the codes of its options.
    """

    id: int
    staff_no: str
    state: RegistrationState
    arrival: int
    position: int | None
    registered_at: datetime
    confirm_by: datetime | None
    confirmed_at: datetime | None
    answers: dict[str, JsonAnswer]


def list_entered(campaign_id: int, *, after: int, most: int) -> list[ListedRegistration]:
    """All registrations after an arrival number, by arrival number: later sign-ups do not change the order."""
    line = Registration
    rows = db.session.execute(
        select(
            line.id,
            Person.staff_no,
            line.state,
            line.arrival,
            line.registered_at,
            line.confirm_by,
            line.confirmed_at,
        )
        .join(Person, Person.id == line.person_id)
        .where(line.campaign_id == campaign_id, line.arrival > after)
        .order_by(line.arrival)
        .limit(most)
    ).all()
    waits = (line.campaign_id == campaign_id, line.state == RegistrationState.WAITING, line.arrival <= after)
    position = db.session.scalar(select(func.count()).select_from(line).where(*waits)) or 0
    answers = _json_answers([row.id for row in rows])
    found = []
    for id_, staff_no, state, arrival, registered_at, confirm_by, confirmed_at in rows:
        waiting = state == RegistrationState.WAITING
        position += waiting
        found.append(
            ListedRegistration(
                id_,
                staff_no,
                RegistrationState(state),
                arrival,
                position if waiting else None,
                registered_at,
                confirm_by,
                confirmed_at,
                answers.get(id_, {}),
            )
        )
    return found


def _json_answers(registration_ids: Collection[int]) -> dict[int, dict[str, JsonAnswer]]:
    """The answers of registrations, by registration and question key; one statement."""
    rows = select(Answer.registration_id, Question.key, Question.kind, Answer.value).join(Question)
    wanted = rows.where(Answer.registration_id.in_(registration_ids)).order_by(Question.position, Question.id)
    found: dict[int, dict[str, JsonAnswer]] = {}
    for id_, key, kind, value in db.session.execute(wanted):
        found.setdefault(id_, {})[key] = json_answer(kind, value)
    return found
