"""What the desk does by itself while the server is stopped: let in, ask for a place, tap, and keep it all for days."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Dialog, Page, Playwright, expect
from sqlalchemy import select

from eventreg.core.clock import utc_now
from eventreg.core.db.session import db
from eventreg.venue.models import Scan
from eventreg.venue.offline import let_in
from eventreg.venue.walk.models import Crossing
from tests.rig import cast, sight
from tests.rig.browser.phone import WAIT
from tests.venue.test_desk import verdict

from .hall import Hall, becomes, open_hall

pytestmark = pytest.mark.browser

THREE_DAYS = 3 * 24 * 3_600_000


@pytest.fixture
def venue(engine: Playwright, tmp_path: Path) -> Iterator[Hall]:
    """A hall with two places."""
    with open_hall(engine, tmp_path, capacity=2) as made:
        yield made


def typed(page: Page, text: str, button: str = "继续扫码") -> tuple[str | None, list[str]]:
    """Type a text, read the verdict, and press one of its buttons."""
    page.locator("#code").fill(text)
    page.get_by_role("button", name="核验").click()
    seen = verdict(page)
    page.locator("#verdict").get_by_role("button", name=button).click()
    return seen


def listed(app: Flask, venue: Hall) -> list[tuple[str, str]]:
    """Who was let through and not admitted: what the phone showed, and the answer."""
    with app.app_context():
        found = [(str(one.shown), one.answered) for one in let_in.list_of(venue.stage.campaign_id)]
        db.session.rollback()
    return found


def online(page: Page) -> None:
    """The server is back, and the phone sends what it holds."""
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#unsent")).to_have_text("全部已上传", timeout=2 * WAIT)


def test_the_list_decides_and_what_it_let_in_wrongly_is_listed(venue: Hall) -> None:
    tickets = {who: venue.ticket(who) for who in ("A1", "B2")}
    with venue.phone("one") as page:
        venue.pair(page, "东门")
        becomes(page, "desk.findArrival(2) !== null")
        venue.stop()
        cast.withdraw(venue.app, venue.stage, "B2", now=utc_now())

        first = typed(page, tickets["A1"])
        again = typed(page, tickets["A1"])
        cancelled = typed(page, tickets["B2"])
        unknown = typed(page, "x" * 22, "核对过，放行")
        page.get_by_role("button", name="现场登记").click()
        page.locator("#staff-no").fill("nobody")
        page.get_by_role("button", name="登记", exact=True).click()
        asked = verdict(page)
        page.locator("#verdict").get_by_role("button", name="继续扫码").click()

        assert [kind for kind, _lines in (first, again, cancelled, unknown, asked)] == [
            "admitted",
            "repeated",
            "admitted",
            "kept",
            "kept",
        ]
        assert "这台手机上扫过" in str(again)
        assert "名单是刚刚更新的" in str(first)
        expect(page.locator("#unsent")).to_have_text("6 条未上传")
        venue.start()
        online(page)
        expect(page.locator("#conflicts li")).to_have_count(3, timeout=WAIT)

    assert sorted(listed(venue.app, venue)) == [
        ("amber", "scan.unknown"),
        ("green", "scan.cancelled"),
        ("walk_in", "walk_in.unknown"),
    ]


def test_three_days_later_it_is_all_there_and_leaving_asks(venue: Hall, tmp_path: Path) -> None:
    ticket = venue.ticket("A1")
    with venue.phone("one") as page:
        venue.pair(page, "东门")
        becomes(page, "desk.findArrival(1) !== null")
        venue.stop()
        for _ in range(8):
            typed(page, ticket)
    with venue.phone("one", shift_ms=THREE_DAYS) as page:
        asked: list[str] = []

        def stay(dialog: Dialog) -> None:
            asked.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", stay)
        venue.desk(page)
        expect(page.locator("#unsent")).to_have_text("8 条未上传")
        expect(page.locator("#kept-old")).to_contain_text("有 8 条超过 24 小时没有上传")
        expect(page.locator("#age")).to_contain_text("名单")
        with page.expect_download() as saved:
            page.get_by_role("button", name="导出扫码记录").click()
        saved.value.save_as(tmp_path / "scans.json")
        page.get_by_role("button", name="退出签到台").click()

        assert len(json.loads((tmp_path / "scans.json").read_text("utf-8"))["scans"]) == 8
        assert [words for words in asked if "还有 8 条没有上传" in words] == asked
        assert page.evaluate("desk.pairing() !== null")


def test_leaving_forgets_the_list_and_keeps_what_was_not_sent(venue: Hall) -> None:
    ticket = venue.ticket("A1")
    with venue.phone("one") as page:
        venue.pair(page, "东门")
        becomes(page, "desk.findArrival(1) !== null")
        venue.stop()
        typed(page, ticket)
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="退出签到台").click()

        expect(page.locator("#unpaired")).to_be_visible()
        expect(page.locator("#unsent")).to_have_text("1 条未上传")
        kept = page.evaluate("Object.keys(localStorage).filter((key) => /roster|seen|current/.test(key))")
        assert kept == []
        venue.start()
        page.reload()
        expect(page.locator("#unsent")).to_have_text("全部已上传", timeout=WAIT)
    assert sight.count(venue.app, Scan) == 1


def test_thirty_crossings_in_ten_seconds_are_each_within_a_second(venue: Hall) -> None:
    with venue.phone("one", shift_ms=-7_200_000) as page:
        venue.pair(page, "终点", "finish")
        venue.stop()
        began = utc_now()
        page.evaluate(
            """async () => {
              for (let n = 0; n < 30; n += 1) {
                document.getElementById("tap").click();
                await new Promise((done) => setTimeout(done, 330));
              }
            }"""
        )
        expect(page.locator("#tap-last")).to_contain_text("第 30 次")
        venue.start()
        online(page)
    with venue.app.app_context():
        times = list(db.session.scalars(select(Crossing.at).order_by(Crossing.at)))
        db.session.rollback()

    late = [abs(at - began - n * timedelta(milliseconds=330)).total_seconds() for n, at in enumerate(times)]
    assert len(times) == 30
    assert max(late) < 1
