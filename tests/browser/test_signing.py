"""From 1,000 字 to two consents: signed, changed by one word, void, signed again; every role on a phone."""

from __future__ import annotations

from playwright.sync_api import expect

from .award_steps import HEAD, NOMINEE, Way
from .conftest import NewPhone
from .live import Live
from .speech import ZH, Speech

DEEDS = "她一直守在离用户最近的柜台。" + "字" * 987


def test_one_word_voids_the_signature_and_is_shown(live: Live, new_phone: NewPhone, says: Speech) -> None:
    way = Way(new_phone, live, says)
    way.begin()
    way.submit(DEEDS)
    way.sign()
    way.submit(DEEDS.replace("柜台", "窗口"), again=True)

    way.is_void()
    marks = way.head.page.locator(".diff")
    assert [marks.locator(tag).count() for tag in ("del", "ins")] == [1, 1]
    expect(marks.locator("del")).to_contain_text("柜台")
    expect(marks.locator("ins")).to_contain_text("窗口")
    way.sign()
    way.consent()


def test_a_code_entered_twice_is_one_signature_and_a_wrong_one_is_said(
    live: Live, new_phone: NewPhone
) -> None:
    way = Way(new_phone, live, ZH)
    way.begin()
    way.submit(DEEDS)
    code = way.ask_code()
    with way.head.allowing("422"):
        way.head.field(way.word("code")).fill("000000" if code != "000000" else "111111")
        way.head.press(way.word("sign"))
    way.head.field(way.word("code")).fill(code)
    with way.head.allowing("net::ERR_ABORTED"):
        way.head.page.get_by_role("button", name=way.word("sign"), exact=True).dblclick()
        expect(way.head.page.locator(".state").nth(1)).to_have_text(way.word("signed"))
    way.is_signed()

    assert live.letters(HEAD, "请签字") == 1
    assert live.letters(NOMINEE, "部门推荐了您") == 1


def test_while_she_reads_it_is_submitted_again_and_the_change_is_shown(
    live: Live, new_phone: NewPhone
) -> None:
    way = Way(new_phone, live, ZH)
    way.begin()
    way.submit(DEEDS)
    code = way.ask_code()
    way.submit(DEEDS.replace("柜台", "窗口"), again=True)
    with way.head.allowing("409"):
        way.head.field(way.word("code")).fill(code)
        way.head.press(way.word("sign"))

    expect(way.head.page.locator(".errors")).to_contain_text("改了哪里标在下面")
    expect(way.head.page.locator(".diff ins")).to_contain_text("窗口")
    way.is_void()
