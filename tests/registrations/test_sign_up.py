"""From the home page to the ticket, on a phone, without JavaScript, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from eventreg.delivery import qr
from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.live import Live, parts_of, text_of
from tests.rig.browser.phone import Phone
from tests.rig.browser.speech import Speech

pytestmark = pytest.mark.browser

ME, PLACES = "HC0084", 30
FORM, RECEIPT = "/campaigns/spring-outing/registration", r"/my/registrations/\d+"


def walk_to_the_form(phone: Phone, staff_no: str) -> None:
    """Home, sign up, sign in with the mailed code: the form opens by itself."""
    phone.speak()
    phone.page.locator("article", has=phone.page.locator("a[href='/campaigns/spring-outing']")).get_by_role(
        "link", name=re.compile(f"^({phone.says.sign_up}|{phone.says.join_line})")
    ).click()
    phone.sign_in(staff_no)
    phone.is_at(FORM)


def test_a_sign_up_with_a_mistake_ends_with_a_ticket_and_its_mail(
    live: Live, new_phone: NewPhone, says: Speech, tmp_path: Path
) -> None:
    phone = new_phone(live, says)
    walk_to_the_form(phone, ME)

    marked = phone.page.locator("label[for=phone] [lang=zh-CN], .fold p[lang=zh-CN]").count()
    assert marked == 0  # the default question and notice are read in the page's language
    assert (
        phone.page.locator(".fold p").first.inner_text()[:4] == {"zh-CN": "处理者：", "en": "Who:"}[says.lang]
    )
    phone.field(says.phone).fill("1380013800")
    phone.field(says.remark).fill("不吃辣，<b>走得慢</b>\n请留前排")
    with phone.allowing("422"):
        phone.press_submit()

    listed = phone.page.locator(".errors li a").all()
    assert [link.get_attribute("href") for link in listed] == ["#phone", "#consent"]
    assert phone.error_at(says.phone) == says.phone_short
    assert phone.error_at(says.consent) == says.consent_missing
    assert phone.field(says.phone).input_value() == "1380013800"
    assert phone.field(says.remark).input_value() == "不吃辣，<b>走得慢</b>\n请留前排"
    assert live.registrations(ME) == []

    phone.field(says.phone).fill("138 0013 8000")
    phone.field(says.consent).check()
    phone.press_submit()

    phone.is_at(RECEIPT)
    phone.sees(says.seated.format(n=1))
    drawn = qr.drawn(live.ticket_address(ME))
    assert phone.page.locator("svg.qr path").last.get_attribute("d") == drawn.path
    expect(phone.page.locator(".ticket")).not_to_contain_text("13800138000")
    phone.sees_answer("13800138000")

    letter = live.letter(ME, says.seated_subject)
    attached = parts_of(letter)
    assert attached["image/png"] == qr.png(live.ticket_address(ME))
    assert attached["text/calendar"].startswith(b"BEGIN:VCALENDAR\r\n")
    assert 'src="cid:qr.' in text_of(letter, "html")
    assert live.ticket_address(ME) not in text_of(letter)
    assert (
        str(letter["Subject"])
        == f"{says.seated_subject}{' ' if says.lang == 'en' else ''}踏春嘉年华、健康伴我行"
    )


def test_the_picture_and_the_calendar_entry_can_be_kept(
    live: Live, new_phone: NewPhone, says: Speech, tmp_path: Path
) -> None:
    live.sign_up(ME)
    phone = new_phone(live, says)
    phone.signed_in_as(ME)
    phone.open("/my")
    phone.follow("踏春嘉年华、健康伴我行")

    with phone.allowing("net::ERR_ABORTED"), phone.page.expect_download() as picture:
        phone.page.locator("a[href$='ticket.png']").click()
    with phone.allowing("net::ERR_ABORTED"), phone.page.expect_download() as entry:
        phone.page.locator("a[href$='calendar.ics']").click()

    with Image.open(picture.value.path()) as kept:
        assert kept.width == 945
    assert picture.value.suggested_filename == "踏春嘉年华、健康伴我行-1.png"
    assert Path(entry.value.path()).read_text().count("BEGIN:VEVENT") == 2


def test_who_waits_is_seated_when_somebody_leaves(live: Live, new_phone: NewPhone, says: Speech) -> None:
    names = [live.person(ME).name, *live.fill(PLACES - 2), live.person("HC0085").name]
    first = new_phone(live, says)
    live.sign_up(ME)
    live.sign_up("HC0085")
    second = new_phone(live, says)
    walk_to_the_form(second, "HC0086")

    second.field(says.consent).check()
    second.press(says.join_line)

    second.is_at(RECEIPT)
    nth = "1st" if says.lang == "en" else "1"
    second.sees(says.waiting)
    expect(second.page.locator(".queue-number")).to_have_text(nth)
    assert second.page.locator("svg.qr").count() == 0
    live.letter("HC0086", says.waiting_subject.format(n=nth))

    first.signed_in_as(ME)
    first.open("/my")
    first.follow("踏春嘉年华、健康伴我行")
    first.follow(says.withdraw)
    first.press(says.withdraw)
    first.sees(says.withdrawn_note)
    assert first.page.locator("svg.qr").count() == 0

    assert live.registrations("HC0086") == [(PLACES + 1, "seated")]
    letter = live.letter("HC0086", says.your_turn_subject)
    assert parts_of(letter)["image/png"] == qr.png(live.ticket_address("HC0086"))
    second.page.reload()
    second.sees(says.your_turn)
    second.sees(says.seated.format(n=PLACES + 1))
    assert names[-1] not in second.page.content()


def test_the_order_shows_masked_names_only(live: Live, new_phone: NewPhone, says: Speech) -> None:
    names = live.fill(PLACES + 2)
    phone = new_phone(live, says)
    phone.speak()

    for path in ("/campaigns/spring-outing", "/campaigns/spring-outing/order"):
        phone.open(path)
        lines = phone.page.locator(".orderlist li")
        assert lines.count() == PLACES + 2
        assert lines.first.text_content() == f"1{names[0][0]}*{names[0][-1] if len(names[0]) > 2 else ''}"
        assert [name for name in names if name in phone.page.content()] == []


def test_without_a_network_the_form_stays_with_what_was_typed(
    live: Live, new_phone: NewPhone, says: Speech
) -> None:
    phone = new_phone(live, says, java_script_enabled=True)
    phone.signed_in_as(ME)
    phone.open(FORM)
    phone.field(says.remark).fill("请留前排")
    phone.field(says.consent).check()
    phone.context.set_offline(True)

    phone.page.get_by_role("button", name=says.submit, exact=True).click()

    expect(phone.page.get_by_role("alert")).to_contain_text(says.no_network)
    expect(phone.field(says.remark)).to_have_value("请留前排")
    assert live.registrations(ME) == []

    phone.context.set_offline(False)
    expect(phone.page.locator("#offline")).to_be_hidden()
    phone.press_submit()
    phone.is_at(RECEIPT)
    assert live.registrations(ME) == [(1, "seated")]


def test_an_organiser_s_form_stays_too(live: Live, new_phone: NewPhone, says: Speech) -> None:
    phone = new_phone(live, says, java_script_enabled=True)
    phone.signed_in_as("HC0162")
    phone.open("/manage/campaigns/spring-outing/messages/new")
    phone.page.locator("[name=text]").fill("请带雨衣")
    phone.context.set_offline(True)

    phone.page.locator("[name=look]").click()

    expect(phone.page.get_by_role("alert")).to_contain_text(says.no_network)
    expect(phone.page.locator("[name=text]")).to_have_value("请带雨衣")
    phone.context.set_offline(False)
