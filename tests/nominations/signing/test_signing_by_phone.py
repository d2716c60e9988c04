"""A head signs on her phone: once however often she presses, and never what was changed meanwhile."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.rig.browser.award_steps import DEEDS, HEAD, NOMINEE, Way
from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.live import Live
from tests.rig.browser.speech import ZH

pytestmark = pytest.mark.browser


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
    assert live.letters(NOMINEE, "部门推荐了你") == 1


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
