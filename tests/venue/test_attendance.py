"""Organisers see who came, when and at which check point: roster, overview, event, history and export."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.campaigns.models import Activity, Campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.registrations import tickets
from eventreg.venue import devices, scans
from eventreg.venue.incoming import IncomingScan, Scanner
from tests.registrations.test_roster import ROSTER, export, names, sheet_of
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.statements import statements

EVENT = "/manage/campaigns/outing"
WHO = ("A1", "B2", "C3")


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing, its organiser, and three people with a place; Deng waits for one."""
    stage = cast.set_stage(app, capacity=3, now=cast.lately())
    with app.app_context(), unit_of_work():
        since = utc_now() - timedelta(minutes=5)
        campaign_grants.grant(stage.people["F6"], Role.ORGANISER, "outing", actor=acting("test", since))
    for staff_no in (*WHO, "D4"):
        cast.sign_up(app, stage, staff_no, now=utc_now())
    return stage


@pytest.fixture
def organiser(stage: Stage, client_for: Callable[..., FlaskClient]) -> FlaskClient:
    """The organiser's browser."""
    return client_for("F6")


def a_device(app: Flask, stage: Stage, point: str, name: str) -> Scanner:
    """A phone at a check point."""
    with app.app_context():
        by = acting(stage.people["F6"], utc_now())
        with unit_of_work():
            code = devices.invite(stage.campaign_id, point, name, actor=by)
        with unit_of_work():
            token = devices.pair(code, now=utc_now())
        found = devices.find_device(token, now=utc_now())
    assert found is not None
    return Scanner(found.id, found.campaign_id)


def ticket_of(app: Flask, stage: Stage, who: str) -> str:
    """The token of somebody's ticket."""
    with app.app_context():
        return tickets.find_token(WHO.index(who) + 1, keys=stage.keys) or ""


def scanned(
    app: Flask, stage: Stage, who: str, point: str, name: str, *, times: int = 1, text: str = ""
) -> None:
    """Scan somebody's ticket, or this text, so many times at a check point."""
    phone, text = a_device(app, stage, point, name), text or ticket_of(app, stage, who)
    with app.app_context():
        batch = [IncomingScan(str(n), text, point, utc_now()) for n in range(times)]
        with unit_of_work():
            scans.record(batch, phone, keys=app.extensions["eventreg.keys"], now=utc_now())


def came(client: FlaskClient) -> list[list[str]]:
    """What stands in the roster's column, line by line, without the times."""
    cells = re.findall(r'<td class="came small" role="cell">(.*?)</td>', client.get(ROSTER).text)
    return [[re.sub(r" .*，", " ", line) for line in re.findall("<span>([^<]*)", cell)] for cell in cells]


def test_the_roster_says_who_came_when_and_where_and_counts_nobody_twice(
    app: Flask, stage: Stage, organiser: FlaskClient
) -> None:
    scanned(app, stage, "A1", "door", "东门")
    scanned(app, stage, "A1", "finish", "山顶", times=2)
    scanned(app, stage, "C3", "door", "西门")

    assert came(organiser) == [["入场 东门", "终点 山顶"], [], ["入场 西门"], []]
    assert re.search(r"<span>入场 [^<]*\d\d:\d\d，东门</span>", organiser.get(ROSTER).text)
    assert "到场 2 / 3" in organiser.get(ROSTER).text


@pytest.mark.parametrize("path", ["/manage", EVENT, ROSTER])
def test_how_many_came_is_live_on_the_pages_of_the_event(
    app: Flask, stage: Stage, organiser: FlaskClient, path: str
) -> None:
    before = organiser.get(path).text
    scanned(app, stage, "A1", "door", "东门")
    after = organiser.get(path).text
    scanned(app, stage, "B2", "door", "西门")

    assert "到场 0 / 3" not in before  # its day has not come
    assert "到场 1 / 3" in after
    assert "到场 2 / 3" in organiser.get(path).text


def test_on_the_day_itself_nobody_yet_is_said_too(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    with app.app_context(), unit_of_work():
        db.session.execute(update(Activity).values(starts_at=utc_now(), ends_at=utc_now()))
        db.session.execute(update(Campaign).values(version=Campaign.version + 1))  # pages keep its plan by it

    assert "到场 0 / 3" in organiser.get(EVENT).text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("came=present", ["安娜", "陈雨桐"]),
        ("came=missing", ["薄言"]),
        ("came=missing&q=安", []),
        ("came=present&sort=name", ["安娜", "陈雨桐"]),
        ("came=x'", ["安娜", "薄言", "陈雨桐", "邓力"]),
    ],
)
def test_the_roster_is_filtered_by_who_came(
    app: Flask, stage: Stage, organiser: FlaskClient, query: str, found: list[str]
) -> None:
    """Who waits for a place is not missing."""
    for who in ("A1", "C3"):
        scanned(app, stage, who, "door", "东门")

    assert names(organiser, f"?{query}") == found


def test_whoever_gave_the_place_back_is_not_counted(app: Flask, stage: Stage, organiser: FlaskClient) -> None:
    for who in ("A1", "B2"):
        scanned(app, stage, who, "door", "东门")
    cast.withdraw(app, stage, "A1", now=utc_now())  # Deng has the place now

    assert "到场 1 / 3" in organiser.get(ROSTER).text
    assert came(organiser)[:2] == [["入场 东门"]] * 2
    assert names(organiser, "?came=present") == ["薄言"]


def test_the_export_has_the_times_of_every_check_point_and_keeps_the_filter(
    app: Flask, stage: Stage, organiser: FlaskClient
) -> None:
    scanned(app, stage, "A1", "door", "东门")
    scanned(app, stage, "A1", "finish", "山顶")

    rows = [list(row) for row in sheet_of(export(organiser).data).iter_rows(values_only=True)]
    present = sheet_of(export(organiser, "?came=present").data).max_row

    assert rows[0][9:] == ["到场", "到场时间", "入场", "起点", "终点"]
    came, first, door, start, finish = rows[1][9:]
    assert came == "到场"
    assert door == f"{first} 东门"
    assert (start, str(finish)[20:]) == ("", "山顶")
    absent = {"已报上": "没到", "候补中": "", "已退出": ""}
    assert [row[9:] for row in rows[2:]] == [[absent[str(row[5])], *[""] * 4] for row in rows[2:]]
    assert present == 2


def test_the_history_of_a_registration_lists_every_scan(
    app: Flask, stage: Stage, organiser: FlaskClient
) -> None:
    text = ticket_of(app, stage, "A1")
    scanned(app, stage, "A1", "door", "东门", times=2)
    cast.withdraw(app, stage, "A1", now=utc_now())
    scanned(app, stage, "A1", "door", "西门", text=text)

    page = organiser.get(f"{EVENT}/registrations/1/history").text

    told = re.findall(r"</time><b>([^<]*)</b><p>([^<]*)</p>", page)
    assert [entry for entry in told if "扫" in entry[0]] == [
        ("扫码没有通过：入场。这张票已经退掉，不能入场", "西门"),
        ("又扫了一次，已签到：入场", "东门"),
        ("扫码签到：入场", "东门"),
    ]


def test_the_pages_take_as_many_statements_for_three_who_came_as_for_none(
    app: Flask, stage: Stage, organiser: FlaskClient
) -> None:
    counts: list[list[int]] = []
    paths = ("/manage", EVENT, ROSTER, f"{ROSTER}?came=present&sort=name", f"{ROSTER}?came=missing")
    for who in ((), ("A1",), ("B2", "C3")):
        for one in who:
            scanned(app, stage, one, "door", "东门")
        counts.append([])
        for path in paths:  # what is read again after a commit only
            organiser.get(path)
        for path in paths:
            with statements(app, warm=True) as seen:
                assert organiser.get(path).status_code == 200
            counts[-1].append(len(seen))

    assert counts[0] == counts[1] == counts[2]
