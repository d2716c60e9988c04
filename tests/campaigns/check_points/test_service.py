"""Check points are rows: three that every campaign has, and those that an organiser adds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.check_points import service as check_points
from eventreg.campaigns.kinds import CheckPointRole
from eventreg.campaigns.models import Campaign
from eventreg.campaigns.plan import copying, planning
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.venue import devices
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import token_in
from tests.rig.plan_pages import OUTING, made, organised, sent

ClientFor = Callable[..., FlaskClient]


def add(app: Flask, stage: Stage, name: str, role: CheckPointRole = CheckPointRole.OTHER) -> str:
    """A further check point of the outing; its code."""
    with app.app_context(), unit_of_work():
        return check_points.add(stage.campaign_id, name, role, actor=acting("test", utc_now()))


def test_every_campaign_begins_with_door_start_and_finish(app: Flask, stage: Stage) -> None:
    with app.app_context():
        points = check_points.list_of(stage.campaign_id)

    assert [(p.code, str(p.role)) for p in points] == [
        ("door", "in"),
        ("start", "start"),
        ("finish", "finish"),
    ]


def test_a_further_one_gets_a_code_and_stands_last(app: Flask, stage: Stage) -> None:
    codes = [add(app, stage, "午餐"), add(app, stage, "1 号车"), add(app, stage, "西门", CheckPointRole.IN)]

    assert codes == ["other-2", "other-3", "in-2"]
    with app.app_context():
        assert [p.name for p in check_points.list_of(stage.campaign_id)][3:] == ["午餐", "1 号车", "西门"]


@pytest.mark.parametrize(
    ("name", "code"),
    [("", "check_point.no_name"), ("长" * 41, "check_point.long_name"), ("午餐", "check_point.same_name")],
)
def test_a_name_that_does_not_do_is_refused(app: Flask, stage: Stage, name: str, code: str) -> None:
    add(app, stage, "午餐")

    with pytest.raises(Refused) as refused:
        add(app, stage, name)

    assert refused.value.code == code


def test_a_copy_has_the_further_ones_too(app: Flask, stage: Stage) -> None:
    add(app, stage, "午餐")
    with app.app_context(), unit_of_work():
        copy = copying.copy_of(campaigns.get_campaign("outing"), slug="copy", title="再来一次")
        planning.make_draft(copy, notice=("用途。",), actor=acting(stage.people["A1"], utc_now()))

    with app.app_context():
        copied = db.session.query(Campaign).filter_by(slug="copy").one()
        assert [p.code for p in check_points.list_of(copied.id)] == ["door", "start", "finish", "other-2"]


def test_a_phone_is_paired_at_a_further_check_point(app: Flask, client_for: ClientFor) -> None:
    stage = organised(app)
    code = add(app, stage, "午餐")
    client = client_for("A1")
    page = client.get(f"{OUTING}/devices")

    form = {"csrf_token": token_in(page), "door": "食堂", "check_point": code}
    answer = client.post(f"{OUTING}/devices", data=form)

    assert "午餐" in page.text
    assert answer.status_code == 200


def test_an_organiser_adds_one_by_page_and_takes_it_away_while_nobody_uses_it(
    app: Flask, client_for: ClientFor
) -> None:
    organised(app)
    client, at = client_for("A1"), f"{OUTING}/day"

    def send(**form: str) -> int:
        return client.post(at, data=form | {"csrf_token": token_in(client.get(at))}).status_code

    assert send(name="1 号车", role="other", activity="") == 303
    assert send(name="1 号车", role="other", activity="") == 422
    assert "other-2" in client.get(at).text
    assert send(remove="other-2") == 303
    assert "other-2" not in client.get(at).text
    assert send(remove="door") == 422


@pytest.mark.parametrize(
    "page", ["teams", "forfeits", "hike", "presence", "screens", "papers", "offline", "devices", "day"]
)
def test_a_draft_has_no_day_and_can_be_deleted(app: Flask, client_for: ClientFor, page: str) -> None:
    organised(app)
    client = client_for("A1")
    draft = made(client)
    form = {"csrf_token": token_in(client.get(draft)), "act": "start", "name": "午餐", "widgets": "teams"}

    assert client.get(f"{draft}/{page}").status_code == 404
    for address in (page, "teams/round"):
        assert client.post(f"{draft}/{address}", data=form).status_code in {404, 405}
    assert sent(client, draft, f"{draft}/deletion").status_code == 303


def test_one_where_a_phone_stands_stays(app: Flask, client_for: ClientFor) -> None:
    stage = organised(app)
    code, at = add(app, stage, "午餐"), f"{OUTING}/day"
    client = client_for("A1")
    with app.app_context(), unit_of_work():
        devices.invite(stage.campaign_id, code, "食堂", actor=acting(stage.people["A1"], utc_now()))
    with app.app_context(), unit_of_work():
        pairing = devices.invite(stage.campaign_id, code, "食堂", actor=acting(stage.people["A1"], utc_now()))
        devices.pair(pairing, now=utc_now())

    page = client.post(at, data={"remove": code, "csrf_token": token_in(client.get(at))})

    assert page.status_code == 422
    assert "不能删除" in page.text
