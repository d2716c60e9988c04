"""The administrator's pages of working days: shown, pasted, refused with what was typed, saved."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.core.working_days import service
from eventreg.core.working_days.rules import known, works
from tests.rig import plan_pages
from tests.rig.clients import signed_in_client
from tests.rig.plan_pages import sent

PAGE = "/manage/working-days/2027"
NOTICE = "二、春节：2月5日（周五）至11日（周四）放假调休，共7天。2月20日（周六）上班。"


@pytest.fixture
def administrator(sqlite_app: Flask) -> FlaskClient:
    plan_pages.organised(sqlite_app)
    return signed_in_client(sqlite_app, "B2")


def test_a_year_that_is_not_announced_says_so_until_its_notice_is_pasted(
    sqlite_app: Flask, administrator: FlaskClient
) -> None:
    assert "2027 年的放假安排还没有公布" in administrator.get(PAGE).text

    answer = sent(administrator, PAGE, days=NOTICE, complete="y")

    assert answer.status_code == 303
    page = administrator.get(PAGE).text
    assert "还没有公布" not in page
    assert "2027-02-05 休 春节" in page
    with sqlite_app.app_context():
        calendar = service.calendar()
    assert known(2027, calendar)
    assert works(date(2027, 2, 20), calendar)


def test_nothing_is_saved_while_a_line_is_not_understood(
    sqlite_app: Flask, administrator: FlaskClient
) -> None:
    answer = sent(administrator, PAGE, days=f"{NOTICE}\n二月三十日放假")

    assert answer.status_code == 422
    assert "二月三十日放假" in answer.text
    with sqlite_app.app_context():
        assert service.year_facts(2027).days == ()


@pytest.mark.parametrize("number", ["1900", "2100", "99999"])
def test_a_year_that_nobody_plans_for_is_not_found(number: str, administrator: FlaskClient) -> None:
    assert administrator.get(f"/manage/working-days/{number}").status_code == 404


def test_the_short_address_leads_to_this_year(administrator: FlaskClient) -> None:
    assert administrator.get("/manage/working-days").status_code == 302
