"""By page: the organiser sees who is missing, reminds, nudges contacts and exempts a unit with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import token_in
from tests.rig.plan_pages import ClientFor
from tests.rig.seen_first import seen

from .forum import METERS, contact, set_forum, unit

AT = "/manage/campaigns/forum/units"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The forum, organised by F6; C3 is the contact of her team."""
    found = set_forum(app, cast.set_stage(app, now=cast.lately()), now=cast.lately())
    contact(app, found, "C3", METERS, now=cast.lately())
    with app.app_context(), unit_of_work():
        actor = acting("test", utc_now() - timedelta(minutes=1))
        campaign_grants.grant(found.people["F6"], Role.ORGANISER, "forum", actor=actor)
    return found


def press(client: FlaskClient, act: str, **more: object) -> tuple[int, str]:
    form = {"csrf_token": token_in(client.get(AT)), "act": act, **more}
    answer = seen(client, client.post(AT, data=form))
    return answer.status_code, answer.text


def test_the_board_and_the_missing_stand_on_one_page(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    cast.sign_up(app, stage, "A1", now=utc_now())

    page = client_for("F6").get(AT).text
    here = client_for("F6").get(f"{AT}?by=present").text

    assert ["2 个班组人数不够，共差 2 人" in page, "3 个班组人数不够，共差 3 人" in here] == [True, True]
    assert ["营销部 抄核收班：1 人没报" in page, "陈雨桐" in page, "没有邮箱" in page] == [True] * 3
    assert f'href="{AT}"' in client_for("F6").get("/manage/campaigns/forum/roster").text


def test_a_reminder_goes_out_once_a_day(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    organiser = client_for("F6")

    first, second = press(organiser, "remind"), press(organiser, "remind")

    assert [first[0], second[0], "明天可以再提醒" in second[1]] == [303, 409, True]
    assert "邓力" in organiser.get(AT).text
    assert [kind for kind, _ in sight.letters(app)] == ["sign_up_reminder"] * 5


def test_the_contacts_are_nudged(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    organiser = client_for("F6")

    assert press(organiser, "nudge")[0] == 303
    assert "没有联系人的：" in organiser.get(AT).text
    assert [kind for kind, _ in sight.letters(app)] == ["unit_short"]


def test_an_exemption_needs_a_reason_and_can_be_ended(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    organiser, unit_id = client_for("F6"), unit(app, METERS)

    assert press(organiser, "exempt", unit=unit_id, reason=" ")[0] == 409
    too_long = press(organiser, "exempt", unit=unit_id, reason="长" * 201)
    assert [too_long[0], "长" * 201 in too_long[1]] == [409, True]
    assert press(organiser, "exempt", unit=unit_id, reason="全员值班")[0] == 303
    assert ["不作要求" in organiser.get(AT).text, "全员值班" in organiser.get(AT).text] == [True, True]
    assert press(organiser, "end_exemption", unit=unit_id)[0] == 303
    assert "全员值班" not in organiser.get(AT).text


def test_what_no_button_says_is_not_done(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    organiser = client_for("F6")

    assert [press(organiser, act)[0] for act in ("", "delete")] == [422, 422]
    assert press(organiser, "exempt", unit=999, reason="没有这个班组")[0] == 404


def test_a_contact_sees_the_lines_of_their_own_units(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    page = client_for("C3").get("/unit/sign-ups/forum").text

    assert ["营销部 抄核收班" in page, "客户服务班" in page] == [True, False]
    assert "营销部 抄核收班还差 1 人" in client_for("C3").get("/unit/sign-ups").text
