"""HR's pages: the queue, a decision with its refusals, several at once, limits."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.nominations.rules import CONDITIONS
from tests.rig import awards, cast
from tests.rig.actors import acting
from tests.rig.awards import Contest, begin, save, states, submit, written
from tests.rig.clients import signed_in_client, token_in

NOW = utc_now()
QUEUE = "/review/campaigns/award/nominations"
REPORT = "/review/campaigns/award/report"


@pytest.fixture
def contest(sqlite_app: Flask) -> Contest:
    """The award, open since an hour; F6 screens it."""
    since = cast.lately()
    contest = awards.set_award(sqlite_app, cast.set_stage(sqlite_app, now=since), places=2, now=since)
    with sqlite_app.app_context(), unit_of_work():
        grants.grant(contest.person("F6"), Role.HR_REVIEWER, unit_id=None, actor=acting("test", since))
    return contest


@pytest.fixture
def reviewer(sqlite_app: Flask, contest: Contest) -> FlaskClient:
    return signed_in_client(sqlite_app, "F6")


@pytest.fixture
def submitted(sqlite_app: Flask, contest: Contest) -> int:
    """A1's nomination, handed in by B2."""
    made = begin(sqlite_app, contest, "B2", "A1", now=NOW)
    save(sqlite_app, contest, "B2", made, written(chosen_on="2026-02-10"), now=NOW)
    submit(sqlite_app, contest, "B2", made, now=NOW)
    return made


def decide(client: FlaskClient, made: int, **typed: object) -> TestResponse:
    """Send the form of a decision about the version that the page shows."""
    page = client.get(f"/review/nominations/{made}")
    version = re.search(r'name="version" type="hidden" value="(\d+)"', page.text)
    assert version is not None
    form = {"csrf_token": token_in(page), "version": version[1]}
    return client.post(f"/review/nominations/{made}", data=form | typed)


def test_the_day_of_the_choice_is_read_as_days_are(reviewer: FlaskClient, submitted: int) -> None:
    assert "2026年2月10日" in reviewer.get(f"/review/nominations/{submitted}").text


def test_the_queue_names_what_is_missing_and_offers_no_tick_for_it(
    reviewer: FlaskClient, submitted: int
) -> None:
    page = reviewer.get(QUEUE).text

    assert re.findall(r'<li class="screened-(\w+)">([^：]+)：', page) == [
        ("refused", "部门负责人签字"),
        ("waiting", "本人同意提交评审"),
        ("waiting", "本人同意公示"),
        ("waiting", "纸质材料收讫"),
    ]
    assert 'name="chosen"' not in page
    assert "安娜" in reviewer.get(f"{QUEUE}?q=营销&state=submitted&q=安娜").text
    assert "没有符合的推荐" in reviewer.get(f"{QUEUE}?q=没有这个词").text


def test_what_is_returned_says_why_and_until_when_and_typed_text_comes_back(
    sqlite_app: Flask, reviewer: FlaskClient, submitted: int
) -> None:
    blank = decide(reviewer, submitted, verdict="returned", reason="", due="")
    past = decide(reviewer, submitted, verdict="returned", reason="缺签字页", due="2026-01-01T09:00")
    until = (NOW + timedelta(days=12)).strftime("%Y-%m-%dT%H:%M")
    good = decide(reviewer, submitted, verdict="returned", reason="缺签字页", due=until)
    page = reviewer.get(f"/review/nominations/{submitted}").text

    assert blank.status_code == 409
    assert "还没有填，请补上" in blank.text
    assert past.status_code == 409
    assert "补正的期限已经过了" in past.text
    assert "缺签字页" in past.text
    assert (good.status_code, states(sqlite_app)) == (303, ["returned"])
    assert "退回补正" in page
    assert "缺签字页" in page
    assert "补正到" in page


def test_what_is_not_signed_cannot_be_accepted_and_can_be_ruled_out_and_reopened(
    sqlite_app: Flask, reviewer: FlaskClient, submitted: int
) -> None:
    refused = decide(reviewer, submitted, verdict="candidate", ticked=list(CONDITIONS), reason="急")
    nothing = decide(reviewer, submitted, reason="急")
    steps = [
        (decide(reviewer, submitted, verdict=verdict, reason="不在职").status_code, states(sqlite_app))
        for verdict in ("ineligible", "candidate", "reopened")
    ]

    assert refused.status_code == 409
    assert "1 项不符合" in refused.text
    assert nothing.status_code == 422
    assert steps == [(303, ["ineligible"]), (422, ["ineligible"]), (303, ["submitted"])]


def test_a_page_that_was_overtaken_decides_nothing(
    sqlite_app: Flask, contest: Contest, reviewer: FlaskClient, submitted: int
) -> None:
    page = reviewer.get(f"/review/nominations/{submitted}")
    save(sqlite_app, contest, "B2", submitted, written(1001, chosen_on="2026-02-10"), now=NOW)
    submit(sqlite_app, contest, "B2", submitted, now=NOW)
    form = {"csrf_token": token_in(page), "version": "2", "verdict": "ineligible", "reason": "照片不对"}

    late = reviewer.post(f"/review/nominations/{submitted}", data=form)

    assert late.status_code == 409
    assert "部门又提交过" in late.text
    assert "照片不对" in late.text
    assert states(sqlite_app) == ["submitted"]


def test_several_at_once_need_every_condition_and_take_only_what_is_safe(
    sqlite_app: Flask, reviewer: FlaskClient, submitted: int
) -> None:
    token = token_in(reviewer.get(QUEUE))
    target = "/review/campaigns/award/candidates"
    chosen = [f"{submitted}:2", "x", "7:y"]

    some = reviewer.post(target, data={"csrf_token": token, "chosen": chosen, "ticked": ["law"]})
    none = reviewer.post(target, data={"csrf_token": token, "ticked": list(CONDITIONS)})
    unsafe = reviewer.post(
        target,
        data={"csrf_token": token, "chosen": chosen, "ticked": list(CONDITIONS)},
        follow_redirects=True,
    )

    assert (some.status_code, none.status_code, states(sqlite_app)) == (422, 422, ["submitted"])
    assert "1 份刚才有变动，没有处理" in unsafe.text


def test_limits_are_added_shown_and_removed(reviewer: FlaskClient, submitted: int) -> None:
    token = token_in(reviewer.get(REPORT))
    typed = {"csrf_token": token, "about": "post", "post": "班长", "bound": "most", "percent": "50"}
    bad = reviewer.post("/review/campaigns/award/limits", data={**typed, "percent": "0", "post": ""})
    good = reviewer.post("/review/campaigns/award/limits", data=typed, follow_redirects=True).text
    [drop] = re.findall(r'action="(/review/campaigns/award/limits/\d+/end)"', good)
    gone = reviewer.post(drop, data={"csrf_token": token}, follow_redirects=True).text

    assert bad.status_code == 422
    assert "1 到 99 之间" in bad.text
    assert "1 人，共 1 人（100%），要求不超过 50%，不符合" in good
    assert "结构要求已去掉" in gone
    assert "要求不超过 50%" not in gone


@pytest.mark.parametrize("address", [QUEUE.replace("award", "outing"), REPORT.replace("award", "nothing")])
def test_what_is_no_award_is_not_there(reviewer: FlaskClient, address: str) -> None:
    assert reviewer.get(address).status_code == 404
