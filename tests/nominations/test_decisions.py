"""What is decided about a nomination that was submitted, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from eventreg.campaigns.service import get_campaign
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.nominations import decisions, drafts, materials, reading, service
from eventreg.nominations.models import Nomination
from eventreg.nominations.rules import DecisionKind, NominationState
from tests.rig import awards, sight
from tests.rig.actors import acting
from tests.rig.awards import MARKETING, Contest, ready, save, states, submit, written
from tests.rig.cast import NOW, Stage

SECOND = timedelta(seconds=1)


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    """The award with one place for each of two departments."""
    return awards.set_award(app, stage)


def decide(
    app: Flask, contest: Contest, id_: int, verdict: DecisionKind, *, seen: int = 2, **how: Any
) -> bool:
    """A decision by whoever has looked at version `seen`."""
    now = how.pop("now", NOW)
    with app.app_context(), unit_of_work():
        row = drafts.lock_one(id_)
        return decisions.decide(row, verdict, seen=seen, actor=acting(contest.person("F6"), now), **how)


def handed_in(app: Flask, contest: Contest) -> int:
    """A nomination that was submitted."""
    made = ready(app, contest, "B2", "A1")
    submit(app, contest, "B2", made)
    return made


def test_a_submitted_one_can_be_written_on_and_stands_until_it_is_submitted_again(
    app: Flask, contest: Contest
) -> None:
    made = handed_in(app, contest)
    save(app, contest, "B2", made, written(1001))
    before = standing(app, made)
    submit(app, contest, "B2", made)

    assert (before, standing(app, made)) == (("submitted", 3, 2, 1000), ("submitted", 3, 3, 1001))
    assert awards.standing(app)[MARKETING] == (1, 1)


def test_one_that_was_returned_keeps_its_place_and_can_come_again_until_its_own_day(
    app: Flask, contest: Contest
) -> None:
    made, due = handed_in(app, contest), contest.closes_at + timedelta(days=2)
    decide(app, contest, made, DecisionKind.RETURNED, reason="缺签字页", due_at=due)
    save(app, contest, "B2", made, written(1001))

    with pytest.raises(Refused, match="nomination.closed"):
        submit(app, contest, "B2", made, now=due)
    assert (states(app), awards.standing(app)[MARKETING]) == (["returned"], (1, 1))
    submit(app, contest, "B2", made, now=due - SECOND)
    assert standing(app, made) == ("submitted", 3, 3, 1001)
    with app.app_context():
        told = [(d.verdict, d.reason, d.version, d.due_at) for d in decisions.list_of([made])[made]]
    assert told == [(DecisionKind.RETURNED, "缺签字页", 2, due)]


def test_a_file_of_one_that_was_returned_is_in_time_until_its_own_day_also_once_it_came_again(
    app: Flask, contest: Contest
) -> None:
    made, due, until = handed_in(app, contest), contest.closes_at + timedelta(days=2), []
    for step in (None, DecisionKind.RETURNED, NominationState.SUBMITTED):
        if step is DecisionKind.RETURNED:
            decide(app, contest, made, step, reason="缺签字页", due_at=due)
        if step is NominationState.SUBMITTED:
            submit(app, contest, "B2", made, now=due - SECOND)
        with app.app_context():
            found, window = reading.submitted([made])[0], get_campaign("award").window
            until.append(materials.counts_until(found, window, None))

    assert until == [contest.closes_at, due, due]


def test_who_is_ruled_out_frees_her_place_and_who_is_reopened_takes_one_or_is_refused(
    app: Flask, contest: Contest
) -> None:
    made = handed_in(app, contest)
    decide(app, contest, made, DecisionKind.INELIGIBLE, reason="不在职")
    freed = awards.standing(app)[MARKETING]
    other = ready(app, contest, "C3", "C3")
    submit(app, contest, "C3", other)

    with pytest.raises(Refused, match="nomination.over_quota"):
        decide(app, contest, made, DecisionKind.REOPENED)
    with app.app_context(), unit_of_work():
        service.withdraw(other, actor=acting(contest.person("C3"), NOW))
    decide(app, contest, made, DecisionKind.REOPENED)

    assert freed == (1, 0)
    assert (states(app), awards.standing(app)[MARKETING]) == (["submitted", "withdrawn"], (1, 1))


def test_a_candidate_is_neither_changed_nor_withdrawn_nor_decided_again(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    first, again = (decide(app, contest, made, DecisionKind.CANDIDATE) for _ in range(2))

    works: list[tuple[str, Any]] = [
        ("nomination.not_draft", lambda: save(app, contest, "B2", made, written(1001))),
        ("nomination.decided", lambda: _withdraw(app, contest, made)),
        ("decision.state", lambda: decide(app, contest, made, DecisionKind.INELIGIBLE, reason="晚了")),
    ]
    for code, work in works:
        with pytest.raises(Refused, match=code):
            work()
    assert first is True
    assert again is False
    assert states(app) == ["candidate"]
    assert sight.audit_actions(app, "nomination.")[-1] == "nomination.candidate"


@pytest.mark.parametrize(
    ("verdict", "reason", "due", "code"),
    [
        (DecisionKind.RETURNED, "", None, "typed.missing"),
        (DecisionKind.INELIGIBLE, "", None, "typed.missing"),
        (DecisionKind.RETURNED, "字" * 501, None, "typed.too_long"),
        (DecisionKind.RETURNED, "补", NOW, "decision.due_past"),
    ],
)
def test_a_decision_needs_its_reason_and_a_day_that_lies_ahead(
    app: Flask, contest: Contest, verdict: DecisionKind, reason: str, due: datetime | None, code: str
) -> None:
    made = handed_in(app, contest)

    with pytest.raises(Refused, match=code):
        decide(app, contest, made, verdict, reason=reason, due_at=due)
    assert states(app) == ["submitted"]


def test_what_was_submitted_anew_meanwhile_is_not_decided_unseen(app: Flask, contest: Contest) -> None:
    made = handed_in(app, contest)
    save(app, contest, "B2", made, written(1001))
    submit(app, contest, "B2", made)

    with pytest.raises(Refused, match="decision.changed_meanwhile"):
        decide(app, contest, made, DecisionKind.CANDIDATE, seen=2)
    assert states(app) == ["submitted"]


def standing(app: Flask, nomination_id: int) -> tuple[str, int, int | None, int | None]:
    """Its state, the newest version, the one that was submitted, and its 字数."""
    with app.app_context():
        row = db.session.get_one(Nomination, nomination_id, populate_existing=True)
        return row.state, row.version, row.handed_in, row.zishu


def _withdraw(app: Flask, contest: Contest, nomination_id: int) -> None:
    with app.app_context(), unit_of_work():
        service.withdraw(nomination_id, actor=acting(contest.person("B2"), NOW))
