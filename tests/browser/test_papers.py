"""A form on paper, from the department's printer to the desk where its code is scanned."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect
from pypdf import PdfReader

from eventreg.campaigns.service import get_campaign
from eventreg.core.clock import utc_now
from eventreg.core.db import unit_of_work
from eventreg.nominations import drafts, service
from eventreg.nominations.papers import codes
from eventreg.people import directory
from eventreg.people.directory import Sought
from eventreg.people.rules import Gender
from tests.rig import awards

from .conftest import NewPhone
from .live import Live
from .speech import EN, ZH, Speech

CONTACT, REVIEWER = "HC0202", "HC0002"
PRINT = {ZH.lang: "打印推荐表 PDF", EN.lang: "Print the form (PDF)"}
RECEIVE = {ZH.lang: "登记收到", EN.lang: "Record as received"}
RECEIVED = {ZH.lang: "已登记收到。", EN.lang: "Recorded as received."}
CAME_IN = {ZH.lang: "纸质推荐表已收到", EN.lang: "The form on paper has come in"}
UNDO = {ZH.lang: "撤回收件记录", EN.lang: "Take the receipt back"}
OPEN = {ZH.lang: "打开这份推荐表", EN.lang: "Open this form"}


def submitted(live: Live) -> int:
    """A nomination of the contact's, submitted."""
    contact, now = live.person(CONTACT).id, utc_now()
    content = awards.written(chosen_on=(now - timedelta(days=9)).date().isoformat())
    with live.app.app_context():
        award, department = get_campaign("ten-women").id, min(drafts.departments_of(contact, now=now))
        women = Sought(unit_id=department, employed=True, gender=Gender.FEMALE)
        nominee = directory.search(women, number=1).people[0].id
        with unit_of_work():
            made = drafts.begin(award, department, nominee, by=contact, now=now)
        with unit_of_work():
            drafts.save(made, content, seen=1, tab="t", by=contact, now=now)
        with unit_of_work():
            service.submit(made, seen=2, by=contact, now=now)
    return made


def address(live: Live, made: int) -> str:
    """What the QR code on its print holds."""
    with live.app.app_context():
        named = codes.named_of(made, 2, keys=live.app.extensions["eventreg.keys"])
        return f"/p/{codes.token_of(named)}"


def test_a_print_is_scanned_at_the_desk_and_the_department_sees_it(
    live: Live, new_phone: NewPhone, says: Speech
) -> None:
    made = submitted(live)
    contact, desk = new_phone(live, says), new_phone(live, says)
    contact.signed_in_as(CONTACT)
    desk.signed_in_as(REVIEWER)

    contact.open(f"/unit/nominations/{made}")
    with contact.page.expect_download() as printed:
        contact.page.get_by_role("link", name=PRINT[says.lang]).click()
    paper = PdfReader(io.BytesIO(Path(printed.value.path()).read_bytes())).pages[0].extract_text()
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", paper)
    assert code is not None

    desk.open(address(live, made))
    desk.page.locator("[name=copies]").fill("2")
    desk.press(RECEIVE[says.lang])
    desk.sees(RECEIVED[says.lang])
    contact.page.reload()
    contact.sees(CAME_IN[says.lang])

    desk.open("/review/receipts")
    desk.page.locator("[name=code]").fill(code[0].lower())
    desk.press(OPEN[says.lang])
    desk.page.locator("summary").click()
    desk.page.locator("[name=reason]").fill("拿错了")
    desk.press(UNDO[says.lang])
    expect(desk.page.get_by_role("button", name=RECEIVE[says.lang], exact=True)).to_be_visible()
