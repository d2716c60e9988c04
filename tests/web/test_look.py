"""Every page in both languages, by day and by night, at three widths, with the longest names."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from eventreg.core.db.session import db, unit_of_work
from eventreg.web.style_guide.views import LONG_NAME
from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.laws import locked
from tests.rig.browser.live import OUTING, Live
from tests.rig.browser.phone import Phone
from tests.rig.browser.speech import ZH, Speech
from tests.rig.browser.stage import (
    ADMINISTRATOR,
    AXE,
    CONTACT,
    GONE,
    NO_MAILBOX,
    NO_MAILBOX_WAITING,
    NOBODY,
    ORGANISER,
    SEATED,
    WAITING,
    look,
    look_at,
    set_stage,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def stage(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A full outing, a closed one, the forum without limit; the people met have the longest names."""
    with set_stage(demo_folder, tmp_path_factory.mktemp("stage") / "instance") as live:
        yield live


def test_what_everybody_sees(stage: Live, new_phone: NewPhone, says: Speech) -> None:
    phone = new_phone(stage, says, java_script_enabled=True, reduced_motion="reduce")
    phone.speak()
    paths = ["/", *(f"/campaigns/{slug}" for slug in (OUTING, "forum", "ten-women", "closed"))]
    paths += [f"/campaigns/{OUTING}/order", f"/campaigns/{OUTING}/order?after=999"]
    paths += ["/sign-in", "/help", "/privacy", "/t/AAAAAAAAAAAAAAAAAAAAAA"]

    found = look_at(phone, *paths)
    with phone.allowing("404"):
        found |= look_at(phone, "/nothing-here")
    with phone.allowing("410"):
        found |= look_at(phone, "/sign-in/link/nothing")
    found |= look_at(phone, stage.link(SEATED))

    assert found == {}


def test_no_style_locks_a_phone_to_one_orientation(stage: Live, new_phone: NewPhone) -> None:
    """One sheet serves all pages; test_laws.py has the control."""
    phone = new_phone(stage, ZH, java_script_enabled=True)
    phone.open("/")

    assert locked(phone.page, AXE) == []
    assert phone.page.locator("link[rel=stylesheet]:not([media=print])").count() == 1


def test_the_steps_of_signing_in(stage: Live, new_phone: NewPhone, says: Speech) -> None:
    phone = new_phone(stage, says, java_script_enabled=True, reduced_motion="reduce")
    phone.speak()
    phone.open("/sign-in")

    with phone.allowing("422"):
        phone.press(says.send_code)
    found = look(phone, "nobody named")
    phone.ask_code({"zh-CN": NOBODY, "en": GONE}[says.lang])  # whoever asked a moment ago has to wait
    found |= look(phone, "code asked")
    phone.field(says.code).fill("000 000")
    with phone.allowing("422"):
        phone.press(says.sign_in)
    found |= look(phone, "wrong code")

    assert found == {}


def test_what_the_signed_in_see(stage: Live, new_phone: NewPhone, says: Speech) -> None:
    found: dict[str, list[str]] = {}
    for staff_no in (SEATED, WAITING, GONE, NO_MAILBOX, NO_MAILBOX_WAITING, NOBODY):
        phone = new_phone(stage, says, java_script_enabled=True, reduced_motion="reduce")
        phone.signed_in_as(staff_no)
        if staff_no in (SEATED, NOBODY):
            found |= look_at(phone, "/my/account", "/my", who=staff_no)
        if staff_no == NOBODY:
            found |= look_at(phone, "/", f"/campaigns/{OUTING}/registration", who=staff_no)
            continue
        phone.open("/my")
        phone.follow("踏春嘉年华、健康伴我行")
        found |= look(phone, f"{staff_no}: receipt")
        if staff_no in (SEATED, WAITING):
            receipt = phone.page.url
            found |= look_at(phone, "/", f"/campaigns/{OUTING}", who=staff_no)
            found |= look_at(phone, f"{receipt}/answers", f"{receipt}/withdrawal", who=staff_no)
    assert found == {}


def test_forms_that_come_back(stage: Live, new_phone: NewPhone, says: Speech) -> None:
    phone = new_phone(stage, says, java_script_enabled=True, reduced_motion="reduce")
    phone.signed_in_as(NOBODY)
    phone.open("/campaigns/forum/registration")
    found = look(phone, "form")
    phone.field(says.phone).fill("1380013800")
    with phone.allowing("422"):
        phone.press_submit()
    found |= look(phone, "mistakes")
    phone.page.locator("[name=csrf_token]").first.evaluate("field => field.form.csrf_token.value = 'old'")
    phone.page.locator(".form [name=csrf_token]").evaluate("field => field.value = 'old'")
    with phone.allowing("400"):
        phone.press_submit()
    found |= look(phone, "token")
    phone.page.locator(".form [name=phone]").evaluate("field => field.form.action = '/gone'")
    with phone.allowing("404"):
        phone.press(says.submit_again)
    found |= look(phone, "gone")
    other = new_phone(stage, says, java_script_enabled=True, reduced_motion="reduce")
    other.signed_in_as(SEATED)
    other.open(stage.base_url + "/t/AAAAAAAAAAAAAAAAAAAAAA")
    found |= look(other, "somebody's ticket")

    assert found == {}


def test_what_a_unit_contact_sees(stage: Live, new_phone: NewPhone, says: Speech) -> None:
    phone = new_phone(stage, says, java_script_enabled=True, reduced_motion="reduce")
    phone.signed_in_as(CONTACT)
    found = look_at(phone, "/my/account", "/unit/codes")

    with phone.allowing("422"):
        phone.press(says.make_codes)
    found |= look(phone, "nobody ticked")
    phone.page.locator(".peoplelist input").first.check()
    phone.press(says.make_codes)
    found |= look(phone, "sheet")

    assert found == {}


def test_what_an_organiser_sees(stage: Live, new_phone: NewPhone, says: Speech) -> None:
    phone = new_phone(stage, says, java_script_enabled=True, reduced_motion="reduce")
    phone.signed_in_as(ORGANISER)
    managed = f"/manage/campaigns/{OUTING}"
    found = look_at(phone, "/manage", f"{managed}/roster", f"{managed}/roster?q=nobody&sort=name")
    found |= look_at(
        phone, f"{managed}/sign-in-sheet", f"{managed}/figures", "/manage/campaigns/ten-women/roster"
    )
    found |= look_at(phone, f"{managed}/confirmations", f"{managed}/move")
    day = phone.page.locator("[name=day]")
    day.fill((date.fromisoformat(day.input_value()) + timedelta(days=1)).isoformat())
    phone.page.locator("[value=preview]").click()
    phone.page.locator("[value=send]").wait_for()
    found |= look(phone, "preview of a move")
    phone.page.set_viewport_size({"width": 360, "height": 844})
    phone.page.locator(".side-nav summary").click()
    found |= look(phone, "menu")

    assert found == {}


def test_what_an_organiser_plans(stage: Live, new_phone: NewPhone, says: Speech) -> None:
    phone = new_phone(stage, says, java_script_enabled=True, reduced_motion="reduce")
    phone.signed_in_as(ORGANISER)
    phone.open("/manage/new-campaign")
    phone.page.locator("[name=title]").fill(LONG_NAME)
    phone.page.locator("#start-0").check()
    phone.page.locator(".form-plan .btn-primary").click()
    phone.page.wait_for_url(re.compile("/manage/campaigns/"))
    found, draft = look(phone, "draft"), phone.page.url
    parts = ("basics", "places", "activities", "activities/new/contest", "questions", "questions/new")
    found |= look_at(phone, *(f"{draft}/{part}" for part in (*parts, "preview", "preview/form")), who="draft")
    found |= look_at(phone, f"/manage/campaigns/{OUTING}", f"/manage/campaigns/{OUTING}/activities")
    for part in ("basics", "questions/new"):
        phone.open(f"{draft}/{part}")
        phone.page.evaluate("() => document.querySelectorAll('details').forEach(fold => (fold.open = true))")
        for field in phone.page.locator(".form-plan input:not([type=hidden]):not([type=radio])").all():
            field.fill("") if field.get_attribute("type") != "checkbox" else field.uncheck()
        with phone.allowing("422"):
            phone.page.locator(".form-plan .btn-primary").click()
            phone.page.locator(".errors").wait_for()
        found |= look(phone, f"mistakes in {part}")
    found |= look_at(phone, "/manage", "/manage/new-campaign")
    phone.signed_in_as(ADMINISTRATOR)
    found |= look_at(phone, "/manage/season")

    assert found == {}


def test_an_empty_product(empty: Live, new_phone: NewPhone, says: Speech) -> None:
    phone = new_phone(empty, says, java_script_enabled=True, reduced_motion="reduce")
    phone.speak()
    found = look_at(phone, "/", "/help", "/help/phone", "/privacy", empty.link(None))

    with phone.allowing("422"):
        phone.press(says.found)
    found |= look(phone, "mistakes")
    for name, typed in (
        ("staff_no", "A1"),
        ("name", LONG_NAME),
        ("email", "a@example.cn"),
        ("unit_name", "禾川"),
    ):
        phone.page.locator(f"[name={name}]").fill(typed)
    phone.press(says.found)
    found |= look_at(phone, "/", "/my", "/my/account", "/manage", "/manage/season", who="administrator")

    assert found == {}


def test_a_broken_table_shows_the_page_of_a_fault(live: Live, new_phone: NewPhone, says: Speech) -> None:
    phone = _at_the_form(new_phone(live, says, java_script_enabled=True, reduced_motion="reduce"))
    with live.app.app_context(), unit_of_work():
        db.session.execute(text("ALTER TABLE answer RENAME TO answer_gone"))

    with phone.allowing("500"):
        phone.press_submit()

    assert look(phone, "500") == {}
    assert phone.page.locator("[name=remark]").input_value() == "请留前排"


def test_a_busy_database_keeps_the_form_until_it_can_be_sent(
    live: Live, new_phone: NewPhone, says: Speech
) -> None:
    phone = _at_the_form(new_phone(live, says, java_script_enabled=True, reduced_motion="reduce"))

    with phone.allowing("503"), _writing_for_ever(live):
        phone.press_submit()
        phone.title_is(says.too_busy)

    assert look(phone, "503") == {}
    phone.press(says.submit_again)
    phone.sees(says.seated.format(n=1))
    phone.sees_answer("请留前排")


@contextlib.contextmanager
def _writing_for_ever(live: Live) -> Iterator[None]:
    """Somebody else's program keeps the database's write lock."""
    with contextlib.closing(sqlite3.connect(live.mail.parent / "eventreg.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def _at_the_form(phone: Phone) -> Phone:
    phone.signed_in_as(SEATED)
    phone.open(f"/campaigns/{OUTING}/registration")
    phone.field(phone.says.remark).fill("请留前排")
    phone.field(phone.says.consent).check()
    return phone
