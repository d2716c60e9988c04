"""Entering by hand: at the end of the order like anybody, with a public reason, and a rule is overruled only by its reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from eventreg.campaigns.models import Question
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.registrations import reading
from eventreg.registrations.by_hand.placing import EntryResult
from eventreg.registrations.by_hand.rules import HandReason
from eventreg.registrations.models import Registration
from tests.rig import cast, sight
from tests.rig.cast import BEGUN, CLOSES, NOW, Stage
from tests.rig.mailbox import newest
from tests.rig.plans import draft

from .hands import acts, enter, line, pools, queue, take_out

LATE = CLOSES + timedelta(hours=1)


@pytest.fixture
def stage(app: Flask) -> Stage:
    return cast.set_stage(app)


def sources(app: Flask) -> list[tuple[str, bool]]:
    """(source, whether there is a consent) of each registration, by arrival."""
    with app.app_context():
        rows = select(Registration.source, Registration.consented_at).order_by(Registration.arrival)
        return [(source, at is not None) for source, at in db.session.execute(rows)]


def test_somebody_is_entered_at_the_end_like_anybody(app: Flask, stage: Stage) -> None:
    queue(app, stage, "A1")
    seated = enter(app, stage, "B2", HandReason.PAPER, note="纸质表在档案柜")
    waits = enter(app, stage, "C3")
    queue(app, stage, "D4")

    assert [(str(one.state), one.arrival, one.position) for one in (seated, waits)] == [
        ("seated", 2, None),
        ("waiting", 3, 1),
    ]
    assert line(app, stage) == ["C3", "D4"]
    assert sources(app) == [("web", True), ("organiser", False), ("organiser", False), ("web", True)]
    assert acts(app) == [("enter", "paper", "纸质表在档案柜"), ("enter", "asked", None)]
    assert [kind for kind, _ in sight.letters(app)][1:3] == ["entered_seated", "entered_waiting"]
    assert sight.drift(app) == []


def test_the_letter_says_who_entered_and_how_to_step_back(app: Flask, stage: Stage) -> None:
    enter(app, stage, "A1", HandReason.DUTY)
    told = [newest(app, "entered_seated", now=NOW, lang=lang) for lang in ("zh-CN", "en")]
    assert told[0] is not None
    assert told[1] is not None
    facts = dict(told[0].facts)

    assert (told[0].heading, facts["经办"], facts["原因"]) == (
        "已为你报上，编号 1",
        "组织者 傅真",
        "工作需要",
    )
    assert (told[0].leaving or ("", ""))[1].endswith("/withdrawal")
    assert "组织者为你报了名" in told[0].why
    assert "第" not in told[1].heading


def test_the_letter_asks_for_answers_that_are_missing(app: Flask, stage: Stage) -> None:
    with app.app_context(), unit_of_work():
        db.session.execute(update(Question).where(Question.key == "phone").values(required=True))

    enter(app, stage, "A1")

    told = newest(app, "entered_seated", now=NOW)
    assert told is not None
    assert dict(told.facts)["请补填"] == "手机号"


def test_the_order_names_the_reason_and_never_the_note(app: Flask, stage: Stage) -> None:
    queue(app, stage, "A1")
    enter(app, stage, "B2", HandReason.EXCEPTION, note="秘密")

    page = app.test_client().get("/campaigns/outing/order")
    with app.app_context():
        reasons = [one.reason for one in reading.order_of(stage.campaign_id, viewer=None)]

    assert reasons == ["", "exception"]
    assert "秘密" not in page.text


def test_a_deadline_is_overruled_only_by_the_reason_that_says_so(app: Flask, stage: Stage) -> None:
    with pytest.raises(Refused, match="acts.needs_exception") as refused:
        enter(app, stage, "A1", HandReason.ASKED, now=LATE)
    assert (refused.value.facts["field"], refused.value.facts["why"]) == ("reason", "registration.closed")

    assert str(enter(app, stage, "A1", HandReason.EXCEPTION, now=LATE).state) == "seated"
    assert acts(app) == [("enter", "exception", None)]


def test_before_the_opening_it_needs_the_same_reason(app: Flask, stage: Stage) -> None:
    early = NOW - timedelta(days=1)

    with pytest.raises(Refused, match="acts.needs_exception"):
        enter(app, stage, "A1", now=early)
    assert enter(app, stage, "A1", HandReason.EXCEPTION, now=early).arrival == 1


@pytest.mark.parametrize("reason", list(HandReason))
def test_no_reason_enters_anybody_once_it_has_begun(app: Flask, stage: Stage, reason: HandReason) -> None:
    with pytest.raises(Refused, match="registration.started"):
        enter(app, stage, "A1", reason, now=BEGUN)

    assert sight.places(app) == {}


def test_no_reason_enters_somebody_who_has_left(app: Flask, stage: Stage) -> None:
    sight.leave(app, stage.people["A1"])

    with pytest.raises(Refused, match="registration.left"):
        enter(app, stage, "A1", HandReason.EXCEPTION)


def test_whoever_is_there_already_is_entered_no_second_time(app: Flask, stage: Stage) -> None:
    queue(app, stage, "A1", "B2", "C3")

    assert [enter(app, stage, who).created for who in ("A1", "C3")] == [False, False]
    assert (acts(app), pools(app, stage)) == ([], [("total", 2, 0, 2)])


def test_the_same_key_enters_once_even_after_a_withdrawal(app: Flask, stage: Stage) -> None:
    first = enter(app, stage, "A1", key="k")
    cast.withdraw(app, stage, "A1")

    again = enter(app, stage, "A1", key="k")

    assert [again.id, again.created, sight.places(app)] == [first.id, False, {"A1": "withdrawn"}]


@pytest.mark.parametrize("foreseen", [EntryResult.PLACE, EntryResult.ADDED])
def test_another_result_than_the_page_showed_is_not_done(
    app: Flask, stage: Stage, foreseen: EntryResult
) -> None:
    if foreseen is EntryResult.PLACE:
        queue(app, stage, "A1", "B2")

    adding = foreseen is EntryResult.ADDED
    reason = HandReason.PLACE_ADDED if adding else HandReason.ASKED

    with pytest.raises(Refused, match="acts.changed_meanwhile"):
        enter(app, stage, "C3", reason, adding=adding, foreseen=foreseen)

    assert "C3" not in sight.places(app)


def test_taking_out_is_recorded_as_an_act_with_its_reason(app: Flask, stage: Stage) -> None:
    queue(app, stage, "A1", "B2", "C3")

    take_out(app, stage, "A1")

    assert acts(app) == [("take_out", "other", None)]
    assert sight.places(app)["C3"] == "seated"


def test_a_draft_takes_nobody(app: Flask, stage: Stage) -> None:
    copy = draft(app, stage)

    with pytest.raises(NotFound):
        enter(app, cast.Stage(copy.id, copy.notice_id, stage.people, stage.keys), "A1", HandReason.EXCEPTION)
