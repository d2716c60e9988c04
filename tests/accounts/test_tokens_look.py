"""The administrator's page of API tokens in every state of it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.laws import breaches
from tests.rig.browser.live import Live
from tests.rig.browser.speech import Speech

pytestmark = pytest.mark.browser

ADMINISTRATOR = "HC0001"
LONG_NAME = "阿依古丽·买买提艾力·吐尔逊阿洪·古丽巴哈尔·阿不都热依木·热孜万古丽·买合木提"
AXE = Axe()


def test_how_the_page_of_tokens_looks(live: Live, new_phone: NewPhone, says: Speech) -> None:
    phone = new_phone(live, says, java_script_enabled=True, reduced_motion="reduce")
    phone.signed_in_as(ADMINISTRATOR)
    phone.open("/manage/tokens")
    found = {"empty": breaches(phone.page, AXE)}
    make = phone.page.locator(".token-form button[type=submit]")
    with phone.allowing("422"), phone.page.expect_navigation():
        make.click()
    found["nothing filled in"] = breaches(phone.page, AXE)
    phone.page.locator("#token_name").fill("x" * 40 + says.lang)
    phone.page.locator("#owner").fill(LONG_NAME)
    phone.page.locator(".choices input").last.check()
    with phone.page.expect_navigation():
        make.click()
    found["made"] = breaches(phone.page, AXE)
    with phone.page.expect_navigation():
        phone.page.locator(".tokens button").first.click()
    found["revoked"] = breaches(phone.page, AXE)

    assert found == {name: [] for name in found}
