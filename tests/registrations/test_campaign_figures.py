"""The figures of a campaign: right numbers, drawn for eyes and told to a screen reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.models import Campaign, CampaignUnit
from eventreg.core.db.session import db, unit_of_work
from eventreg.people.service import find_unit
from eventreg.registrations import ending
from eventreg.registrations.by_hand.rules import HandReason
from eventreg.registrations.figures import reading
from eventreg.registrations.figures.rules import days_of
from eventreg.registrations.reading import find_live
from eventreg.web.organiser.figures import charts
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.options import Ride, ride
from tests.rig.plan_pages import OUTING, organised
from tests.rig.statements import statements

A, B = "1 号车", "2 号车"


@pytest.fixture
def stage(app: Flask) -> Stage:
    return organised(app)


@pytest.fixture
def buses(app: Flask, stage: Stage) -> Ride:
    """Five signed up: two wait, one of them for a bus that is full, and one withdrew."""
    cast.set_capacity(app, stage, 3, now=cast.lately())
    found = ride(app, stage, {A: 1, B: None}, now=cast.lately())
    for who, option in (("A1", A), ("B2", A), ("C3", B), ("D4", B), ("E5", B)):
        found.sign_up(app, who, option, now=cast.lately())
    cast.withdraw(app, stage, "C3", now=cast.lately())
    return found


def test_days_are_those_of_the_campaigns_zone_and_quiet_days_count() -> None:
    late, next_day = datetime(2027, 2, 20, 15, 59, tzinfo=UTC), datetime(2027, 2, 20, 16, 0, tzinfo=UTC)
    after = datetime(2027, 2, 22, 16, 0, tzinfo=UTC)

    found = days_of([late, next_day, next_day], [after], zone=ZoneInfo("Asia/Shanghai"))

    assert [(d.day.day, d.signed_up, d.withdrawn, d.until_then) for d in found] == [
        (20, 1, 0, 1), (21, 2, 0, 3), (22, 0, 0, 3), (23, 0, 1, 3),
    ]  # fmt: skip
    assert days_of([], [], zone=ZoneInfo("Asia/Shanghai")) == ()


def test_units_are_compared_with_the_roster_by_gender(app: Flask, stage: Stage, buses: Ride) -> None:
    with app.app_context():
        found = reading.list_units(campaigns.get_campaign("outing"))

    assert [(u.name, dict(u.people), dict(u.signed_up)) for u in found] == [
        ("城关供电所", {"male": 1, "female": 2}, {"male": 1, "female": 1}),
        ("营销部", {"female": 2, "male": 1}, {"female": 1, "male": 1}),
    ]


def test_only_people_whom_the_campaign_is_for_are_counted(
    app: Flask, stage: Stage, buses: Ride, client_for: Callable[..., FlaskClient]
) -> None:
    with app.app_context(), unit_of_work():
        row = db.session.get_one(Campaign, stage.campaign_id)
        row.for_gender, row.version = "female", row.version + 1
        db.session.add(CampaignUnit(campaign_id=row.id, unit_id=find_unit("营销部")))
    with app.app_context():
        found = reading.list_units(campaigns.get_campaign("outing"))

    assert [(u.name, dict(u.people)) for u in found] == [("城关供电所", {}), ("营销部", {"female": 2})]
    assert (
        "各单位的报名（男）" in client_for("A1").get(f"{OUTING}/figures").text
    )  # two men had signed up before


def test_answers_are_totalled_by_option_and_state(app: Flask, stage: Stage, buses: Ride) -> None:
    with app.app_context():
        asked = campaigns.list_questions(stage.campaign_id)
        totals = reading.answer_totals(stage.campaign_id, asked)

    found = totals[buses.question(app).key]
    assert {code: (count.seated, count.waiting) for code, count in found.options.items()} == {
        "o1": (1, 1), "o2": (2, 0),
    }  # fmt: skip
    assert (found.answered.seated, found.answered.waiting) == (3, 1)


def test_withdrawals_are_counted_by_why(
    app: Flask, stage: Stage, buses: Ride, client_for: Callable[..., FlaskClient]
) -> None:
    with app.app_context(), unit_of_work():
        live = find_live(stage.campaign_id, stage.people["E5"])
        assert live is not None
        actor = acting(stage.people["A1"], cast.lately(), stage.keys)
        ending.take_out(live.id, stage.campaign_id, HandReason.ABSENT, actor=actor)
    with app.app_context():
        assert reading.count_endings(stage.campaign_id) == {("herself", ""): 1, ("organiser", "absent"): 1}
    assert "退出：组织者办理（没有到场）" in client_for("A1").get(f"{OUTING}/figures").text


def test_the_page_says_in_words_and_a_table_what_each_drawing_shows(
    app: Flask, buses: Ride, client_for: Callable[..., FlaskClient]
) -> None:
    page = client_for("A1").get(f"{OUTING}/figures")

    drawings = re.findall(r"<svg class=\"chart\".*?</svg>", page.text, flags=re.DOTALL)
    assert page.status_code == 200
    assert len(drawings) == 5
    for drawing in drawings:
        names = re.search(r'role="img" aria-labelledby="(\S+) (\S+)"', drawing)
        assert names is not None
        assert f'<title id="{names[1]}">' in drawing
        assert f'<desc id="{names[2]}">' in drawing
        assert "style=" not in drawing
    assert page.text.count('<div class="chart-table"') == 5
    told = unescape(page.text)
    assert "名册 4 人，报名 2 人。" in told
    assert "退出：本人 1 人" in told
    assert "1 / 1，候补 1" in told


def test_nobody_signed_up_is_said(app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]) -> None:
    page = client_for("A1").get(f"{OUTING}/figures")

    assert "还没有人报名" in page.text
    assert '<svg class="chart"' not in page.text


def test_the_page_takes_as_many_statements_for_many_as_for_few(
    app: Flask, stage: Stage, buses: Ride, client_for: Callable[..., FlaskClient]
) -> None:
    client, counts = client_for("A1"), list[int]()
    for who in (None, "F6"):
        if who is not None:
            buses.sign_up(app, who, B, now=cast.lately())
        with statements(app) as seen:
            assert client.get(f"{OUTING}/figures").status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_columns_stand_on_the_base_line_and_the_highest_reaches_the_top() -> None:
    chart = charts.columns("n", "t", "d", [("1", 2), ("2", 4), ("3", 0)])

    base = charts.TOP + charts.PLOT
    assert [shape.y + shape.height for shape in chart.shapes] == [base] * 3
    assert [shape.height for shape in chart.shapes] == [charts.PLOT / 2, charts.PLOT, 0]


def test_bars_have_one_scale_and_words_that_fit() -> None:
    chart = charts.bars(
        "n", "t", "d", [charts.BarInput("长" * 60, 5, 3, 10, "5"), charts.BarInput("短", 20, 20, 20, "20")]
    )

    assert [(s.part, s.width, s.whole) for s in chart.shapes] == [(54, 90, 180), (360, 360, 360)]
    assert chart.shapes[0].label.endswith("…")
    assert len(chart.shapes[0].label) < 28
