"""A refusal tells its instants on the reader's clock, not on the database's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient

from eventreg.core.clock import utc_now
from eventreg.words import times
from tests.rig import cast
from tests.rig.clients import token_in

CHINA = ZoneInfo("Asia/Shanghai")


def test_who_is_too_late_reads_the_deadline_as_the_campaign_has_it(
    app: Flask, client_for: Callable[..., FlaskClient]
) -> None:
    published_at = utc_now() - cast.UNTIL_CLOSED - timedelta(minutes=1)
    cast.set_stage(app, now=published_at)

    client = client_for("A1")
    form = {
        "csrf_token": token_in(client.get("/my")),
        "idempotency_key": "open-since-ten-days",
        "consent": "1",
    }
    answer = client.post("/campaigns/outing/registration", data=form)

    with app.app_context():
        closed_at = times.moment((published_at + cast.UNTIL_CLOSED).astimezone(CHINA))
    assert answer.status_code == 409
    assert f"报名已在 {closed_at} 截止" in answer.text
    assert "处要改" not in answer.text


def test_an_instant_of_the_database_is_read_in_the_house_s_zone(sqlite_app: Flask) -> None:
    at = datetime(2027, 3, 1, 10, tzinfo=UTC)

    with sqlite_app.app_context():
        told = [times.said_at({"at": fact}, "at", times.clock) for fact in (at, at.astimezone(CHINA), None)]

    assert told == ["18:00", "18:00", ""]
