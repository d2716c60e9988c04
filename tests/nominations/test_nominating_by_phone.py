"""A contact writes on her phone: counted at once, saved by itself; nothing that was typed is lost."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.people.directory import list_units
from tests.rig.actors import acting
from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.live import Live
from tests.rig.browser.phone import Phone
from tests.rig.browser.speech import EN, ZH, Speech

pytestmark = pytest.mark.browser

CONTACT = "HC0202"
COLLEAGUE = "HC0201"  # the head of the same department
PICK = "/unit/nominations"
BEGIN = {ZH.lang: "开始写推荐", EN.lang: "Begin the nomination"}
SAVE = {ZH.lang: "保存草稿", EN.lang: "Save draft"}
BACK = {ZH.lang: "放回表里", EN.lang: "Put it back into the form"}


def begun(new_phone: NewPhone, live: Live, says: Speech, **options: object) -> Phone:
    """A draft for the first woman of the department, on the contact's phone."""
    phone = new_phone(live, says, **options)
    phone.signed_in_as(CONTACT)
    phone.open(PICK)
    with phone.page.expect_navigation():
        phone.page.locator("main a.btn-primary").click()
    phone.page.locator("[name=person]").first.check()
    phone.press(BEGIN[says.lang])
    return phone


def make_contact(live: Live, staff_no: str) -> None:
    """Make somebody a contact of the department that CONTACT nominates for."""
    with live.app.app_context():
        [unit_id] = [id_ for id_, name in list_units() if name == "城关供电所"]
        since = utc_now() - timedelta(minutes=5)
        person_id = live.person(staff_no).id
        with unit_of_work():
            grants.grant(person_id, Role.UNIT_CONTACT, unit_id=unit_id, actor=acting("test", since))


def fill(phone: Phone, deeds: str) -> None:
    """All that the form asks, and a deeds text."""
    page = phone.page
    for name, text in (("post", "班长"), ("since", "2008年7月"), ("present", "9"), ("short", "把小事办好。")):
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=chosen_on]").fill("2026-01-15")
    for box in page.locator("[name=ticked]").all():
        box.check()
    page.locator("[name=way][value=ballot]").check()
    page.locator("[name=deeds]").fill(deeds)


def test_what_is_typed_is_counted_at_once_and_saved_by_itself(live: Live, new_phone: NewPhone) -> None:
    phone = begun(new_phone, live, ZH, java_script_enabled=True)
    phone.page.clock.install()
    phone.page.reload()

    fill(phone, "字" * 916)
    expect(phone.page.locator("[data-say]")).to_have_text("还差 84 字")
    phone.page.clock.run_for(11_000)
    expect(phone.page.locator("#saved")).to_contain_text("已自动保存")

    phone.page.reload()
    expect(phone.page.locator("[name=deeds]")).to_have_value("字" * 916)
    expect(phone.page.locator("#kept")).to_be_hidden()


def test_without_a_network_it_is_kept_on_the_phone_and_offered_back(live: Live, new_phone: NewPhone) -> None:
    phone = begun(new_phone, live, ZH, java_script_enabled=True)
    phone.page.clock.install()
    phone.page.reload()
    with phone.allowing("net::ERR_INTERNET_DISCONNECTED"):
        phone.context.set_offline(True)
        fill(phone, "山里没有信号")
        phone.page.clock.run_for(11_000)
        expect(phone.page.locator("#saved")).to_contain_text("连不上服务器")
        before = phone.page
        phone.page = phone.context.new_page()
        before.close()
    phone.context.set_offline(False)

    phone.open(f"{PICK}/1")
    expect(phone.page.locator("#kept")).to_be_visible()
    phone.page.get_by_role("button", name=BACK[ZH.lang]).click()
    expect(phone.page.locator("[name=deeds]")).to_have_value("山里没有信号")
    expect(phone.page.locator("#saved")).to_contain_text("已自动保存")
    kept = phone.page.evaluate("() => JSON.stringify(Object.keys(localStorage))")
    assert json.loads(kept) == []


def test_somebody_else_in_the_same_browser_is_not_offered_what_was_typed(
    live: Live, new_phone: NewPhone
) -> None:
    phone = begun(new_phone, live, ZH, java_script_enabled=True)
    phone.page.clock.install()
    phone.page.reload()
    with phone.allowing("net::ERR_INTERNET_DISCONNECTED"):
        phone.context.set_offline(True)
        fill(phone, "还没想好的话")
        phone.page.clock.run_for(11_000)
        before = phone.page
        phone.page = phone.context.new_page()
        before.close()
    phone.context.set_offline(False)

    make_contact(live, COLLEAGUE)
    phone.signed_in_as(COLLEAGUE)
    phone.open(f"{PICK}/1")
    expect(phone.page.locator("[name=deeds]")).to_be_visible()
    expect(phone.page.locator("#kept")).to_be_hidden()
    phone.signed_in_as(CONTACT)
    phone.open(f"{PICK}/1")
    expect(phone.page.locator("#kept")).to_be_visible()


def test_a_draft_that_an_older_page_kept_is_offered_once(live: Live, new_phone: NewPhone) -> None:
    phone = begun(new_phone, live, ZH, java_script_enabled=True)
    phone.page.evaluate(
        """() => localStorage.setItem(
          `nomination:${document.getElementById("nomination").dataset.autosave}`,
          JSON.stringify({ content: '[["deeds","以前写的"]]', at: "早上" }),
        )"""
    )
    phone.page.reload()

    expect(phone.page.locator("#kept")).to_be_visible()
    phone.page.get_by_role("button", name=BACK[ZH.lang]).click()
    expect(phone.page.locator("[name=deeds]")).to_have_value("以前写的")


@pytest.mark.parametrize(
    "deeds",
    [
        "\u3000\u3000她把小事办好。\n\u3000\u3000天天如此。\n\n",
        "她把⼩事办好。\u200b ",
        "\n    她把小事办好。",
    ],
    ids=["indent", "look-alikes", "empty line"],
)
def test_what_the_server_stored_is_not_offered_back_however_it_was_typed(
    live: Live, new_phone: NewPhone, deeds: str
) -> None:
    phone = begun(new_phone, live, ZH, java_script_enabled=True)
    fill(phone, deeds)
    phone.press(SAVE[ZH.lang])

    phone.page.wait_for_function("() => localStorage.length === 0", timeout=5_000)
    expect(phone.page.locator("#kept")).to_be_hidden()


def test_two_tabs_are_shown_to_each_other_and_neither_text_is_lost(live: Live, new_phone: NewPhone) -> None:
    phone = begun(new_phone, live, ZH)
    first = phone.new_tab(f"{PICK}/1")
    fill(phone, "第二个窗口写的")
    phone.press(SAVE[ZH.lang])

    phone.page = first
    fill(phone, "第一个窗口写的")
    with phone.allowing("409"):
        phone.press(SAVE[ZH.lang])
    expect(phone.page.locator(".proof-deeds")).to_have_text("第二个窗口写的")
    expect(phone.page.locator("[name=deeds]")).to_have_value("第一个窗口写的")
    phone.press(SAVE[ZH.lang])
    expect(phone.page.locator("[name=deeds]")).to_have_value("第一个窗口写的")
