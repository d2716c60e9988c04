"""Twice the same: one registration, one receipt; and nothing that was typed is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from eventreg.accounts import sessions
from eventreg.accounts.models import BrowserSession
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from tests.rig.actors import acting
from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.live import Live
from tests.rig.browser.phone import Phone
from tests.rig.browser.speech import ZH, Speech

pytestmark = pytest.mark.browser

ME = "HC0084"
FORM, RECEIPT = "/campaigns/spring-outing/registration", r"/my/registrations/\d+"
REMARK = "少放盐；" + "，".join("春风又绿江南岸明月何时照我还" for _ in range(8))


def filled(phone: Phone, phone_number: str = "13800138000", remark: str = REMARK) -> None:
    """Fill the form that is open."""
    phone.field(phone.says.phone).fill(phone_number)
    phone.field(phone.says.remark).fill(remark)
    phone.field(phone.says.consent).check()


def at_the_form(phone: Phone) -> Phone:
    """Signed in since yesterday, the form open."""
    phone.signed_in_as(ME)
    phone.open(FORM)
    return phone


def test_a_double_click_makes_one_registration(live: Live, new_phone: NewPhone) -> None:
    phone = at_the_form(new_phone(live))
    filled(phone)

    with phone.allowing("net::ERR_ABORTED"):
        phone.page.get_by_role("button", name=ZH.submit).dblclick()
        phone.is_at(RECEIPT)

    phone.sees(ZH.seated.format(n=1))
    assert live.registrations(ME) == [(1, "seated")]
    live.letter(ME, ZH.seated_subject)
    assert live.letters(ME, ZH.seated_subject) == 1


def test_going_back_to_the_form_shows_the_receipt(live: Live, new_phone: NewPhone) -> None:
    phone = at_the_form(new_phone(live))
    filled(phone)
    phone.press_submit()
    phone.is_at(RECEIPT)
    receipt = phone.page.url

    phone.page.go_back()

    expect(phone.page).to_have_url(receipt)
    phone.sees(ZH.seated.format(n=1))
    assert live.registrations(ME) == [(1, "seated")]


def test_two_tabs_with_the_same_answers_lead_to_the_same_receipt(live: Live, new_phone: NewPhone) -> None:
    phone = at_the_form(new_phone(live))
    filled(phone)
    first = phone.new_tab(FORM)
    filled(phone)
    phone.press_submit()
    phone.is_at(RECEIPT)
    receipt = phone.page.url

    phone.page = first
    phone.press_submit()

    expect(phone.page).to_have_url(receipt)
    assert live.registrations(ME) == [(1, "seated")]


def test_a_second_tab_with_other_answers_is_offered_as_a_change(
    live: Live, new_phone: NewPhone, says: Speech
) -> None:
    phone = at_the_form(new_phone(live, says))
    filled(phone)
    first = phone.new_tab(FORM)
    filled(phone, "13900139000")
    phone.press_submit()
    phone.is_at(RECEIPT)

    phone.page = first
    with phone.allowing("409"):
        phone.press_submit()
    phone.title_is(says.change_offered)
    assert phone.field(says.phone).input_value() == "13800138000"
    phone.press(says.save_changes)

    phone.sees(says.changes_saved)
    phone.sees_answer("13800138000")
    assert live.registrations(ME) == [(1, "seated")]


def test_a_form_survives_a_sign_in_in_another_tab(live: Live, new_phone: NewPhone, says: Speech) -> None:
    phone = at_the_form(new_phone(live, says))
    filled(phone)
    session_over(live)
    first = phone.new_tab("/sign-in")
    phone.sign_in(ME)

    phone.page = first
    phone.press_submit()

    phone.is_at(RECEIPT)
    phone.sees_answer(REMARK)


def test_an_expired_session_gives_the_typed_text_back_after_signing_in(
    live: Live, new_phone: NewPhone, says: Speech
) -> None:
    phone = at_the_form(new_phone(live, says))
    filled(phone)
    session_over(live)

    phone.press_submit()
    phone.title_is(says.sign_in)
    phone.sign_in(ME)

    phone.is_at(FORM)
    assert phone.field(says.phone).input_value() == "13800138000"
    assert phone.field(says.remark).input_value() == REMARK
    phone.field(says.consent).check()
    phone.press_submit()
    phone.sees(says.seated.format(n=1))


def test_the_longest_remark_survives_an_expired_session(live: Live, new_phone: NewPhone) -> None:
    longest = "".join(chr(0x4E00 + 37 * n % 20_000) for n in range(500))
    phone = at_the_form(new_phone(live))
    filled(phone, remark=longest)
    session_over(live)

    phone.press_submit()
    phone.sign_in(ME)

    assert phone.field(ZH.remark).input_value() == longest


def test_a_form_whose_token_does_not_fit_comes_back_whole_and_can_be_sent_again(
    live: Live, new_phone: NewPhone, says: Speech
) -> None:
    phone = at_the_form(new_phone(live, says))
    filled(phone)
    phone.context.clear_cookies()
    phone.signed_in_as(ME)  # another session: its CSRF secret is not the form's

    with phone.allowing("400"):
        phone.press_submit()
    phone.title_is(says.page_expired)
    assert phone.page.locator("[name=phone]").input_value() == "13800138000"
    assert phone.page.locator("[name=remark]").input_value() == REMARK
    phone.press(says.submit_again)

    phone.is_at(RECEIPT)
    phone.sees_answer(REMARK)
    assert live.registrations(ME) == [(1, "seated")]


def test_the_language_can_be_changed_without_losing_the_way_to_the_form(
    live: Live, new_phone: NewPhone, says: Speech
) -> None:
    phone = new_phone(live, says)
    phone.open(FORM)

    phone.press(says.language)
    phone.title_is(says.sign_in)
    phone.sign_in(ME)

    phone.is_at(FORM)


def session_over(live: Live) -> None:
    """Every session of hers ends on the server, as after thirty days."""
    with live.app.app_context():
        ids = db.session.scalars(select(BrowserSession.id)).all()
        with unit_of_work():
            for id_ in ids:
                sessions.end(id_, actor=acting(1, utc_now()))
