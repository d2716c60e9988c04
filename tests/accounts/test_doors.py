"""The ways in and out: printed codes, console links, wrong codes, signing out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.live import Live
from tests.rig.browser.speech import Speech

pytestmark = pytest.mark.browser

CONTACT, NO_MAILBOX, ME = "HC0202", "HC0203", "HC0084"


def test_somebody_without_a_mailbox_signs_in_with_a_printed_code(
    live: Live, new_phone: NewPhone, says: Speech
) -> None:
    contact = new_phone(live, says)
    contact.signed_in_as(CONTACT)
    contact.open("/unit/codes")
    with contact.allowing("422"):
        contact.press(says.make_codes)
    contact.sees(says.none_ticked)
    contact.page.get_by_label(re.compile(live.person(NO_MAILBOX).name)).check()
    contact.press(says.make_codes)
    contact.title_is(says.print_codes)
    code = contact.page.locator(".slip-code").inner_text()

    phone = new_phone(live, says)
    phone.speak()
    phone.open("/campaigns/spring-outing/registration")
    phone.ask_code(NO_MAILBOX)
    phone.field(says.code).fill(code.lower().replace("-", " "))
    phone.press(says.sign_in)

    phone.is_at("/campaigns/spring-outing/registration")
    phone.sees(live.person(NO_MAILBOX).name)


def test_a_printed_code_works_once(live: Live, new_phone: NewPhone, says: Speech) -> None:
    contact = new_phone(live, says)
    contact.signed_in_as(CONTACT)
    contact.open("/unit/codes")
    contact.page.get_by_label(re.compile(live.person(NO_MAILBOX).name)).check()
    contact.press(says.make_codes)
    code = contact.page.locator(".slip-code").inner_text()

    entered = []
    for _ in range(2):
        phone = new_phone(live, says)
        phone.speak()
        phone.open("/sign-in")
        phone.ask_code(NO_MAILBOX)
        phone.field(says.code).fill(code)
        with phone.allowing("422"):
            phone.press(says.sign_in)
        entered.append(phone.page.get_by_role("banner").get_by_role("link", name=says.my_tickets).count())

    assert entered == [1, 0]


def test_a_console_link_signs_in_by_its_button_only(live: Live, new_phone: NewPhone, says: Speech) -> None:
    link, name = live.link(ME), live.person(ME).name
    phone = new_phone(live, says)
    phone.speak()

    phone.open(link)
    phone.open(link)
    assert phone.page.get_by_role("banner").get_by_role("link", name=says.my_tickets).count() == 0
    phone.press(says.use_link.format(name=name))
    phone.is_at("/")

    again = new_phone(live, says)
    again.speak()
    with again.allowing("410"):
        again.open(link)
    again.title_is(says.link_dead)


def test_the_first_administrator_enters_an_empty_product(
    empty: Live, new_phone: NewPhone, says: Speech
) -> None:
    phone = new_phone(empty, says)
    phone.speak()
    phone.title_is(says.no_events)
    phone.open(empty.link(None))
    phone.title_is(says.first_administrator)

    phone.page.locator("[name=staff_no]").fill("HC/0001")
    phone.page.locator("[name=name]").fill("王芳")
    phone.page.locator("[name=email]").fill("wang.fang")
    phone.page.locator("[name=unit_name]").fill("禾川农电")
    with phone.allowing("422"):
        phone.press(says.found)
    assert phone.page.locator("[aria-invalid=true]").evaluate_all("fields => fields.map(f => f.name)") == [
        "staff_no",
        "email",
    ]
    assert phone.page.locator("[name=name]").input_value() == "王芳"
    phone.page.locator("[name=staff_no]").fill("HC0001")
    phone.page.locator("[name=email]").fill("wang.fang@hechuan.example")
    phone.press(says.found)

    phone.is_at("/manage")
    phone.sees("flask demo")
    phone.open("/")
    phone.sees("flask demo")
    assert empty.person("HC0001").name == "王芳"


def test_wrong_codes_count_down_and_the_fifth_kills_the_code(
    live: Live, new_phone: NewPhone, says: Speech
) -> None:
    phone = new_phone(live, says)
    phone.speak()
    phone.open("/sign-in")
    code = phone.ask_code(ME)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"

    said = []
    for typed in (wrong, wrong, wrong, wrong, wrong, code):
        phone.field(says.code).fill(typed)
        with phone.allowing("422"):
            phone.press(says.sign_in)
        said.append(phone.error_at(says.code))

    assert said == [says.wrong_code.format(n=left) for left in (4, 3, 2, 1)] + [says.dead_code] * 2


def test_a_code_typed_full_width_with_spaces_is_the_same_code(
    live: Live, new_phone: NewPhone, says: Speech
) -> None:
    phone = new_phone(live, says)
    phone.speak()
    phone.open("/sign-in")
    code = phone.ask_code(ME)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)

    phone.field(says.code).fill(f" {wide[:3]} {wide[3:]} ")
    phone.press(says.sign_in)

    phone.is_at("/")


def test_signing_out_ends_the_session(live: Live, new_phone: NewPhone, says: Speech) -> None:
    phone = new_phone(live, says)
    phone.signed_in_as(ME)
    phone.open("/my/account")

    phone.press(says.sign_out)
    phone.sees(says.signed_out)
    phone.open("/my")

    phone.title_is(says.sign_in)


def test_the_language_stays_and_leads_back_to_the_same_page(
    live: Live, new_phone: NewPhone, says: Speech
) -> None:
    phone = new_phone(live, says)
    phone.open("/help?from=mail")

    phone.press(says.language)

    phone.is_at(r"/help\?from=mail")
    expect(phone.page.locator("html")).to_have_attribute("lang", says.lang)
    phone.open("/privacy")
    expect(phone.page.locator("html")).to_have_attribute("lang", says.lang)
