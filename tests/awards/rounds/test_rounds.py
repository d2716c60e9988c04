"""The rules of a round and its frozen list: until when they may change, who is on it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.awards.rounds import service
from eventreg.awards.rounds.rules import NamedCriterion, RoundRules
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.nominations.signing.rules import ConsentAnswer
from tests.rig import cast, judging, screening
from tests.rig.actors import acting
from tests.rig.cast import NOW
from tests.rig.clients import signed_in_client
from tests.rig.judging import RULES, Judging


def change(
    app: Flask, made: Judging, rules: RoundRules = RULES, *, reason: str = "", late: bool = True
) -> None:
    with app.app_context(), unit_of_work():
        seen = service.by_id(made.round_id).version
        actor = acting("test", made.late if late else NOW)
        service.set_rules(made.campaign_id, rules, reason=reason, seen=seen, actor=actor)


def test_before_nominations_close_they_change_freely_and_then_with_a_reason(app: Flask) -> None:
    made = judging.set_judging(app, opened=False)
    change(app, made, replace(RULES, drops=True), late=False)
    with pytest.raises(Refused, match="scoring.reason_missing"):
        change(app, made)
    change(app, made, reason="评委少了一位")

    with app.app_context():
        found = service.get(made.campaign_id)
    assert found.reason == "评委少了一位"
    assert not found.drops


def test_after_the_first_score_they_stand(app: Flask) -> None:
    made = judging.set_judging(app)
    change(app, made, reason="开评前更正")
    judging.give(app, made, "X0002", "A1", 9)

    with pytest.raises(Refused, match="scoring.scored"):
        change(app, made, reason="再改")


@pytest.mark.parametrize(
    ("criteria", "code"),
    [
        ((), "criteria.none"),
        ((NamedCriterion("业绩", 60, 10), NamedCriterion("品德", 30, 10)), "criteria.weights"),
        ((NamedCriterion("", 100, 10),), "criteria.title"),
        ((NamedCriterion("业绩", 100, 0),), "criteria.range"),
    ],
)
def test_rules_that_cannot_be_are_refused(
    sqlite_app: Flask, criteria: tuple[NamedCriterion, ...], code: str
) -> None:
    made = judging.set_judging(sqlite_app, opened=False)

    with pytest.raises(Refused, match=code):
        change(sqlite_app, made, RoundRules(criteria), reason="x")


def test_the_list_holds_candidates_who_agree_by_strokes_and_stays(app: Flask) -> None:
    made = judging.set_judging(app, opened=False)
    screening.agree(app, made.nominations["E5"], ConsentAnswer.WITHDRAWN)
    judging.open_round(app, made)

    with app.app_context():
        named = [one.nominee.name for one in service.candidates(made.campaign_id)]
        assert set(service.listed(made.round_id)) == {made.nominations["A1"], made.nominations["X0001"]}
    assert named == ["安娜", "职工1", "鄂兰"]


def test_who_takes_the_consent_back_is_read_by_nobody(app: Flask) -> None:
    made = judging.set_judging(app)
    screening.agree(app, made.nominations["A1"], ConsentAnswer.WITHDRAWN)

    with app.app_context():
        assert made.nominations["A1"] in service.listed(made.round_id)
        assert made.nominations["A1"] not in service.standing(made.round_id)


@pytest.mark.parametrize(("voting", "code"), [(0, "scoring.no_panel"), (3, "scoring.too_early")])
def test_it_opens_after_the_deadline_with_a_panel(sqlite_app: Flask, voting: int, code: str) -> None:
    made = judging.set_judging(sqlite_app, opened=False)
    at = made.late if not voting else NOW

    with pytest.raises(Refused, match=code), sqlite_app.app_context(), unit_of_work():
        service.open_round(made.campaign_id, voting=voting, actor=acting("test", at))


def test_the_award_s_page_says_them_with_the_reason_of_a_late_change(sqlite_app: Flask) -> None:
    made = judging.set_judging(sqlite_app, opened=False, now=cast.lately())
    change(sqlite_app, made, replace(RULES, drops=True), reason="评委少了一位")

    page = sqlite_app.test_client().get("/campaigns/award").text

    assert "工作业绩：满分 10，占 60%" in page
    assert "去掉一个最高分" in page
    assert "评委少了一位" in page


def test_the_panel_s_page_names_who_is_judged_no_more(sqlite_app: Flask) -> None:
    since = cast.lately()
    made = judging.set_judging(sqlite_app, now=since)
    with sqlite_app.app_context(), unit_of_work():
        person, actor = made.contest.person("D4"), acting("test", since)
        grants.grant(person, Role.HR_REVIEWER, unit_id=None, actor=actor)
    hr, page = signed_in_client(sqlite_app, "D4"), "/review/campaigns/award/panel"
    before = hr.get(page).text
    screening.agree(sqlite_app, made.nominations["E5"], ConsentAnswer.WITHDRAWN, now=since)

    after = hr.get(page).text
    assert "现在不评" not in before
    assert "现在不评" in after
    assert after.count("鄂兰") > before.count("鄂兰")


def test_a_reviewer_who_is_a_candidate_does_not_see_the_ranking(sqlite_app: Flask) -> None:
    since = cast.lately()
    made = judging.set_judging(sqlite_app, now=since)
    judging.give_all(sqlite_app, made)
    with sqlite_app.app_context(), unit_of_work():
        for who in ("A1", "D4"):
            person, actor = made.contest.person(who), acting("test", since)
            grants.grant(person, Role.HR_REVIEWER, unit_id=None, actor=actor)
    told = [
        signed_in_client(sqlite_app, who).get("/review/campaigns/award/ranking").text for who in ("A1", "D4")
    ]

    assert ["1. 安娜" in page for page in told] == [False, True]
    assert "由别的审核人看" in told[0]
