"""The timetable's page keeps what is typed, says what does not fit, and goes along with a copy."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.campaigns.service import get_managed
from eventreg.campaigns.stages import service as stages
from eventreg.campaigns.stages.rules import StageCode
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound
from tests.rig import awards, cast
from tests.rig.actors import acting
from tests.rig.clients import signed_in_client
from tests.rig.plan_pages import made, sent

PAGE = "/manage/campaigns/award/stages"


@pytest.fixture
def organiser(sqlite_app: Flask) -> FlaskClient:
    """A1 organises an award that is open."""
    since = cast.lately()
    stage = cast.set_stage(sqlite_app, now=since)
    awards.set_award(sqlite_app, stage, now=since)
    with sqlite_app.app_context(), unit_of_work():
        campaign_grants.grant(stage.people["A1"], Role.ORGANISER, "award", actor=acting("test", since))
    return signed_in_client(sqlite_app, "A1")


def test_days_are_saved_and_what_does_not_fit_is_said(sqlite_app: Flask, organiser: FlaskClient) -> None:
    answer = sent(organiser, PAGE, notice_first="2031-03-01", notice_last="2031-03-03")

    assert answer.status_code == 303
    page = organiser.get(PAGE).text
    assert "只有 1 个工作日，公示要 5 个" in page
    assert "2031 年的放假安排还没有公布" in page
    with sqlite_app.app_context():
        found = stages.timetable_of(get_managed("award").id)
    assert [(str(s), d.starts_on.isoformat(), d.ends_on.isoformat()) for s, d in found.items()] == [
        ("notice", "2031-03-01", "2031-03-03")
    ]


def test_one_day_typed_is_the_first_and_the_last(sqlite_app: Flask, organiser: FlaskClient) -> None:
    sent(organiser, PAGE, ceremony_first="2031-03-06")

    with sqlite_app.app_context():
        days = stages.timetable_of(get_managed("award").id)[StageCode.CEREMONY]
    assert days.starts_on == days.ends_on


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"judge_first": "2031-03-02", "judge_last": "2031-03-01"}, "最后一天早于第一天"),
        ({"judge_first": "三月二日"}, "三月二日"),
    ],
)
def test_what_cannot_be_saved_stays_on_the_page(
    typed: dict[str, str], said: str, sqlite_app: Flask, organiser: FlaskClient
) -> None:
    answer = sent(organiser, PAGE, **typed)

    assert answer.status_code in (409, 422)
    assert said in answer.text
    with sqlite_app.app_context():
        assert stages.timetable_of(get_managed("award").id) == {}


def test_a_form_of_an_older_version_is_refused(organiser: FlaskClient) -> None:
    sent(organiser, PAGE, judge_first="2031-03-01")

    answer = sent(organiser, PAGE, judge_first="2031-03-02", version="1")

    assert answer.status_code == 409
    assert "2031-03-02" in answer.text


def test_a_sign_up_has_no_timetable(sqlite_app: Flask, organiser: FlaskClient) -> None:
    with sqlite_app.app_context():
        outing = get_managed("outing")
        with pytest.raises(NotFound), unit_of_work():
            stages.change(outing.id, {}, seen=outing.version, actor=acting("test", cast.NOW))


def test_a_copy_in_the_same_season_has_the_same_days(sqlite_app: Flask, organiser: FlaskClient) -> None:
    sent(organiser, PAGE, judge_first="2031-03-03", judge_last="2031-03-04")

    draft = made(organiser, "又一次评选", "copy:award").rsplit("/", 1)[-1]

    with sqlite_app.app_context():
        copied = stages.timetable_of(get_managed(draft).id)
        assert copied == stages.timetable_of(get_managed("award").id)
        assert copied[StageCode.JUDGE].ends_on - copied[StageCode.JUDGE].starts_on == timedelta(days=1)
