"""HR's page of the quota table, and more time for one department."""

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
from eventreg.core.trail import audit
from tests.rig import awards, cast
from tests.rig.actors import acting
from tests.rig.awards import MARKETING, Contest
from tests.rig.clients import signed_in_client, token_in

NOW = utc_now()
PAGE = "/review/campaigns/award/quotas"


@pytest.fixture
def contest(sqlite_app: Flask) -> Contest:
    """The award, open since an hour."""
    since = cast.lately()
    return awards.set_award(sqlite_app, cast.set_stage(sqlite_app, now=since), now=since)


@pytest.fixture
def reviewer(sqlite_app: Flask, contest: Contest) -> FlaskClient:
    """F6 screens for HR."""
    with sqlite_app.app_context(), unit_of_work():
        grants.grant(contest.person("F6"), Role.HR_REVIEWER, unit_id=None, actor=acting("test", NOW))
    return signed_in_client(sqlite_app, "F6")


def extend(client: FlaskClient, unit: int | str, **by: int) -> TestResponse:
    """Ask for more time for a department."""
    page = client.get(PAGE)
    version = re.search(r'name="extension-version" type="hidden" value="(\d+)"', page.text)
    assert version is not None
    until = (NOW + timedelta(**by)).strftime("%Y-%m-%dT%H:%M")
    form = {"csrf_token": token_in(page), "extension-version": version[1]}
    return client.post(
        f"{PAGE}/extension", data=form | {"extension-unit": str(unit), "extension-until": until}
    )


def test_a_department_gets_more_time_and_it_is_on_record(
    sqlite_app: Flask, reviewer: FlaskClient, contest: Contest
) -> None:
    answer = extend(reviewer, contest.units[MARKETING], days=20)

    with sqlite_app.app_context():
        told = audit.list_about([f"campaign:{contest.campaign_id}"], most=1)
    assert answer.status_code == 303
    assert "延期到" in reviewer.get(PAGE).text
    assert [(e.action, e.by, e.facts["unit"]) for e in told] == [
        ("campaign.quota_extended", f"person:{contest.person('F6')}", contest.units[MARKETING])
    ]


def test_what_is_no_extension_comes_back_filled(reviewer: FlaskClient, contest: Contest) -> None:
    nobody, sooner = extend(reviewer, "", days=20), extend(reviewer, contest.units[MARKETING], days=1)

    assert nobody.status_code == 422
    assert "请选一个单位" in nobody.text
    assert sooner.status_code == 409
    assert "要晚于全体的截止时间" in sooner.text


def test_a_campaign_that_is_no_award_is_not_there(reviewer: FlaskClient) -> None:
    assert reviewer.get("/review/campaigns/outing/quotas").status_code == 404
