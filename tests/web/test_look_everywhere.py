"""Every page that the matrix of doors names is looked at, as each role that it lets in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest

from eventreg.campaigns.service import get_campaign, list_questions
from eventreg.chat import service as robots
from eventreg.chat.rules import NAME_MOST, ChatService, NewsKind
from eventreg.chat.service import NewRobot
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.nominations.papers import check_codes
from eventreg.people import uploads
from eventreg.people.reading import RosterFile
from eventreg.people.rules import RosterRow
from eventreg.registrations import reading
from eventreg.reminders import service as reminders
from eventreg.reminders.rules import Anchor, AnchorSide, OffsetUnit, ReminderInput, ReminderTiming
from eventreg.season import letters
from eventreg.web.style_guide.views import LONG_NAME, LONG_UNIT
from tests.rig.actors import acting
from tests.rig.browser.award_steps import HEAD
from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.live import OUTING, Live
from tests.rig.browser.nominated import nominate
from tests.rig.browser.phone import Phone
from tests.rig.browser.signed import nominee_of, sign_and_change
from tests.rig.browser.speech import Speech
from tests.rig.browser.stage import (
    ADMINISTRATOR,
    CONTACT,
    ORGANISER,
    REVIEWER,
    SEATED,
    WAITING,
    look,
    look_at,
    set_stage,
)
from tests.rig.round_by_hand import JUDGE
from tests.security.matrix import GETS

pytestmark = pytest.mark.browser

# What is no page, and what needs a walk of its own to be seen (tests/web/test_look.py, test_desk.py).
NO_PAGES = (
    "/api/",
    "/desk",
    "/healthz",
    "/readyz",
    "/static/",
    "/sign-in",
    "/t/",
    "/w/",
    "/arrival",
    "/screen/",
)
NO_HTML = (
    ".css",
    ".csv",
    ".json",
    ".ics",
    ".png",
    ".js",
    ".xlsx",
    ".pdf",
    ".docx",
    "/files/<file_id>",
    "/papers/<int:document_id>/file",
)
ROLES = {
    "administrator": ADMINISTRATOR,
    "organiser": ORGANISER,
    "unit_contact": CONTACT,
    "department_head": HEAD,
    "unit_contact_other": "",  # whoever is nominated
    "judge": JUDGE,
    "hr_reviewer": REVIEWER,
    "employee": SEATED,
}


@pytest.fixture(scope="module")
def stage(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The stage of long names."""
    with set_stage(demo_folder, tmp_path_factory.mktemp("stage") / "instance") as live:
        yield live


@pytest.fixture(scope="module")
def known(stage: Live) -> dict[str, str]:
    """What the samples of the matrix stand for here."""
    rows = (
        RosterRow(2, "N1", LONG_NAME, "女", LONG_UNIT[:40]),
        RosterRow(3, "HC0084", "安娜", "女", "营销部", email=""),
    )
    owner = stage.person(ADMINISTRATOR).id
    nominated = nominate(stage)
    with stage.app.app_context():
        campaign = get_campaign(OUTING).id
        activity, question = (get_campaign(OUTING).activities[0].id, list_questions(campaign)[0].id)
        own, other = (reading.find_live(campaign, stage.person(no).id) for no in (SEATED, WAITING))
        with unit_of_work():
            upload = uploads.keep(
                RosterFile(rows, ("籍贯", "身高")),
                name=f"{LONG_NAME}.xlsx",
                leavers=True,
                owner_id=owner,
                actor=acting("test", utc_now()),
            )
        if not reminders.list_rules(campaign):
            seen = get_campaign(OUTING).version
            timing = ReminderTiming(Anchor.END, AnchorSide.AFTER, 1, OffsetUnit.DAYS, time(9))
            with unit_of_work():
                reminders.add(
                    campaign, ReminderInput("seated", timing), seen=seen, actor=acting("test", utc_now())
                )
        _add_robot(stage, campaign)
        wanted = letters.LetterFilter(campaign_id=campaign)
        letter = letters.page_of(wanted, mine=None, number=1).letters[0].id
        reminder = reminders.list_rules(campaign)[0].id
    return {
        "letter": str(letter),
        "reminder": str(reminder),
        "own": str(own.id if own else 0),
        "other": str(other.id if other else 0),
        "seated": str(own.id if own else 0),
        "person": str(stage.person(CONTACT).id),
        "upload": upload,
        "activity": str(activity),
        "question": str(question),
        **nominated,
        "paper": _paper(stage, int(nominated["submitted"])),
        **sign_and_change(stage, int(nominated["submitted"])),
    }


def _paper(live: Live, nomination: int) -> str:
    """A print of what was submitted; the last part of its address."""
    with live.app.app_context():
        return check_codes.token_of(
            check_codes.named_of(nomination, 2, keys=live.app.extensions["eventreg.keys"])
        )


def _add_robot(live: Live, campaign_id: int) -> None:
    """A robot of the longest name; it has nothing to say, so nobody is called."""
    address = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0a1b-2c3d"
    if robots.list_robots(campaign_id):
        return
    wanted = NewRobot(ChatService.WECOM, LONG_NAME[:NAME_MOST], address, "", frozenset(NewsKind))
    seen, keys = get_campaign(OUTING).version, live.app.extensions["eventreg.keys"]
    with unit_of_work():
        robots.add(campaign_id, wanted, seen=seen, listed=(), actor=acting("test", utc_now(), keys))


def pages_of(role: str, known: dict[str, str]) -> list[str]:
    """The addresses of all pages that let a role in, but those that an earlier role has seen."""
    earlier = list(ROLES)[: list(ROLES).index(role)]
    rows = [row for row in GETS if role in row.allow and not row.allow.intersection(earlier)]
    pages = [row for row in rows if not row.rule.startswith(NO_PAGES) and not row.rule.endswith(NO_HTML)]
    return [row.sample.format_map(known) for row in pages]


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role(
    stage: Live, known: dict[str, str], new_phone: NewPhone, says: Speech, role: str
) -> None:
    phone = _phone(new_phone, stage, says, ROLES[role] or nominee_of(stage, int(known["my_nomination"])))

    assert look_at(phone, *pages_of(role, known), who=role) == {}


def test_forms_about_people_that_come_back(stage: Live, new_phone: NewPhone, says: Speech) -> None:
    phone = _phone(new_phone, stage, says, ADMINISTRATOR)
    person = f"/manage/people/{stage.person(CONTACT).id}"
    phone.open(person)
    phone.page.locator("[name=email]").fill("nobody")
    with phone.allowing("422"):
        _send(phone, f"{person}/email")
    found = look(phone, "mail refused")
    phone.open(person)
    phone.page.locator(f"form[action='{person}/grants']").evaluate(
        "form => form.closest('details').open = true"
    )
    with phone.allowing("422"):
        _send(phone, f"{person}/grants")
    found |= look(phone, "role refused")
    phone.open("/manage/people/import")
    with phone.allowing("422"):
        _send(phone, "/manage/people/import")
    found |= look(phone, "no file")
    bad = f"工号,姓名,性别,单位\nN1,,女,{LONG_UNIT}\n{'9' * 40},{LONG_NAME},x,部门\n".encode()
    phone.page.locator("[name=file]").set_input_files(
        {"name": f"{LONG_NAME}.csv", "mimeType": "text/csv", "buffer": bad}
    )
    _send(phone, "/manage/people/import")
    found |= look(phone, "bad lines")
    found |= look_at(phone, "/manage/people?q=x", "/manage/people?q=nobody", "/manage/letters?state=failed")

    assert found == {}


def test_letters_worded_looked_at_and_sent(stage: Live, new_phone: NewPhone, says: Speech) -> None:
    phone, managed = _phone(new_phone, stage, says, ORGANISER), f"/manage/campaigns/{OUTING}"
    wording, messages = f"{managed}/wording/registration_seated", f"{managed}/messages/new"
    phone.open(wording)
    phone.page.locator("[name=subject_en]").fill("{{name}}")
    with phone.allowing("422"):
        _press(phone, f"{wording}#look", "button[type=submit]:not([name])")
    found = look(phone, "wording refused")
    phone.page.locator("[name=subject_en]").fill("{{campaign}}")
    _press(phone, f"{wording}#look", "[name=look]")
    found |= look(phone, "wording looked at")
    _press(phone, f"{wording}#look", "button[type=submit]:not([name])")
    found |= look_at(phone, f"{managed}/wording", wording)
    phone.open(messages)
    phone.page.locator("[name=subject]").fill(LONG_NAME)
    phone.page.locator("[name=text]").fill("{{姓名}} {{单位}}")
    _press(phone, f"{messages}#look", "[name=look]")
    found |= look(phone, "message looked at")
    _press(phone, f"{messages}#look", "[name=send]")
    found |= look(phone, "message sent")
    phone.open("/my/calendar")
    with phone.page.expect_navigation():
        phone.page.locator("main form button").first.click()
    found |= look(phone, "address made")

    assert found == {}


def test_typed_text_over_a_change_of_language(stage: Live, new_phone: NewPhone, says: Speech) -> None:
    phone = _phone(new_phone, stage, says, ORGANISER)
    phone.open("/campaigns/forum/registration")
    phone.field(says.remark).fill("请留前排")
    with phone.allowing("422"):
        phone.press_submit()
    phone.press("中文" if says.lang == "en" else "English")

    assert look(phone, "kept") == {}
    assert phone.page.locator("[name=remark]").input_value() == "请留前排"


def test_an_empty_letter_box_and_a_first_roster(empty: Live, new_phone: NewPhone, says: Speech) -> None:
    phone = new_phone(empty, says, java_script_enabled=True, reduced_motion="reduce")
    phone.speak()
    phone.open(empty.link(None))
    for name, typed in (
        ("staff_no", "A1"),
        ("name", LONG_NAME),
        ("email", "a@example.cn"),
        ("unit_name", "禾川"),
    ):
        phone.page.locator(f"[name={name}]").fill(typed)
    phone.press(says.found)
    found = look_at(
        phone, "/manage", "/manage/people", "/manage/letters", "/my/data", "/manage/people/import"
    )
    first = f"工号,姓名,性别,单位\nN1,{LONG_NAME},女,{LONG_UNIT}\n".encode()
    phone.page.locator("[name=file]").set_input_files(
        {"name": "roster.csv", "mimeType": "text/csv", "buffer": first}
    )
    _send(phone, "/manage/people/import")
    found |= look(phone, "first preview")
    with phone.page.expect_navigation():
        phone.page.locator("main .btn-primary").click()
    found |= look(phone, "first report")

    assert found == {}


def _phone(new_phone: NewPhone, stage: Live, says: Speech, staff_no: str) -> Phone:
    phone = new_phone(stage, says, java_script_enabled=True, reduced_motion="reduce")
    phone.signed_in_as(staff_no)
    return phone


def _send(phone: Phone, action: str) -> None:
    """Press the button of the form with this action."""
    with phone.page.expect_navigation():
        phone.page.locator(f"form[action='{action}'] button").click()


def _press(phone: Phone, action: str, button: str) -> None:
    """Press one of the buttons of the form with this action."""
    with phone.page.expect_navigation():
        phone.page.locator(f"form[action='{action}'] {button}").first.click()
