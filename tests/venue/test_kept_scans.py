"""What a phone keeps names its device, campaign and check point: it is sent as that, or kept, shown and exported."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from eventreg.core.clock import utc_now
from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.live import OUTING, Live
from tests.rig.browser.phone import WAIT, Phone
from tests.rig.browser.speech import ZH

from .kept_scans import SCANS, counted, cut, exported, join, kept, pair, revoke
from .test_desk import HOLDER, pairing_link, typed

pytestmark = pytest.mark.browser

REFUSED = "net::ERR_CONNECTION_FAILED"


@pytest.fixture
def phone(live: Live, new_phone: NewPhone) -> Phone:
    """A phone that was never paired."""
    return new_phone(live, ZH, java_script_enabled=True, locale="zh-CN")


def test_scans_of_the_start_stay_scans_of_the_start_when_the_phone_is_paired_for_the_finish(
    live: Live, phone: Phone
) -> None:
    live.sign_up(HOLDER)
    pair(phone, "start", "山门")
    with phone.allowing(REFUSED):
        cut(phone.page)
        assert typed(phone, live.ticket_address(HOLDER))[0] == "admitted"

        pair(phone, "finish", "山顶")

        expect(phone.page.locator("#unsent")).to_have_text("1 条未上传")
        post = "山门（起点），踏春嘉年华、健康伴我行"
        assert kept(phone.page) == [[post, "1 条", "连上后自动上传，记在扫码时的签到点"]]
        join(phone.page)
        expect(phone.page.locator("#unsent")).to_have_text("全部已上传", timeout=WAIT)

    assert counted(live.app) == ["start"]
    expect(phone.page.locator("#kept")).to_be_hidden()
    assert typed(phone, live.ticket_address(HOLDER))[0] == "admitted"
    assert counted(live.app) == ["finish", "start"]


def test_pairing_anew_sends_first(live: Live, phone: Phone) -> None:
    live.sign_up(HOLDER)
    pair(phone, "start", "山门")
    with phone.allowing(REFUSED):
        cut(phone.page)
        typed(phone, live.ticket_address(HOLDER))
        phone.page.goto("about:blank")
        phone.page.unroute(SCANS)

        pair(phone, "door", "会场", "forum")

    expect(phone.page.locator("#unsent")).to_have_text("全部已上传", timeout=WAIT)
    assert counted(live.app) == ["start"]
    held = phone.page.evaluate("Object.keys(localStorage).filter(key => key.includes('pairing')).length")
    assert held == 1  # the pairing that was replaced is forgotten


def test_a_phone_that_is_shut_out_keeps_shows_and_exports_its_scans(
    live: Live, phone: Phone, tmp_path: Path
) -> None:
    live.sign_up(HOLDER)
    pair(phone, "start", "山门")
    page, address = phone.page, live.ticket_address(HOLDER)
    revoke(live, 1)
    with phone.allowing("401"):
        typed(phone, address)
        pair(phone, "finish", "山顶")

        expect(page.locator("#unsent")).to_have_text("1 条未上传")
        post, reason = (
            "山门（起点），踏春嘉年华、健康伴我行",
            "这次配对已经停用，传不上去。请导出文件，交给组织者",
        )
        expect(page.locator("#kept-groups small")).to_have_text(reason, timeout=WAIT)
        assert kept(page) == [[post, "1 条", reason]]
        file = exported(page, tmp_path)
        named = {"device": 1, "campaign": OUTING, "check_point": "start", "door": "山门", "text": address}
        assert (file["format"], file["version"]) == ("eventreg-scans", 2)
        assert [{name: scan[name] for name in named} for scan in file["scans"]] == [named]
        page.once("dialog", lambda asked: asked.accept())
        page.get_by_role("button", name="清掉已导出的").click()
        expect(page.locator("#unsent")).to_have_text("全部已上传")

    assert typed(phone, address)[0] == "admitted"
    assert counted(live.app) == ["finish"]


def test_malformed_entries_at_the_head_stop_nothing_and_are_shown(
    live: Live, phone: Phone, tmp_path: Path
) -> None:
    live.sign_up(HOLDER)
    pair(phone, "door", "景区东门")
    phone.page.evaluate(
        """([text, at]) => {
          const under = (nonce, scan) => localStorage.setItem(`eventreg.desk.kept.${desk.pairing().id}.${nonce}`, scan);
          under("0", "{broken");
          under("1", JSON.stringify({ nonce: "a b", text, scanned_at: at }));
          under("2", JSON.stringify({ nonce: "2", text, scanned_at: "soon" }));
          under("3", JSON.stringify({ nonce: "3", text: "x".repeat(300000), scanned_at: at }));
          for (const n of ["4", "5", "6"]) under(n, JSON.stringify({ nonce: n, text, scanned_at: at }));
        }""",
        [live.ticket_address(HOLDER), utc_now().isoformat()],
    )
    with phone.allowing("413"):
        phone.page.reload()
        expect(phone.page.locator("#unsent")).to_have_text("4 条没收下", timeout=WAIT)

    assert counted(live.app) == ["door"]
    post = "景区东门（入场），踏春嘉年华、健康伴我行"
    assert sorted(kept(phone.page)) == [
        [post, "1 条", "内容超过了上限，请减小后再发送。"],
        [post, "1 条", "这条记录坏了，读不出来。请导出文件，交给组织者"],
        [post, "2 条", "这条扫码记录写得不对，没有收下"],
    ]
    assert [scan.get("nonce", "?") for scan in exported(phone.page, tmp_path)["scans"]] == [
        "?",
        "a b",
        "3",
        "2",
    ]


def test_only_what_did_not_arrive_is_tried_again(live: Live, phone: Phone) -> None:
    """A server that refuses a whole batch for one entry, as older versions do, keeps nothing else back."""
    live.sign_up(HOLDER)
    pair(phone, "door", "景区东门")
    sent: list[int] = []

    def refuse_bad(route: Route) -> None:
        scans = json.loads(route.request.post_data or "")["scans"]
        sent.append(len(scans))
        if len(sent) == 1:
            return route.fulfill(status=503, json={"code": "request.busy", "detail": "busy"})
        if any(scan["text"] == "bad" for scan in scans):
            return route.fulfill(status=422, json={"code": "scan.form", "detail": "写得不对"})
        return route.continue_()

    with phone.allowing("422", "503", REFUSED):
        cut(phone.page)
        for text in ("bad", live.ticket_address(HOLDER), "x" * 22):
            typed(phone, text)
        phone.page.unroute(SCANS)
        phone.page.route(SCANS, refuse_bad)
        phone.page.reload()
        expect(phone.page.locator("#unsent")).to_have_text("1 条没收下", timeout=WAIT)
        tries = len(sent)
        phone.page.wait_for_timeout(6_000)  # longer than the pause between two tries

    assert (counted(live.app), len(sent)) == (["door"], tries)
    assert [row[2] for row in kept(phone.page)] == ["写得不对"]


def test_scans_of_an_older_page_are_taken_over_and_those_of_an_earlier_pairing_are_not_sent(
    live: Live, phone: Phone
) -> None:
    """The older page kept one token and scans that named nothing: when it was paired is all that tells them apart."""
    live.sign_up(HOLDER)
    pair(phone, "finish", "山顶")
    made = datetime.fromisoformat(phone.page.evaluate("desk.pairing().paired_at"))
    phone.page.evaluate(
        """([text, before, after]) => {
          const token = desk.pairing().token;
          localStorage.clear();
          localStorage.setItem("eventreg.desk.token", token);
          localStorage.setItem("eventreg.desk.scan.a", JSON.stringify({ nonce: "a", text, scanned_at: before }));
          localStorage.setItem("eventreg.desk.scan.b", JSON.stringify({ nonce: "b", text, scanned_at: after }));
        }""",
        [
            live.ticket_address(HOLDER),
            (made - timedelta(seconds=5)).isoformat(),
            (made + timedelta(seconds=1)).isoformat(),
        ],
    )
    phone.page.reload()
    phone.title_is("山顶")
    expect(phone.page.locator("#unsent")).to_have_text("1 条没收下", timeout=WAIT)

    reason = "这台手机配对以前扫的，不知道是在哪个签到点扫的，没有上传。请导出文件，交给组织者"
    assert kept(phone.page) == [["不知道是哪个签到点", "1 条", reason]]
    assert counted(live.app) == ["finish"]
    assert phone.page.evaluate("Object.keys(localStorage).filter(key => /desk.(scan|token)/.test(key))") == []


def test_an_open_desk_follows_the_pairing_of_another_tab(live: Live, phone: Phone) -> None:
    pair(phone, "start", "山门")
    first = phone.new_tab(pairing_link(live, point="finish", name="山顶"))
    phone.title_is("山顶")

    expect(first.get_by_role("heading", level=1)).to_have_text("山顶", timeout=WAIT)


def test_a_nonce_that_was_used_before_is_red_and_stays_on_the_phone(live: Live, phone: Phone) -> None:
    live.sign_up(HOLDER)
    pair(phone, "door", "景区东门")
    phone.page.evaluate("crypto.randomUUID = () => 'twice'")
    typed(phone, "x" * 22)

    kind, lines = typed(phone, live.ticket_address(HOLDER))

    assert (kind, lines[-1]) == ("refused", "这个编号已经用于另一次扫码，这一次没有记上，请再扫一次")
    assert counted(live.app) == []
    expect(phone.page.locator("#unsent")).to_have_text("1 条没收下")


FILL = """() => {
  for (let size = 1 << 20; size >= 1; size >>= 1) {
    try { for (let n = 0; ; n++) localStorage.setItem(`filler.${size}.${n}`, "x".repeat(size)); } catch { /* full */ }
  }
}"""


def test_a_full_storage_uses_up_no_pairing_code_and_still_sends(live: Live, phone: Phone) -> None:
    live.sign_up(HOLDER)
    link = pairing_link(live)
    phone.open("/desk")
    phone.page.evaluate(FILL)
    phone.open(link)
    phone.sees("这台手机存不下东西了")
    phone.page.evaluate("localStorage.clear()")
    phone.page.reload()
    phone.is_at("/desk")
    phone.title_is("景区东门")
    phone.page.evaluate(FILL)

    assert typed(phone, live.ticket_address(HOLDER))[0] == "admitted"
    expect(phone.page.locator("#unsent")).to_have_text("全部已上传")
    assert counted(live.app) == ["door"]
