"""The award's way past its deadline, every role on a phone: the form changes after the submission, HR returns it with a
day, page and mail say that day, it is mended, signed and agreed to again, and accepted."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from eventreg.campaigns.models import Campaign
from eventreg.campaigns.service import get_campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from tests.rig.browser.award_steps import CONTACT, DEEDS, Way
from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.live import Live, text_of
from tests.rig.browser.scanned import codes_on, picture
from tests.rig.browser.speech import EN, ZH, Speech

pytestmark = pytest.mark.browser

ADMINISTRATOR, REASON = "HC0001", "请写明她守的是哪个窗口"


def change_form(way: Way) -> None:
    """An administrator asks for one field more; the page warns that something was submitted already."""
    phone = way.new_phone(way.live, way.says)
    phone.signed_in_as(ADMINISTRATOR)
    phone.open("/manage/campaigns/ten-women/award")
    phone.page.locator("[name=asks][value=education]").check()
    with phone.page.expect_navigation():
        phone.page.locator("main .form-end button").last.click()
    phone.open("/manage/campaigns/ten-women/award")
    expect(phone.page.locator("[name=asks][value=education]")).to_be_checked()


def close(live: Live) -> None:
    """The deadline passes."""
    with live.app.app_context(), unit_of_work():
        row = db.session.get_one(Campaign, get_campaign("ten-women").id)
        row.opens_at, row.closes_at = utc_now() - timedelta(days=20), utc_now() - timedelta(minutes=1)
        row.version += 1


def give_back(way: Way) -> None:
    """HR finds it complete by the form it was submitted under, and returns it with the day that the page suggests."""
    way.reviewer.open(f"/review/nominations/{way.id}")
    page = way.reviewer.page
    page.locator("[name=verdict][value=returned]").check()
    page.locator("[name=reason]").fill(REASON)
    way.reviewer.press(way.word("save"))


def hour_in(words: str) -> str:
    """The last hour and minute that a text names."""
    return str(re.findall(r"\d\d:\d\d", words)[-1])


@pytest.mark.parametrize("says", [ZH, EN], ids=["zh-CN", "en"])
def test_returned_after_the_deadline_mended_and_accepted(
    live: Live, new_phone: NewPhone, chromium: Browser, tmp_path: Path, says: Speech
) -> None:
    way = Way(new_phone, live, says)
    way.begin()
    way.submit(DEEDS)
    way.sign()
    way.consent()
    change_form(way)
    close(live)
    give_back(way)

    way.contact.open(f"/unit/nominations/{way.id}")
    way.contact.sees(REASON)
    letter = text_of(live.letter(CONTACT, "退回"))
    told = (
        way.contact.page.get_by_role("main").locator("p", has_text=re.compile(r"\d\d:\d\d")).all_inner_texts()
    )
    assert any(hour_in(letter) in line for line in told)

    way.contact.page.locator("[name=education]").fill("大学本科")
    way.contact.page.locator("[name=deeds]").fill(DEEDS.replace("柜台", "窗口"))
    way.send(again=True)
    way.is_void()
    way.sign()
    way.nominee.open(f"/my/nominations/{way.id}")
    expect(way.nominee.page.locator(".diff ins").first).to_contain_text("大学本科")
    expect(way.nominee.page.locator(".diff ins").last).to_contain_text("窗口")
    way.nominee.press(way.word("agree_judges"))
    [address] = codes_on(picture(way.printed(), tmp_path), chromium)
    way.receive(address)
    way.accept()
