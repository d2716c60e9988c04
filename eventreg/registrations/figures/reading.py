"""Read the figures of a campaign: a fixed number of statements, whatever is there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from eventreg.campaigns.eligibility import restriction_of
from eventreg.campaigns.facts import CampaignFacts, QuestionFacts
from eventreg.campaigns.models import Question
from eventreg.campaigns.question_kinds import WITH_OPTIONS, QuestionKind
from eventreg.core.db.session import db
from eventreg.people.models import Person, Unit, UnitKind
from eventreg.people.names import reading_key
from eventreg.registrations.by_hand.rules import HandActKind
from eventreg.registrations.models import IS_LIVE, Answer, HandAct, Registration
from eventreg.registrations.rules import RegistrationState

from .rules import AnswerTotals, DayCount, DepartmentCount, UnitRow, days_of, totals_of, units_of

COUNTED = [str(kind) for kind in (*sorted(WITH_OPTIONS), QuestionKind.YES, QuestionKind.NUMBER)]
_ABOVE, _TOP, _ACT = aliased(Unit), aliased(Unit), aliased(HandAct)


def list_days(campaign: CampaignFacts) -> tuple[DayCount, ...]:
    """Sign-ups and withdrawals by day, in one statement."""
    rows = select(Registration.registered_at, Registration.withdrawn_at)
    found = db.session.execute(rows.where(Registration.campaign_id == campaign.id)).all()
    return days_of(
        (row.registered_at for row in found),
        (row.withdrawn_at for row in found if row.withdrawn_at is not None),
        zone=campaign.zone,
    )


def list_units(campaign: CampaignFacts) -> tuple[DepartmentCount, ...]:
    """The departments by pinyin, with the people whom the campaign is for and who signed up, by gender; two statements."""
    columns = (Unit.id, Unit.name, Unit.kind, _ABOVE.id, _ABOVE.name, Person.gender)
    people = (
        select(*columns, func.count(Person.id))
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(_ABOVE, _ABOVE.id == Unit.parent_id)
        .outerjoin(_TOP, _TOP.id == _ABOVE.parent_id)
        .group_by(*columns)
    )
    meant = [Person.left_at.is_(None)]
    if campaign.eligible.restricted:
        meant.append(restriction_of(campaign.id, units=[Unit.id, _ABOVE.id, _TOP.id]).is_(None))
    live = people.join(Registration, Registration.person_id == Person.id)
    everybody = db.session.execute(people.where(*meant))
    signed_up = db.session.execute(live.where(Registration.campaign_id == campaign.id, IS_LIVE))
    found = units_of([_in_department(*row) for row in everybody], [_in_department(*row) for row in signed_up])
    return tuple(sorted(found, key=lambda unit: (reading_key(unit.name), unit.id)))


def _in_department(
    id_: int, name: str, kind: str, above_id: int | None, above: str | None, gender: str, count: int
) -> UnitRow:
    """A row of a unit as one of its department: a team counts in the unit above it."""
    if kind == UnitKind.TEAM and above_id is not None and above is not None:
        return above_id, above, gender, count
    return id_, name, gender, count


def count_seated(campaign_id: int) -> dict[str, int]:
    """How many people have a place, by gender; one statement."""
    rows = (
        select(Person.gender, func.count())
        .join(Registration, Registration.person_id == Person.id)
        .where(Registration.campaign_id == campaign_id, Registration.state == RegistrationState.SEATED)
        .group_by(Person.gender)
    )
    return {gender: count for gender, count in db.session.execute(rows)}  # noqa: C416  (rows, typed)


def count_endings(campaign_id: int) -> dict[tuple[str, str], int]:
    """How many registrations ended, by why (`EndedWhy`) and an organiser's reason ("" for none); one statement."""
    taken_out = (_ACT.registration_id == Registration.id, _ACT.act == str(HandActKind.TAKE_OUT))
    last = select(func.max(_ACT.id)).where(*taken_out).correlate(Registration)
    rows = (
        select(Registration.ended_why, HandAct.reason, func.count())
        .outerjoin(HandAct, HandAct.id == last.scalar_subquery())
        .where(Registration.campaign_id == campaign_id, Registration.ended_why.is_not(None))
        .group_by(Registration.ended_why, HandAct.reason)
    )
    found = db.session.execute(rows)
    return {(str(why), str(reason or "")): count for why, reason, count in found}


def answer_totals(campaign_id: int, questions: Sequence[QuestionFacts]) -> dict[str, AnswerTotals]:
    """The totals of these questions by key, of everybody who has a place or waits; two statements, which read no text."""
    counted = Question.kind.in_(COUNTED)
    own = (Registration.campaign_id == campaign_id, IS_LIVE)
    found: dict[str, list[tuple[str, str, int]]] = {}
    for columns, which in (
        ((Question.key, Answer.value, Registration.state), counted),
        ((Question.key, Registration.state), ~counted),
    ):
        rows = (
            select(*columns, func.count())
            .select_from(Answer)
            .join(Question, Question.id == Answer.question_id)
            .join(Registration, Registration.id == Answer.registration_id)
            .where(*own, which)
            .group_by(*columns)
        )
        for key, *said, state, count in db.session.execute(rows):
            found.setdefault(key, []).append((said[0] if said else "", state, count))
    return {question.key: totals_of(question, found.get(question.key, [])) for question in questions}
