"""A text that is too long is never cut off by the browser: the page counts, the server refuses, the text is still there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.live import OUTING, Live
from tests.rig.browser.speech import ZH
from tests.rig.browser.stage import ADMINISTRATOR, SEATED

pytestmark = pytest.mark.browser

LONG = "字" * 2_600
PAGES = [  # where long texts are typed, the field, and how much is allowed
    (f"/manage/campaigns/{OUTING}/messages/new", "text", 2_000),
    (f"/manage/campaigns/{OUTING}/basics", "intro", 1_000),
    (f"/campaigns/{OUTING}/registration", "remark", 500),
]


@pytest.mark.parametrize(("path", "name", "most"), PAGES)
def test_what_is_pasted_stays_whole_is_counted_and_comes_back(
    live: Live, new_phone: NewPhone, path: str, name: str, most: int
) -> None:
    phone = new_phone(live, ZH, java_script_enabled=True)
    phone.signed_in_as(SEATED if path.startswith("/campaigns") else ADMINISTRATOR)
    phone.open(path)
    field, count = phone.page.locator(f"textarea[name={name}]"), phone.page.locator(f"[data-length={name}]")
    before = len(field.input_value())

    field.evaluate(
        "(field, text) => { field.focus(); field.select(); document.execCommand('insertText', false, text) }",
        LONG,
    )

    expect(count).to_have_text(f"多了 {2_600 - most} 个字符，请删短")
    assert before < most
    with phone.allowing("422"):
        phone.page.locator(f"form:has(textarea[name={name}]) button[type=submit]").first.click()
    assert phone.page.locator(f"textarea[name={name}]").input_value() == LONG
    assert phone.page.locator(f"#{name}-error").is_visible()
