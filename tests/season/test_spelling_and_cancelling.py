"""An organiser corrects a spelling without telling anybody, and cancels an activity only after being asked again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.campaigns.facts import ActivityFacts
from eventreg.campaigns.rules import ScheduleState
from eventreg.core.clock import utc_now
from eventreg.season import reschedule
from tests.rig import cast, mailbox, sight
from tests.rig.cast import Stage
from tests.rig.plan_pages import OUTING, ClientFor, made, organised, sent
from tests.rig.plans import as_new, do, facts
from tests.rig.seen_first import confirmed


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing with C3 and D4 seated and E5 waiting; the hike starts at nine at the east gate; A1 organises it."""
    found = organised(app)
    hike = activity(app)
    nine = hike.starts_at.replace(hour=9, minute=0, second=0, microsecond=0)
    hours = {"starts_at": nine, "ends_at": nine + timedelta(minutes=90), "time_known": True}
    wanted = as_new(hike, place="青龙胡东门", **hours)
    do(app, "outing", reschedule.change_activity, hike.id, wanted, now=utc_now())
    for who in ("C3", "D4", "E5"):
        cast.sign_up(app, found, who, now=utc_now())
    return found


def activity(app: Flask, kind: str = "hike") -> ActivityFacts:
    return next(a for a in facts(app, "outing").activities if a.kind == kind)


def changed(app: Flask, client: FlaskClient, **fields: object) -> Any:
    """Send the form of the hike as its page shows it, with other fields."""
    hike = activity(app)
    at = f"{OUTING}/activities/{hike.id}"
    shown = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', client.get(at).text))
    kept = {n: v for n, v in shown.items() if n not in {"csrf_token", "version", "spelling"}}
    return sent(client, at, **{**kept, "schedule": str(hike.schedule), **fields})


def news(app: Flask) -> int:
    return [kind for kind, _ in sight.letters(app)].count("activity_changed")


@pytest.mark.parametrize("field", ["title", "place"])
def test_a_spelling_is_corrected_without_telling_and_calendars_have_it(
    app: Flask, stage: Stage, client_for: ClientFor, field: str
) -> None:
    client, before = client_for("A1"), activity(app)
    right = {"title": "徒步游园", "place": "青龙湖东门"}[field]

    answer = changed(app, client, **{field: right, "spelling": "y"})

    after = activity(app)
    assert (answer.status_code, news(app), getattr(after, field)) == (303, 0, right)
    assert after.sequence == before.sequence + 1


@pytest.mark.parametrize("field", ["title", "place"])
def test_without_the_tick_the_letters_come_first(
    app: Flask, stage: Stage, client_for: ClientFor, field: str
) -> None:
    client = client_for("A1")
    before = getattr(activity(app), field)

    preview = changed(app, client, **{field: "别的"})

    assert [preview.status_code, "报上的 2 人，每人一封邮件" in preview.text, "别的" in preview.text] == [
        200,
        True,
        True,
    ]
    assert (news(app), getattr(activity(app), field)) == (0, before)
    assert confirmed(client, preview, asks="tell").status_code == 303
    assert (news(app), getattr(activity(app), field)) == (3, "别的")


@pytest.mark.parametrize(
    "news_too", [{"starts": "09:30", "ends": "11:00"}, {"place": ""}, {"schedule": "confirmed"}]
)
def test_what_is_more_than_a_spelling_is_not_saved_without_telling(
    app: Flask, stage: Stage, client_for: ClientFor, news_too: dict[str, str]
) -> None:
    before = activity(app)

    answer = changed(app, client_for("A1"), spelling="y", **news_too)

    assert [answer.status_code, "这次不只是改错别字" in answer.text] == [409, True]
    assert (activity(app), news(app)) == (before, 0)


def test_a_place_that_is_known_now_is_news(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    kites = activity(app, "contest")
    at = f"{OUTING}/activities/{kites.id}"
    assert kites.place is None
    client = client_for("A1")
    shown = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', client.get(at).text))
    kept = {n: v for n, v in shown.items() if n not in {"csrf_token", "version"}}

    answer = sent(client, at, **kept | {"schedule": str(kites.schedule), "place": "广场", "spelling": "y"})

    assert [answer.status_code, "这次不只是改错别字" in answer.text] == [409, True]


def test_a_spelling_corrected_meanwhile_stops_no_letter_about_a_date(app: Flask, stage: Stage) -> None:
    """Its letter was posted and is still in the outbox: it goes out with the new time and the right spelling."""
    hike, now = activity(app), utc_now()
    later = as_new(
        hike, starts_at=hike.starts_at + timedelta(days=1), ends_at=hike.ends_at + timedelta(days=1)
    )
    do(app, "outing", reschedule.change_activity, hike.id, later, now=now)

    do(
        app,
        "outing",
        reschedule.change_activity,
        hike.id,
        as_new(activity(app), place="青龙湖东门"),
        spelling=True,
        now=now,
    )

    letter = mailbox.newest(app, "activity_changed", now=now)
    assert letter is not None
    assert ("地点", "青龙湖东门") in letter.facts


def test_a_newer_date_still_overtakes_the_letter_about_an_older_one(app: Flask, stage: Stage) -> None:
    """The control of the test above: the first letter tells a date that is no longer true."""
    now = utc_now()
    for days in (1, 1):
        hike = activity(app)
        later = as_new(
            hike, starts_at=hike.starts_at + timedelta(days=days), ends_at=hike.ends_at + timedelta(days=days)
        )
        do(app, "outing", reschedule.change_activity, hike.id, later, now=now)

    told = [mailbox.newest(app, "activity_changed", now=now, skip=skip) for skip in (0, 3)]
    assert [letter is not None for letter in told] == [True, False]


def test_another_title_of_the_campaign_is_in_calendars_at_once(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    before, client = activity(app).sequence, client_for("A1")
    shown = client.get(f"{OUTING}/basics").text
    kept = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', shown))
    notice = re.search(r'<textarea[^>]*name="notice"[^>]*>(.*?)</textarea>', shown, re.S)
    assert notice is not None
    fields = {n: v for n, v in kept.items() if n not in {"csrf_token", "version", "wall_names"}}
    fields |= {"title": "春游", "notice": notice[1].strip(), "lang": "zh-CN", "opens": "publication"}

    assert sent(client, f"{OUTING}/basics", **fields).status_code == 303
    assert (facts(app, "outing").title, activity(app).sequence, news(app)) == ("春游", before + 1, 0)


def test_cancelling_stands_apart_and_asks_again(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    client, hike = client_for("A1"), activity(app)
    at = f"{OUTING}/activities/{hike.id}"
    page = client.get(at).text
    assert ['value="cancelled"' in page, f"{at}/cancellation" in page] == [False, True]
    assert changed(app, client, schedule="cancelled").status_code == 422

    asked = sent(client, at, f"{at}/cancellation")

    assert [asked.status_code, "确定要取消吗" in asked.text, "取消，通知 3 人" in asked.text] == [
        200,
        True,
        True,
    ]
    assert (activity(app), news(app)) == (hike, 0)
    assert confirmed(client, asked).status_code == 303
    assert (activity(app).schedule, news(app)) == (ScheduleState.CANCELLED, 3)


def test_cancelling_asks_again_also_where_nobody_signed_up(app: Flask, client_for: ClientFor) -> None:
    organised(app)
    client, hike = client_for("A1"), activity(app)
    at = f"{OUTING}/activities/{hike.id}"

    asked = sent(client, at, f"{at}/cancellation")

    assert [asked.status_code, "确定要取消吗" in asked.text] == [200, True]
    assert activity(app).schedule is not ScheduleState.CANCELLED
    back = confirmed(client, asked, step="edit")
    assert (back.status_code, back.location) == (303, at)
    assert confirmed(client, asked).status_code == 303
    assert activity(app).schedule is ScheduleState.CANCELLED


def test_several_dates_are_not_cancelled_by_the_choice_of_what_changes(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    page = client_for("A1").get(f"{OUTING}/move").text

    assert ['value="cancelled"' in page, page.count('name="cancel_')] == [False, 2]


def test_a_draft_has_no_button_to_cancel(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    client = client_for("A1")
    made(client, "再来一次", "copy:outing")
    copied = next(a for a in facts(app, "zai-lai-yi-ci").activities if a.kind == "hike")

    page = client.get(f"/manage/campaigns/zai-lai-yi-ci/activities/{copied.id}").text

    assert [word in page for word in ("/cancellation", 'value="cancelled"', "只是改错别字")] == [False] * 3


def test_the_preview_of_a_date_shows_the_other_letters_too(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    """All is called off, a place becomes free; put back, it goes to E5, who waits."""
    client, now = client_for("A1"), utc_now()
    for part in facts(app, "outing").activities:
        off = as_new(part, schedule=ScheduleState.CANCELLED)
        do(app, "outing", reschedule.change_activity, part.id, off, now=now)
    cast.withdraw(app, stage, "C3", now=now)
    letters = len(sight.letters(app))

    preview = changed(app, client, schedule="moved")

    assert [preview.status_code, "递补通知" in preview.text, "轮到你了" in preview.text] == [200, True, True]
    assert (len(sight.letters(app)), sight.places(app)["E5"]) == (letters, "waiting")
    assert confirmed(client, preview, asks="tell").status_code == 303
    assert sight.places(app)["E5"] == "seated"
