"""The deeds as a .docx on a phone: 999 字 are shown, refused and kept, 1,000 are taken."""

from __future__ import annotations

from playwright.sync_api import expect

from eventreg.core.db import db
from eventreg.nominations.files.models import NominationFile
from eventreg.nominations.models import Nomination
from tests.rig import handed_in

from .conftest import NewPhone
from .live import Live
from .phone import Phone
from .speech import EN, ZH, Speech
from .test_nominations import MISSING, SUBMIT, SUBMITTED, begun, fill

FILES = {ZH.lang: "保存草稿，上传文件", EN.lang: "Save draft and upload files"}
UPLOAD = {ZH.lang: "上传事迹材料", EN.lang: "Upload deeds"}
USE = {ZH.lang: "用作事迹材料", EN.lang: "Use as deeds text"}
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def bring(phone: Phone, says: Speech, length: int) -> None:
    """From the form to the page of the text that was read in a document of this many 字."""
    phone.press(FILES[says.lang])
    content = handed_in.document("字" * length)
    phone.page.locator("#deeds-file").set_input_files(
        {"name": f"女神节{length}.docx", "mimeType": WORD, "buffer": content}
    )
    phone.press(UPLOAD[says.lang])


def test_a_document_of_999_is_refused_with_its_text_kept_and_one_of_1000_is_taken(
    live: Live, new_phone: NewPhone, says: Speech
) -> None:
    phone = begun(new_phone, live, says)
    fill(phone, "")
    bring(phone, says, 999)
    expect(phone.page.locator(".counter-say")).to_have_text(MISSING[says.lang])
    phone.press(USE[says.lang])
    expect(phone.page.locator("[name=post]")).to_have_value("班长")

    with phone.allowing("422"):
        phone.press(SUBMIT[says.lang])
    expect(phone.page.locator(".errors")).to_contain_text(MISSING[says.lang])
    expect(phone.page.locator("[name=deeds]")).to_have_value("字" * 999)
    bring(phone, says, 1000)
    phone.press(USE[says.lang])
    phone.press(SUBMIT[says.lang])

    expect(phone.page.locator("main .state").first).to_have_text(SUBMITTED[says.lang])
    with live.app.app_context():
        row, files = db.session.query(Nomination).one(), db.session.query(NominationFile)
        assert (row.state, row.zishu, sorted(file.zishu or 0 for file in files)) == (
            "submitted",
            1000,
            [999, 1000],
        )
