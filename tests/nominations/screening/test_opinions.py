"""HR enters what other offices answered, goes from one to the next, and filters by what is missing."""

from __future__ import annotations

import pytest
from flask import Flask

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.campaigns.service import get_campaign
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.nominations.screening import opinions, queue, report
from eventreg.nominations.screening.opinions import Office, OpinionAnswer
from eventreg.nominations.screening.queue import QueueFilter
from eventreg.nominations.screening.rules import GroupDimension
from tests.rig import awards, cast
from tests.rig.actors import acting
from tests.rig.awards import Contest, ready, submit
from tests.rig.cast import NOW, Stage
from tests.rig.clients import signed_in_client, token_in


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    return awards.set_award(app, stage)


@pytest.fixture
def two(app: Flask, contest: Contest) -> list[int]:
    """Two submitted nominations of one department."""
    awards.more_places(app)
    made = [ready(app, contest, "B2", nominee) for nominee in ("A1", "C3")]
    for id_ in made:
        submit(app, contest, "B2", id_)
    return made


def test_an_answer_is_entered_corrected_and_kept_once(app: Flask, two: list[int]) -> None:
    with app.app_context(), unit_of_work():
        how = {"actor": acting("test", NOW)}
        assert opinions.enter(two[0], Office.DISCIPLINE, OpinionAnswer.NONE, "", **how)
        assert not opinions.enter(two[0], Office.DISCIPLINE, OpinionAnswer.NONE, "", **how)
        assert opinions.enter(two[0], Office.DISCIPLINE, OpinionAnswer.OBJECTION, "正在核查", **how)
    with app.app_context():
        found = opinions.opinions_of(two)
        assert found[two[0]][Office.DISCIPLINE].note == "正在核查"
        assert found[two[1]] == {}


@pytest.mark.parametrize(("note", "code"), [("", "opinion.reason_missing"), ("字" * 501, "typed.too_long")])
def test_an_objection_says_what_it_is(app: Flask, two: list[int], note: str, code: str) -> None:
    with app.app_context(), pytest.raises(Refused, match=code), unit_of_work():
        opinions.enter(two[0], Office.SAFETY, OpinionAnswer.OBJECTION, note, actor=acting("test", NOW))


def test_before_and_after_follow_the_filtered_list(app: Flask, two: list[int]) -> None:
    with app.app_context():
        award = get_campaign("award")
        plain = [queue.neighbours(award, QueueFilter(), id_, now=NOW) for id_ in two]
        nobody = queue.neighbours(award, QueueFilter(state="candidate"), two[0], now=NOW)
        lacking = queue.neighbours(award, QueueFilter(missing="signature"), two[1], now=NOW)

    assert plain == [(None, two[1]), (two[0], None)]
    assert nobody == (None, None)
    assert lacking == (two[0], None)


def test_the_list_is_filtered_by_what_is_missing(app: Flask, two: list[int]) -> None:
    with app.app_context():
        award = get_campaign("award")
        unsigned = queue.page_of(award, QueueFilter(missing="signature"), number=1, now=NOW)
        unfilled = queue.page_of(award, QueueFilter(missing="holds"), number=9, now=NOW)

    assert [line.nomination.id for line in unsigned.lines] == two
    assert (unsigned.found, unsigned.counts) == (2, {"submitted": 2})
    assert (unfilled.found, unfilled.number, unfilled.lines) == (0, 1, [])


def test_a_department_that_nominated_nobody_stands_in_the_distribution(app: Flask, two: list[int]) -> None:
    with app.app_context():
        found = report.report(get_campaign("award")).groups[GroupDimension.UNIT]

    assert sorted(nominated for _code, nominated, _chosen in found) == [0, 2]


def test_the_page_saves_an_answer_and_says_what_is_missing(sqlite_app: Flask) -> None:
    since = cast.lately()
    stage = cast.set_stage(sqlite_app, now=since)
    contest = awards.set_award(sqlite_app, stage, now=since)
    made = awards.begin(sqlite_app, contest, "B2", "A1", now=since)
    awards.save(sqlite_app, contest, "B2", made, awards.written(chosen_on="2026-02-10"), now=since)
    submit(sqlite_app, contest, "B2", made, now=since)
    with sqlite_app.app_context(), unit_of_work():
        grants.grant(stage.people["F6"], Role.HR_REVIEWER, unit_id=None, actor=acting("test", since))
    hr, page = signed_in_client(sqlite_app, "F6"), f"/review/nominations/{made}"
    form = {"csrf_token": token_in(hr.get(page))}

    wrong = hr.post(f"{page}/opinion", data=form)
    right = hr.post(f"{page}/opinion", data=form | {"office": "safety", "answer": "none"})

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "无异议" in hr.get(page).text
    assert hr.get("/review/campaigns/award/report.xlsx", buffered=True).status_code == 200
