"""The award's way step by step, from the contact's desk on: each role on a phone of her own.

    way = Way(new_phone, live, says)
    way.begin(); way.submit("字" * 1000); way.sign(); …

Later steps (paper, the desk, HR) are added here as methods and used after these.
"""

from __future__ import annotations

import re
from functools import cached_property

from playwright.sync_api import expect

from .conftest import NewPhone
from .live import Live, text_of
from .phone import Phone
from .speech import ZH, Speech

CONTACT, HEAD, NOMINEE = "HC0202", "HC0201", "HC0205"

WORDS = {
    "begin": ("开始写推荐", "Begin the nomination"),
    "submit": ("提交推荐", "Submit nomination"),
    "again": ("重新提交", "Submit again"),
    "submitted": ("已提交", "Submitted"),
    "send_code": ("发送签字验证码", "Send the code for signing"),
    "code_subject": ("签字验证码", "Code for signing"),
    "code": ("签字验证码", "Code for signing"),
    "sign": ("签字", "Sign"),
    "signed": ("已签字", "Signed"),
    "due": ("等签字", "To be signed"),
    "return": ("退回推荐", "Return nomination"),
    "agree_judges": ("同意给评委看", "Agree: Shown to judges"),
    "agree_notice": ("同意公示", "Agree: Public notice"),
    "agreed": ("已同意", "Agreed"),
}


class Way:
    """One nomination and those who deal with it."""

    def __init__(self, new_phone: NewPhone, live: Live, says: Speech) -> None:
        self.new_phone, self.live, self.says, self.id = new_phone, live, says, 0

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
        phone, page = self.contact, self.contact.page
        phone.open(f"/unit/nominations/{self.id}")
        if not again:
            self._fill()
        page.locator("[name=deeds]").fill(deeds)
        phone.press(self.word("again" if again else "submit"))
        expect(page.locator(".state").first).to_have_text(self.word("submitted"))

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

    def _fill(self) -> None:
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

    def _phone(self, staff_no: str) -> Phone:
        phone = self.new_phone(self.live, self.says)
        phone.signed_in_as(staff_no)
        return phone
