"""The award's way step by step, from the contact's desk on: each role on a phone of her own.

way = Way(new_phone, live, says)
way.begin(); way.submit("字" * 1000); way.sign(); …
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from playwright.sync_api import expect

from tests.rig import handed_in

from .fixtures import NewPhone
from .live import Live, text_of
from .phone import Phone
from .speech import ZH, Speech

CONTACT, HEAD, NOMINEE, REVIEWER = "HC0202", "HC0201", "HC0205", "HC0002"
DEEDS = "她一直守在离用户最近的柜台。" + "字" * 986  # 1,000 字
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

WORDS = {
    "begin": ("开始写推荐", "Begin the nomination"),
    "submit": ("提交推荐", "Submit nomination"),
    "again": ("重新提交", "Submit again"),
    "count": ("统计字数", "Count the text"),
    "missing": ("还差 1 字", "Missing, in words: 1"),
    "files": ("保存草稿，上传文件", "Save draft and upload files"),
    "upload": ("上传事迹材料", "Upload deeds"),
    "use": ("用作事迹材料", "Use as deeds text"),
    "submitted": ("已提交", "Submitted"),
    "send_code": ("发送签字验证码", "Send the code for signing"),
    "code_subject": ("签字验证码", "Code for signing"),
    "code": ("签字验证码", "Code for signing"),
    "sign": ("签字", "Sign"),
    "signed": ("已签字", "Signed"),
    "due": ("等签字", "To be signed"),
    "return": ("退回推荐", "Return nomination"),
    "agree_judges": ("同意提交评审", "Agree: Judging"),
    "agree_notice": ("同意公示", "Agree: Public notice"),
    "agreed": ("已同意", "Agreed"),
    "print": ("打印推荐表 PDF", "Print the form (PDF)"),
    "receive": ("登记收到", "Record as received"),
    "received": ("已登记收到。", "Recorded as received."),
    "came_in": ("纸质推荐表已收到", "The form on paper has come in"),
    "save": ("保存", "Save"),
    "candidate": ("候选人", "Candidate"),
}


class Way:
    """One nomination and those who deal with it; `document`: its deeds come as a .docx."""

    def __init__(self, new_phone: NewPhone, live: Live, says: Speech, *, document: bool = False) -> None:
        self.new_phone, self.live, self.says, self.document, self.id = new_phone, live, says, document, 0

    def word(self, name: str) -> str:
        """In the language of this way."""
        return WORDS[name][self.says.lang != ZH.lang]

    @cached_property
    def contact(self) -> Phone:
        """The unit contact's phone."""
        return self._phone(CONTACT)

    @cached_property
    def head(self) -> Phone:
        """The department head's."""
        return self._phone(HEAD)

    @cached_property
    def nominee(self) -> Phone:
        """The nominee's."""
        return self._phone(NOMINEE)

    @cached_property
    def reviewer(self) -> Phone:
        """HR's."""
        return self._phone(REVIEWER)

    def begin(self) -> None:
        """The contact begins a draft for the nominee."""
        phone = self.contact
        phone.open("/unit/nominations")
        with phone.page.expect_navigation():
            phone.page.locator("main a.btn-primary").click()
        phone.page.get_by_label(self.live.person(NOMINEE).name).check()
        phone.press(self.word("begin"))
        self.id = int(phone.page.url.rsplit("/", 1)[1])

    def submit(self, deeds: str, *, again: bool = False) -> None:
        """The contact fills in all that is asked, with this text, and submits it."""
        self.contact.open(f"/unit/nominations/{self.id}")
        if not again:
            self.fill()
        self.contact.page.locator("[name=deeds]").fill(deeds)
        self.send(again=again)

    def write(self, deeds: str) -> None:
        """This text comes into the form, typed or out of a document."""
        if self.document:
            self._bring(deeds)
        else:
            self.contact.page.locator("[name=deeds]").fill(deeds)

    def send(self, *, again: bool = False) -> None:
        """The contact submits what is in the form."""
        self.contact.press(self.word("again" if again else "submit"))
        expect(self.contact.page.locator(".state").first).to_have_text(self.word("submitted"))

    def is_refused(self, deeds: str) -> None:
        """The counter and the refusal say what is missing; the text stays in the form."""
        phone, page = self.contact, self.contact.page
        phone.press(self.word("count"))
        expect(page.locator("[data-say]")).to_have_text(self.word("missing"))
        with phone.allowing("422"):
            phone.press(self.word("submit"))
        expect(page.locator(".errors")).to_contain_text(self.word("missing"))
        expect(page.locator("[name=deeds]")).to_have_value(deeds)

    def ask_code(self) -> str:
        """The head reads the page and has a code sent; the code in her mail."""
        phone = self.head
        phone.open(f"/unit/signatures/{self.id}")
        before = self.live.letters(HEAD, self.word("code_subject"))
        phone.press(self.word("send_code"))
        letter = self.live.letter(HEAD, self.word("code_subject"), after=before)
        found = re.search(r"\b\d{6}\b", text_of(letter))
        if found is None:
            raise AssertionError("no code in the letter")
        return found[0]

    def sign(self) -> None:
        """The head signs with the code from her mail."""
        code = self.ask_code()
        self.head.field(self.word("code")).fill(code)
        self.head.press(self.word("sign"))
        self.is_signed()

    def is_signed(self) -> None:
        """What the head's page says of the signature."""
        self.head.open(f"/unit/signatures/{self.id}")
        expect(self.head.page.locator(".state").nth(1)).to_have_text(self.word("signed"))

    def is_void(self) -> None:
        """The head's page waits for a signature."""
        self.head.open(f"/unit/signatures/{self.id}")
        expect(self.head.page.locator(".state").nth(1)).to_have_text(self.word("due"))

    def consent(self) -> None:
        """The nominee agrees to both."""
        phone = self.nominee
        phone.open(f"/my/nominations/{self.id}")
        for purpose in ("judges", "notice"):
            phone.press(self.word(f"agree_{purpose}"))
            expect(phone.page.locator(f"#{purpose} .state")).to_have_text(self.word("agreed"))

    def printed(self) -> bytes:
        """The contact prints the form: a PDF."""
        self.contact.open(f"/unit/nominations/{self.id}")
        with self.contact.page.expect_download() as paper:
            self.contact.page.get_by_role("link", name=self.word("print")).click()
        return Path(paper.value.path()).read_bytes()

    def receive(self, address: str) -> None:
        """HR opens the address that a paper's code holds and records it; the contact sees that."""
        self.reviewer.open(address)
        self.reviewer.press(self.word("receive"))
        self.reviewer.sees(self.word("received"))
        self.contact.page.reload()
        self.contact.sees(self.word("came_in"))

    def accept(self) -> None:
        """HR looks at the five conditions again and makes her a candidate."""
        page = self.reviewer.page
        self.reviewer.open(f"/review/nominations/{self.id}")
        for box in page.locator("[name=ticked]").all():
            box.check()
        page.locator("[name=verdict][value=candidate]").check()
        self.reviewer.press(self.word("save"))
        expect(page.locator(".state").first).to_have_text(self.word("candidate"))

    def fill(self) -> None:
        """All that the form asks but the deeds."""
        page = self.contact.page
        for name, text in (
            ("post", "班长"),
            ("since", "2008年7月"),
            ("present", "9"),
            ("short", "把小事办好。"),
        ):
            page.locator(f"[name={name}]").fill(text)
        page.locator("[name=chosen_on]").fill("2026-01-15")
        for box in page.locator("[name=ticked]").all():
            box.check()
        page.locator("[name=way][value=ballot]").check()

    def _bring(self, deeds: str) -> None:
        phone, content = self.contact, handed_in.document(deeds)
        phone.press(self.word("files"))
        phone.page.locator("#deeds-file").set_input_files(
            {"name": f"女神节{len(deeds)}.docx", "mimeType": WORD, "buffer": content}
        )
        phone.press(self.word("upload"))
        expect(phone.page.locator(".proof-deeds")).to_have_text(deeds)
        phone.press(self.word("use"))

    def _phone(self, staff_no: str) -> Phone:
        phone = self.new_phone(self.live, self.says)
        phone.signed_in_as(staff_no)
        return phone
