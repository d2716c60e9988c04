"""The award's first half in one way: 999 字 refused, 1,000 taken, signed, changed, void, signed again, agreed to,
printed, scanned at the desk, accepted; every role on a phone. Typed in the one language, a .docx in the other."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from eventreg.core.db.session import db
from eventreg.nominations.models import Nomination
from tests.rig.browser.award_steps import DEEDS, Way
from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.live import Live
from tests.rig.browser.scanned import codes_on, picture
from tests.rig.browser.speech import EN, ZH, Speech

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("says", "document"), [(ZH, False), (EN, True)], ids=["typed, zh-CN", "document, en"]
)
def test_from_999_to_a_candidate(
    live: Live, new_phone: NewPhone, chromium: Browser, tmp_path: Path, says: Speech, document: bool
) -> None:
    way = Way(new_phone, live, says, document=document)
    way.begin()
    way.fill()
    way.write(DEEDS[:-1])
    way.is_refused(DEEDS[:-1])
    way.write(DEEDS)
    way.send()
    way.sign()

    way.submit(DEEDS.replace("柜台", "窗口"), again=True)
    way.is_void()
    marks = way.head.page.locator(".diff")
    assert [marks.locator(tag).count() for tag in ("del", "ins")] == [1, 1]
    expect(marks.locator("del")).to_contain_text("柜台")
    expect(marks.locator("ins")).to_contain_text("窗口")
    way.sign()
    way.consent()

    [address] = codes_on(picture(way.printed(), tmp_path), chromium)
    way.receive(address)
    way.accept()
    assert _whole(live) == ("candidate", 1000, 0)


def _whole(live: Live) -> tuple[str, int | None, int]:
    """State and 字数 of the one nomination, and how `flask audit verify` ends once all is sealed."""
    run = live.app.test_cli_runner().invoke
    run(args=["job", "seal"])
    with live.app.app_context():
        row = db.session.query(Nomination).one()
        return row.state, row.zishu, run(args=["audit", "verify"]).exit_code
