"""Letters twice their size, as some set their phones: nothing runs off the page, words stay words."""

from __future__ import annotations

import pytest

from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.live import OUTING, Live
from tests.rig.browser.speech import Speech

pytestmark = pytest.mark.browser

TWICE = "document.documentElement.style.fontSize = '200%'"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
COVERED = """() => {
  const [brand, menu] = [".side-nav .brand", ".side-nav summary"].map(e => document.querySelector(e).getBoundingClientRect());
  return brand.right > menu.left && brand.bottom > menu.top && brand.top < menu.bottom;
}"""
BAR_SHARE = "document.querySelector('.callbar').offsetHeight / innerHeight"


def test_an_event_and_a_ticket_in_large_letters(live: Live, new_phone: NewPhone, says: Speech) -> None:
    receipt = live.sign_up("HC0084")
    phone = new_phone(live, says, java_script_enabled=True)
    phone.signed_in_as("HC0084")
    shares = []
    for path in (f"/campaigns/{OUTING}", f"/my/registrations/{receipt.id}"):
        phone.open(path)
        phone.page.evaluate(TWICE)
        assert (path, phone.page.evaluate(TOO_WIDE)) == (path, 0)
        shares += [phone.page.evaluate(BAR_SHARE)] if phone.page.locator(".callbar").count() else []

    assert [share < 0.4 for share in shares] == [True]


def test_tables_in_large_letters(live: Live, new_phone: NewPhone, says: Speech) -> None:
    for staff_no in ("HC0084", "HC0085"):
        live.sign_up(staff_no)
    live.withdraw("HC0085")
    phone = new_phone(live, says, java_script_enabled=True)
    phone.signed_in_as("HC0001")
    managed = f"/manage/campaigns/{OUTING}"
    for path in (f"{managed}/roster", f"{managed}/sign-in-sheet", "/manage/campaigns/ten-women/quotas"):
        phone.open(path)
        phone.page.evaluate(TWICE)
        assert (path, phone.page.evaluate(TOO_WIDE)) == (path, 0)
        assert phone.page.evaluate(COVERED) is False, path
