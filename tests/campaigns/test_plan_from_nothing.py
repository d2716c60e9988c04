"""Somebody who has never seen it: from an empty product to a published outing that an employee signs up for.

Each step is one thing a person does and what she then sees; the pages are Chinese ones.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.people import service as people
from eventreg.people.rules import RosterRow
from tests.rig.actors import acting
from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.live import Live, text_of
from tests.rig.browser.phone import Phone
from tests.rig.browser.speech import ZH

pytestmark = pytest.mark.browser

DESK = (1280, 900)
SIZES = [(390, 844), DESK]
TITLE = "踏春嘉年华、健康伴我行"
SLUG = "ta-chun-jia-nian-hua-jian-kang-ban"
EMPLOYEE = "E1"


def day(ahead: int) -> date:
    """A day that is so many days ahead."""
    return (utc_now() + timedelta(days=ahead)).date()


def fill(phone: Phone, /, **typed: str) -> None:
    """Write into the fields by their names, as they stand on the page."""
    for name, text in typed.items():
        phone.page.locator(f"main [name={name}]").fill(text)


def follow_about(phone: Phone, verb: str, what: str) -> None:
    """The link of this verb that is about this thing."""
    with phone.page.expect_navigation():
        phone.page.get_by_role("link", name=re.compile(rf"^{verb}\s*：{what}$")).click()


def change(phone: Phone, what: str) -> None:
    """The button that changes a part or a line."""
    follow_about(phone, "修改", what)


def on_line(phone: Phone, verb: str, what: str) -> None:
    """The small form of a line."""
    with phone.page.expect_navigation():
        phone.page.get_by_role("button", name=re.compile(rf"^{verb}\s*：{what}$")).click()


def found_the_company(phone: Phone) -> None:
    """The console's link, the first administrator, and the roster that the console imports."""
    phone.open(phone.live.link(None))
    fill(phone, staff_no="A1", name="何青", email="a1@example.cn", unit_name="禾川农电")
    phone.press(ZH.found)
    now, rows = utc_now(), [RosterRow(2, EMPLOYEE, "李燕", "女", "营销部/客户服务班", email="e1@example.cn")]
    with phone.live.app.app_context(), unit_of_work():
        people.import_roster(rows, company="禾川农电", actor=acting("test", now))


def make_the_season(phone: Phone) -> None:
    """An empty overview says what comes first."""
    phone.open("/manage")
    phone.sees("还没有活动季")
    phone.follow("建活动季")
    fill(phone, title="2027 年三八国际妇女节", day=day(40).isoformat())
    with phone.allowing("422"):
        phone.press("保存活动季")
    assert phone.error_at("网站名称") == "还没有填，请补上"
    fill(phone, brand="禾川三八", owner="禾川农电 党群工作部", phone="8206")
    phone.press("保存活动季")
    phone.sees("活动季已保存。")
    phone.sees("还没有活动")


def make_the_draft(phone: Phone) -> None:
    """A blank outing; its address is made from its name."""
    phone.follow("新建活动")
    fill(phone, title=TITLE)
    phone.page.get_by_label("空白的户外活动").check()
    phone.press("建草稿")
    phone.is_at(f"/manage/campaigns/{SLUG}")
    phone.title_is(TITLE)
    phone.sees("发布以前还差 1 项")


def write_the_basics(phone: Phone) -> None:
    """What is missing leads to where it is mended."""
    phone.follow("还没有介绍，写几句是什么活动")
    fill(phone, intro="走一段路，放一次风筝。", closes_at=f"{day(30)}T18:00")
    phone.press("保存说明")
    phone.sees("活动说明已保存。")


def settle_the_activities(phone: Phone) -> None:
    """The walk gets its hours and its length, the contest a name; one is added and taken out again."""
    change(phone, "项目和日程")
    change(phone, "徒步")
    fill(phone, title="徒步游", starts="09:00", ends="10:00", place="青龙湖东门", p_distance_m="50")
    phone.page.get_by_label("确定").check()
    with phone.allowing("422"):
        phone.press("保存项目")
    assert phone.error_at("至少走多远") == "请写 100 到 50000 之间的整数"
    fill(phone, p_distance_m="1500")
    phone.press("保存项目")
    change(phone, "分组比赛")
    fill(phone, title="风筝赛", starts="10:00", ends="11:00", place="青龙湖草坪")
    phone.press("保存项目")
    phone.follow("加一个“座谈会”")
    phone.press("保存项目")
    on_line(phone, "去掉", "座谈会")
    phone.sees("项目已去掉。")
    assert phone.page.locator(".parts h2").all_inner_texts() == ["徒步游", "风筝赛"]
    phone.follow("返回活动设置")


def set_the_places(phone: Phone) -> None:
    """Two rows of allocations, by a button and without a script."""
    change(phone, "名额")
    fill(phone, capacity="30")
    phone.page.get_by_label("设上限").check()
    fill(phone, kept="20")
    phone.press("再加一行")
    assert phone.page.locator("[name=capacity]").input_value() == "30"
    phone.page.locator("[name=unit_1]").select_option(label="营销部")
    fill(phone, places_1="5")
    phone.press("保存名额")
    phone.sees("名额 30，男职工最多 10 人，其余留给女职工，营销部最多 5 人")


def ask_one_question_more(phone: Phone) -> None:
    """The blank asks for a phone and remarks; a bus is one question more."""
    change(phone, "报名表")
    phone.follow("加一个问题")
    fill(phone, label="从哪里上车", hint="公司南门或者城关供电所")
    phone.page.get_by_label("必填").check()
    phone.press("保存问题")
    on_line(phone, "上移", "从哪里上车")
    assert phone.page.locator(".parts h2").all_inner_texts() == ["手机号", "从哪里上车", "备注"]
    phone.follow("返回活动设置")


def look_and_publish(phone: Phone) -> None:
    """First as an employee will see it, down to the form; then for everybody."""
    phone.follow("预览")
    phone.sees("还没有发布，只有组织者看得到")
    phone.sees("男职工最多 10 人，其余留给女职工。")
    phone.follow("报名参加")
    phone.sees("在这里不能提交")
    phone.sees("从哪里上车")
    phone.follow("返回预览")
    phone.follow("返回活动设置")
    phone.press("发布活动")
    phone.sees("已发布，职工现在看得到了。")
    phone.follow("看职工看到的页面")
    phone.is_at(f"/campaigns/{SLUG}")


def sign_up(phone: Phone) -> None:
    """An employee on her phone: home, form, ticket."""
    phone.signed_in_as(EMPLOYEE)
    phone.open("/")
    follow_about(phone, ZH.sign_up, TITLE)
    fill(phone, phone="13800138000", q1="公司南门")
    phone.field(ZH.consent).check()
    phone.press_submit()
    phone.sees(ZH.seated.format(n=1))


def tell_another_hour(organiser: Phone, employee: Phone) -> None:
    """The walk begins an hour earlier: who signed up is told, with her new calendar."""
    organiser.open(f"/manage/campaigns/{SLUG}/activities")
    change(organiser, "徒步游")
    fill(organiser, starts="08:00")
    organiser.press("保存项目")
    organiser.page.get_by_label("不用确认，只通知").check()
    organiser.press("改好，通知 1 人")
    organiser.sees("已发邮件告诉 1 人。")
    letter = organiser.live.letter(EMPLOYEE, "日程有变")
    assert "08:00" in text_of(letter)


def note_it_on_the_overview(phone: Phone) -> None:
    """One place taken of thirty; nothing needs attention."""
    phone.open("/manage")
    phone.sees("1 项活动")
    assert phone.page.locator(".camp-num").inner_text().split() == ["1", "人已报", "名额", "30"]
    assert phone.page.locator(".attention").count() == 0


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desk"])
def test_an_outing_from_an_empty_product(empty: Live, new_phone: NewPhone, size: tuple[int, int]) -> None:
    organiser = new_phone(empty, ZH, size=size, locale="zh-CN")
    employee = new_phone(empty, ZH, locale="zh-CN")

    found_the_company(organiser)
    make_the_season(organiser)
    make_the_draft(organiser)
    write_the_basics(organiser)
    settle_the_activities(organiser)
    set_the_places(organiser)
    ask_one_question_more(organiser)
    look_and_publish(organiser)
    sign_up(employee)
    tell_another_hour(organiser, employee)
    note_it_on_the_overview(organiser)
