"""The parts of a plan: letters and SEQUENCE when a day moves, questions and their answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.kinds.hike import Hike
from eventreg.campaigns.models import Question
from eventreg.campaigns.plan import activities, questions
from eventreg.campaigns.plan.questions import QuestionInput, Rewording
from eventreg.campaigns.rules import ScheduleState
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.outbox.models import Letter
from eventreg.registrations import announcing, answered_questions, reading
from eventreg.registrations import service as registrations
from eventreg.registrations.models import Answer
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import BEGUN, CLOSES, DAY, NOW, Stage
from tests.rig.mailbox import newest
from tests.rig.plans import HOUR, as_new, do, draft, facts
from tests.rig.statements import statements


def test_a_moved_day_raises_the_sequence_and_tells_each_in_the_list_once(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3", "D4"):
        cast.sign_up(app, stage, who)
    cast.withdraw(app, stage, "A1")
    posted = len(sight.letters(app))
    hike = facts(app, "outing").activities[0]
    moved = as_new(hike, starts_at=DAY + 9 * HOUR, ends_at=DAY + 10 * HOUR, time_known=True, place="东门")

    told = do(app, "outing", announcing.change_activity, hike.id, moved)

    after = facts(app, "outing").activities
    assert (told, [(a.title, a.sequence) for a in after]) == (3, [("风筝赛", 0), ("徒步游", 1)])
    assert sight.letters(app)[posted:] == [("activity_changed", "queued")] * 2 + [
        ("activity_changed", "withheld")
    ]
    assert sight.audit_actions(app)[-1] == "campaign.activity_changed"


def test_who_left_the_company_is_not_told(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2"):
        cast.sign_up(app, stage, who)
    sight.leave(app, stage.people["A1"])
    hike = facts(app, "outing").activities[0]

    assert do(app, "outing", announcing.change_activity, hike.id, as_new(hike, place="东门")) == 1


def test_what_is_called_off_does_not_begin(app: Flask, stage: Stage) -> None:
    """The hike is called off: until the kites fly, places are given up and passed on, and kites can be moved."""
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    kites, hike = facts(app, "outing").activities
    later = {"starts_at": DAY + 48 * HOUR, "ends_at": DAY + 72 * HOUR}
    do(app, "outing", announcing.change_activity, kites.id, as_new(kites, **later))
    do(app, "outing", announcing.change_activity, hike.id, as_new(hike, schedule=ScheduleState.CANCELLED))

    cast.withdraw(app, stage, "A1", now=DAY + HOUR)
    there = as_new(kites, **later, place="东门")
    do(app, "outing", announcing.change_activity, kites.id, there, now=DAY + HOUR)
    with pytest.raises(Refused, match="plan.activity_started"):
        do(app, "outing", announcing.change_activity, hike.id, as_new(hike), now=BEGUN)
    with pytest.raises(Refused, match="registration.started"):
        cast.withdraw(app, stage, "B2", now=DAY + 72 * HOUR)

    assert sight.places(app) == {"A1": "withdrawn", "B2": "seated", "C3": "seated"}
    assert facts(app, "outing").window.begins_at == DAY + 72 * HOUR


def test_where_all_is_called_off_the_first_is_when_it_would_have_begun(app: Flask, stage: Stage) -> None:
    for activity in facts(app, "outing").activities:
        off = as_new(activity, schedule=ScheduleState.CANCELLED)
        do(app, "outing", announcing.change_activity, activity.id, off)

    assert facts(app, "outing").starts_at == DAY
    with app.app_context(), unit_of_work():
        assert campaigns.lock_for_sign_up(stage.campaign_id).window.begins_at == BEGUN


def test_answers_to_a_retired_question_stay_when_others_are_changed(app: Flask, stage: Stage) -> None:
    with app.app_context():
        phone, remark = campaigns.list_questions(stage.campaign_id)
        application = replace(
            cast.application(stage, "A1"), answers={phone.id: "13800138000", remark.id: "素食"}
        )
        with unit_of_work():
            made = registrations.register(
                stage.campaign_id, application, actor=acting(stage.people["A1"], NOW, stage.keys)
            )
    do(app, "outing", answered_questions.retire, remark.id)

    def change(number: str) -> bool:
        with app.app_context(), unit_of_work():
            who = stage.people["A1"]
            return registrations.change_answers(
                made.id, {phone.id: number}, person_id=who, actor=acting("test", NOW)
            )

    changed = [change(number) for number in ("13900139000", "13900139000")]

    with app.app_context():
        assert reading.answers_of(made.id) == {"phone": "13900139000", "remark": "素食"}
    assert changed == [True, False]


def test_another_title_is_told_because_letters_and_calendars_show_it(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    hike = facts(app, "outing").activities[0]

    assert do(app, "outing", announcing.change_activity, hike.id, as_new(hike, title="健步走")) == 1
    assert facts(app, "outing").activities[0].sequence == 1
    letter = newest(app, "activity_changed", now=NOW)
    assert letter is not None
    assert ("原来的名称", hike.title) in letter.facts


def test_another_parameter_is_nobody_s_mail(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    hike = next(a for a in facts(app, "outing").activities if a.kind == "hike")
    other = Hike(distance_m=2000)

    assert do(app, "outing", announcing.change_activity, hike.id, as_new(hike, parameters=other)) == 0
    assert next(a for a in facts(app, "outing").activities if a.id == hike.id).sequence == 0


def test_telling_takes_as_many_statements_for_forty_as_for_two(app: Flask) -> None:
    stage, counts = cast.set_stage(app, capacity=60, extra=40), list[int]()
    crowd = [no for no in stage.people if no.startswith("X")]
    for hour, people in ((8, crowd[:2]), (9, crowd[2:])):
        for who in people:
            cast.sign_up(app, stage, who)
        hike = next(a for a in facts(app, "outing").activities if a.kind == "hike")
        moved = as_new(hike, starts_at=DAY + hour * HOUR, ends_at=DAY + 12 * HOUR, time_known=True)
        with statements(app) as seen:
            do(app, "outing", announcing.change_activity, hike.id, moved)
        counts.append(len(seen))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("starts_at", "now", "code"),
    [
        (NOW + HOUR, NOW + 2 * HOUR, "plan.starts_in_past"),
        (CLOSES - HOUR, NOW, "plan.starts_before_deadline"),
        (DAY + 99 * HOUR, BEGUN, "plan.activity_started"),
    ],
)
def test_an_activity_is_not_moved_where_it_breaks_a_promise(
    app: Flask, stage: Stage, starts_at: datetime, now: datetime, code: str
) -> None:
    hike = facts(app, "outing").activities[0]
    moved = as_new(hike, starts_at=starts_at, ends_at=starts_at + HOUR)

    with pytest.raises(Refused, match=code):
        do(app, "outing", announcing.change_activity, hike.id, moved, now=now)
    assert facts(app, "outing").activities[0].sequence == 0


def test_activities_of_a_draft_are_added_ordered_and_removed(app: Flask, stage: Stage) -> None:
    copy = draft(app, stage)
    hike, contest = copy.activities
    added = do(app, "copy", activities.add, as_new(contest, title="拔河"))

    moves = [do(app, "copy", activities.move_up, id_) for id_ in (added, added, hike.id, hike.id)]
    do(app, "copy", activities.remove, contest.id)

    assert moves == [True, True, True, False]
    assert [a.title for a in facts(app, "copy").activities] == ["徒步游", "拔河"]


def test_after_publication_no_activity_comes_or_goes(app: Flask, stage: Stage) -> None:
    hike = facts(app, "outing").activities[0]

    for work in (partial(do, app, "outing", activities.add, as_new(hike)),
                 partial(do, app, "outing", activities.remove, hike.id),
                 partial(do, app, "outing", activities.move_up, hike.id)):  # fmt: skip
        with pytest.raises(Refused, match="plan.published"):
            work()


def test_another_campaign_s_activity_is_not_there(app: Flask, stage: Stage) -> None:
    draft(app, stage)
    foreign = facts(app, "outing").activities[0]

    with pytest.raises(NotFound):
        do(app, "copy", announcing.change_activity, foreign.id, as_new(foreign))


def test_an_answered_question_is_replaced_by_another_one(app: Flask, stage: Stage) -> None:
    with app.app_context():
        phone, remark = campaigns.list_questions(stage.campaign_id)
        application = replace(cast.application(stage, "A1"), answers={phone.id: "13800138000"})
        with unit_of_work():
            registrations.register(
                stage.campaign_id, application, actor=acting(stage.people["A1"], NOW, stage.keys)
            )

    asked = QuestionInput("phone", "联系电话", "", required=True)
    replaced = do(app, "outing", answered_questions.change, phone.id, asked, meant=Rewording.NEW_QUESTION)
    edited = do(
        app,
        "outing",
        answered_questions.change,
        remark.id,
        QuestionInput("text", "备注二", "", required=False),
    )

    with app.app_context():
        now = [(q.id, q.key, q.label, q.required) for q in campaigns.list_questions(stage.campaign_id)]
        kept = db.session.scalars(select(Question.label).where(Question.id == phone.id)).one()
        assert db.session.scalars(select(Answer.question_id)).all() == [phone.id]
    assert now == [(replaced, "q1", "联系电话", True), (edited, "remark", "备注二", False)]
    assert kept == "手机号"
    assert replaced != phone.id
    assert edited == remark.id


def test_questions_are_added_ordered_and_retired(app: Flask, stage: Stage) -> None:
    with app.app_context():
        phone, remark = campaigns.list_questions(stage.campaign_id)
    added = do(app, "outing", questions.add, QuestionInput("phone", "第二个电话", "", required=False))
    do(app, "outing", questions.move_up, added)
    do(app, "outing", answered_questions.retire, remark.id)
    last = do(app, "outing", questions.add, QuestionInput("text", "尺码", "", required=False))

    with app.app_context():
        current = [(q.id, q.key) for q in campaigns.list_questions(stage.campaign_id)]
    assert current == [(phone.id, "phone"), (added, "q1"), (last, "q2")]


def test_a_question_moves_past_one_that_is_asked_no_more(app: Flask, stage: Stage) -> None:
    with app.app_context():
        phone, remark = campaigns.list_questions(stage.campaign_id)
        application = replace(
            cast.application(stage, "A1"), answers={phone.id: "13800138000", remark.id: "素食"}
        )
        with unit_of_work():
            registrations.register(
                stage.campaign_id, application, actor=acting(stage.people["A1"], NOW, stage.keys)
            )
    size = do(app, "outing", questions.add, QuestionInput("text", "尺码", "", required=False))
    do(app, "outing", answered_questions.retire, remark.id)

    moved = [do(app, "outing", questions.move_up, id_) for id_ in (size, size)]

    with app.app_context():
        assert [q.id for q in campaigns.list_questions(stage.campaign_id)] == [size, phone.id]
    assert moved == [True, False]
    with pytest.raises(NotFound):
        do(app, "outing", questions.move_up, remark.id)


def test_a_letter_is_kept_with_what_it_was_before(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    hike = facts(app, "outing").activities[0]
    do(app, "outing", announcing.change_activity, hike.id, as_new(hike, schedule=ScheduleState.CONFIRMED))

    with app.app_context():
        letter = db.session.scalars(select(Letter).where(Letter.kind == "activity_changed")).one()
    [part] = letter.facts["parts"]
    assert part["was"] == {
        "title": "徒步游",
        "place": None,
        "starts_at": DAY.astimezone(UTC).isoformat(),
        "time_known": False,
        "schedule": "tentative",
    }
    assert letter.expires_at == hike.ends_at


def test_a_letter_about_a_day_brought_forward_is_wanted_until_the_day_that_was(
    app: Flask, stage: Stage
) -> None:
    cast.sign_up(app, stage, "A1")
    hike = facts(app, "outing").activities[0]
    sooner = as_new(hike, starts_at=hike.starts_at - HOUR, ends_at=hike.ends_at - HOUR)
    do(app, "outing", announcing.change_activity, hike.id, sooner)

    with app.app_context():
        letter = db.session.scalars(select(Letter).where(Letter.kind == "activity_changed")).one()
    assert letter.expires_at == hike.ends_at
