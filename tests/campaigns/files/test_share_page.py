"""The share page in a browser: the text is copied by one button, and can be selected where nothing can be copied."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.rig import handed_in
from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.live import OUTING, Live
from tests.rig.browser.speech import ZH

pytestmark = pytest.mark.browser

ORGANISER = "HC0162"
MANAGED = f"/manage/campaigns/{OUTING}"


def test_one_button_copies_the_text_for_a_group(live: Live, new_phone: NewPhone) -> None:
    phone = new_phone(
        live, ZH, java_script_enabled=True, permissions=["clipboard-read", "clipboard-write"], locale="zh-CN"
    )
    phone.signed_in_as(ORGANISER)
    phone.open(f"{MANAGED}/share")

    button = phone.page.locator("[data-copy=share-text]")
    button.click()
    expect(button).to_have_text("已复制")

    copied = phone.page.evaluate("navigator.clipboard.readText()")
    assert copied == phone.page.locator("#share-text").input_value()
    assert copied.endswith(f"/campaigns/{OUTING}")


def test_without_a_script_no_button_is_shown_that_does_nothing(live: Live, new_phone: NewPhone) -> None:
    phone = new_phone(live, ZH, locale="zh-CN")
    phone.signed_in_as(ORGANISER)
    phone.open(f"{MANAGED}/share")

    expect(phone.page.locator("[data-copy]").first).to_be_hidden()
    expect(phone.page.locator("#share-link")).to_have_value(f"{live.base_url}/campaigns/{OUTING}")


def test_a_picture_is_chosen_uploaded_and_seen_by_everybody(live: Live, new_phone: NewPhone) -> None:
    organiser, employee = new_phone(live, ZH, locale="zh-CN"), new_phone(live, ZH, locale="zh-CN")
    organiser.signed_in_as(ORGANISER)
    organiser.open(f"{MANAGED}/files")
    content = handed_in.photo("JPEG", size=(1200, 800))

    organiser.page.locator("input[name=picture-file]").set_input_files(
        {"name": "合影.jpg", "mimeType": "image/jpeg", "buffer": content}
    )
    organiser.press("上传图片")

    organiser.sees("已上传 合影.jpg。")
    employee.open(f"/campaigns/{OUTING}")
    picture = employee.page.locator(".page-picture img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") == 1200
