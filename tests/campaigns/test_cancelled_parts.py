"""A part that is called off says so on the public pages, and time and place are those of what takes place."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.service import get_campaign, lock_for_sign_up
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from tests.rig import cast, sight
from tests.rig.clients import token_in
from tests.rig.plan_pages import OUTING, ClientFor, organised, sent
from tests.rig.seen_first import confirmed

PAGE = "/campaigns/outing"
HIKE, KITES = "徒步游", "风筝赛"


@pytest.fixture
def organiser(app: Flask, client_for: ClientFor) -> FlaskClient:
    """A1, who organises the outing."""
    organised(app)
    return client_for("A1")


def outing(app: Flask) -> CampaignFacts:
    with app.app_context():
        return get_campaign("outing")


def save(app: Flask, organiser: FlaskClient, title: str, **changes: str) -> None:
    """Send the form of one part as its page shows it, with these changes."""
    found = next(a for a in outing(app).activities if a.title == title)
    form_at = f"{OUTING}/activities/{found.id}"
    shown = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', organiser.get(form_at).text))
    shown |= {"schedule": str(found.schedule)} | changes
    kept = {name: value for name, value in shown.items() if name not in {"csrf_token", "version"}}
    people = {"asks": "tell", "step": "send"} if outing(app).last_arrival else {}  # the preview was looked at
    assert sent(organiser, form_at, **kept, **people).status_code == 303


def cancel(app: Flask, organiser: FlaskClient, title: str) -> None:
    """Press the button that cancels a part, and again on the page that asks."""
    found = next(a for a in outing(app).activities if a.title == title)
    at = f"{OUTING}/activities/{found.id}"
    assert confirmed(organiser, sent(organiser, at, f"{at}/cancellation")).status_code == 303


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.split("<main")[1]))


def test_a_cancelled_part_is_stamped_and_no_longer_gives_time_and_place(
    app: Flask, organiser: FlaskClient
) -> None:
    save(app, organiser, KITES, place="青龙湖东门")
    cancel(app, organiser, HIKE)

    page = app.test_client().get(PAGE).text

    assert re.search(rf"<s>{HIKE}</s></b>\s*<span class=.stamp stamp-off.>取消", page)
    assert f"<s>{KITES}</s>" not in page
    assert "青龙湖东门" in page
    assert "活动取消" not in page


def test_where_everything_is_cancelled_nobody_is_asked_to_sign_up(app: Flask, organiser: FlaskClient) -> None:
    for title in (HIKE, KITES):
        cancel(app, organiser, title)

    pages = [text_of(app.test_client().get(path).text) for path in (PAGE, "/")]

    assert [("活动取消" in page, "报名参加" in page) for page in pages] == [(True, False), (True, False)]
    assert "已取消，原定" in pages[0]
    assert "已取消，原定" in organiser.get(f"{OUTING}/roster").text
    plan = organiser.get(OUTING).text
    assert [word in plan for word in ("已取消", "提前截止报名", "分组正好要")] == [True, False, False]


def test_parts_on_two_days_say_their_days(app: Flask, organiser: FlaskClient) -> None:
    before = text_of(app.test_client().get(PAGE).text)
    later = outing(app).starts_at + timedelta(days=1)
    save(app, organiser, KITES, day=f"{later:%Y-%m-%d}")

    after = text_of(app.test_client().get(PAGE).text)

    assert [("当天安排" in page, "日程安排" in page) for page in (before, after)] == [
        (True, False),
        (False, True),
    ]


def test_a_form_left_open_over_the_cancellation_takes_no_place(
    app: Flask, organiser: FlaskClient, client_for: ClientFor
) -> None:
    late = client_for("C3")
    form = {
        "csrf_token": token_in(late.get(f"{PAGE}/registration")),
        "idempotency_key": "left-open",
        "consent": "1",
    }
    for title in (HIKE, KITES):
        cancel(app, organiser, title)

    answer = late.post(f"{PAGE}/registration", data=form)

    assert answer.status_code == 409
    assert "活动已经取消" in answer.text
    assert late.get(f"{PAGE}/registration").location == PAGE


def test_what_takes_place_decides_until_when_one_can_withdraw(app: Flask, organiser: FlaskClient) -> None:
    later = outing(app).starts_at + timedelta(days=1)
    save(app, organiser, KITES, day=f"{later:%Y-%m-%d}")
    cancel(app, organiser, HIKE)

    campaign = outing(app)
    with app.app_context(), unit_of_work():
        locked = lock_for_sign_up(campaign.id).window

    assert (locked, campaign.starts_at.date()) == (campaign.window, later.date())


def test_nobody_is_seated_where_all_is_cancelled(app: Flask, organiser: FlaskClient) -> None:
    stage = cast.find_stage(app)
    for staff_no in ("A1", "C3", "D4"):
        cast.sign_up(app, stage, staff_no, now=utc_now())
    for title in (HIKE, KITES):
        cancel(app, organiser, title)

    cast.withdraw(app, stage, "A1", now=utc_now())

    assert sight.places(app) == {"A1": "withdrawn", "C3": "seated", "D4": "waiting"}
    assert sight.drift(app) == []
