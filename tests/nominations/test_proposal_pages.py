"""An employee proposes by page, and her department's contact finds it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.core.clock import utc_now
from eventreg.nominations.rules import ProposerScope
from tests.rig import awards, cast
from tests.rig.awards import Contest
from tests.rig.clients import signed_in_client, token_in

from .test_nomination_pages import write
from .test_proposals import allow

NOW = utc_now()
NEW = "/my/proposals/new/award"


@pytest.fixture
def contest(sqlite_app: Flask) -> Contest:
    """The award, open since an hour, in which colleagues may propose."""
    since = cast.lately()
    contest = awards.set_award(sqlite_app, cast.set_stage(sqlite_app, now=since), now=since)
    allow(sqlite_app, contest, ProposerScope.COLLEAGUES, now=NOW)
    return contest


@pytest.fixture
def employee(sqlite_app: Flask, contest: Contest) -> FlaskClient:
    return signed_in_client(sqlite_app, "A1")


def begun(client: FlaskClient, contest: Contest, nominee: str = "A1") -> str:
    """A proposal's address."""
    form = {"csrf_token": token_in(client.get(NEW)), "person": str(contest.person(nominee))}
    return str(client.post(NEW, data=form).location)


def test_it_is_found_on_the_campaign_s_page_where_the_award_allows_it(
    sqlite_app: Flask, employee: FlaskClient, contest: Contest
) -> None:
    shown = NEW in employee.get("/campaigns/award").text
    allow(sqlite_app, contest, ProposerScope.CONTACTS, now=NOW)

    assert shown is True
    assert NEW not in employee.get("/campaigns/award").text
    assert (employee.get(NEW).status_code, sqlite_app.test_client().get(NEW).status_code) == (404, 302)


def test_colleagues_are_found_by_name_and_no_list_of_them_is_shown(employee: FlaskClient) -> None:
    pages = [employee.get(f"{NEW}{q}").text for q in ("", "?q=雨桐", "?q=鄂兰", "?q=雨")]

    assert [page.count('name="person"') for page in pages] == [1, 2, 1, 1]


def test_it_is_written_counted_saved_and_passed_on(
    sqlite_app: Flask, employee: FlaskClient, contest: Contest
) -> None:
    made = begun(employee, contest)
    counted = write(employee, made, deeds="字" * 916, do="count")
    saved = write(employee, made, deeds="字" * 916)
    held = re.search("字{916}", employee.get(made).text) is not None
    listed = "你写了没交的" in employee.get(NEW).text

    passed = write(employee, made, deeds="字" * 917, do="pass_on")

    contact = (
        signed_in_client(sqlite_app, "B2").get(made.replace("/my/proposals/", "/unit/nominations/")).text
    )
    assert "还差 84 字" in counted.text
    assert saved.status_code == 303
    assert held is True
    assert listed is True
    assert (passed.status_code, employee.get(made).location) == (303, NEW)
    assert [words in employee.get(NEW).text for words in ("你交出的", "你写了没交的")] == [True, False]
    assert "字" * 917 in contact
    assert "本人自荐" in contact


def test_what_was_typed_in_another_tab_before_it_was_passed_on_can_be_copied(
    employee: FlaskClient, contest: Contest
) -> None:
    made = begun(employee, contest)
    other_tab = {"csrf_token": token_in(employee.get(made)), "deeds": "又写了一段。", "do": "save"}
    write(employee, made, deeds="字" * 917, do="pass_on")

    answer = employee.post(made, data=other_tab)

    assert answer.status_code == 409
    assert "readonly>又写了一段。</textarea>" in answer.text
    assert "安娜的推荐你已在" in answer.text


def test_one_who_was_nominated_already_is_said_and_nothing_is_lost(
    sqlite_app: Flask, employee: FlaskClient, contest: Contest
) -> None:
    awards.begin(sqlite_app, contest, "B2", "C3", now=NOW)
    made = begun(employee, contest, "C3")
    found = employee.get(f"{NEW}?q=雨桐").text.count("陈雨桐")

    answer = write(employee, made, deeds="写了半天", do="pass_on")

    assert answer.status_code == 409
    assert "没有交出去" in answer.text
    assert "写了半天" in answer.text
    assert found >= 1


def test_nobody_chosen_and_withdrawal(employee: FlaskClient, contest: Contest) -> None:
    nobody = employee.post(NEW, data={"csrf_token": token_in(employee.get(NEW))})
    made = begun(employee, contest)

    gone = employee.post(f"{made}/withdrawal", data={"csrf_token": token_in(employee.get(made))})

    assert (nobody.status_code, gone.status_code, employee.get(made).status_code) == (422, 303, 404)
