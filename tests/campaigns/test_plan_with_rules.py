"""The plan's outing and forum with their rules, set up and published by page on a phone; then the outing moves.

The season and the roster are there. The outing: women first until a day before, two buses of 20 places. The forum: for
women, two of every team.
"""

from __future__ import annotations

import re

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

from .test_plan_from_nothing import change, day, fill, follow_about, found_the_company, make_the_season

pytestmark = pytest.mark.browser

OUTING, FORUM = "踏春嘉年华、健康伴我行", "庆三八女职工座谈会"
TEAM = "营销部/客户服务班"
ROSTER = [
    RosterRow(2, "E1", "李燕", "女", TEAM, email="e1@example.cn"),
    RosterRow(3, "E2", "王强", "男", TEAM, email="e2@example.cn"),
    RosterRow(4, "E3", "赵敏", "女", TEAM, email="e3@example.cn"),
]


def add_the_roster(phone: Phone) -> None:
    with phone.live.app.app_context(), unit_of_work():
        people.import_roster(ROSTER, company="禾川农电", actor=acting("test", utc_now()))


def draft(phone: Phone, blank: str, title: str) -> str:
    """A draft from a blank; its address."""
    phone.open("/manage/new-campaign")
    fill(phone, title=title)
    phone.page.get_by_label(blank).check()
    phone.press("建草稿")
    at = re.sub(r"^https?://[^/]+", "", phone.page.url)
    phone.follow("还没有介绍，写几句是什么活动")
    fill(phone, intro="详见方案。", closes_at=f"{day(30)}T18:00")
    phone.press("保存说明")
    return at


def publish_the_outing(phone: Phone) -> str:
    at = draft(phone, "空白的户外活动", OUTING)
    change(phone, "名额")
    phone.page.get_by_label("女职工优先").check()
    with phone.allowing("422"):
        phone.press("保存名额")
    assert phone.error_at("留到什么时候").startswith("写到什么时候为止")
    fill(phone, capacity="30", until=f"{day(20)}T10:00")
    phone.press("保存名额")
    change(phone, "报名表")
    phone.follow("加一个问题")
    phone.page.get_by_label("单选").check()
    fill(phone, label="坐几号车", more="1 号车｜20\n2 号车｜20\n自己去")
    phone.press("保存问题")
    phone.follow("返回活动设置")
    phone.press("发布活动")
    phone.sees("已发布，职工现在看得到了。")
    return at


def publish_the_forum(phone: Phone) -> str:
    at = draft(phone, "空白的座谈会", FORUM)
    change(phone, "谁能报名")
    phone.page.get_by_label("按性别或单位").check()
    phone.page.get_by_label("只限女职工").check()
    phone.press("保存")
    phone.sees("只限女职工")
    phone.press("发布活动")
    phone.sees("已发布，职工现在看得到了。")
    return at


def sign_up(phone: Phone, staff_no: str, bus: str, told: str) -> None:
    phone.signed_in_as(staff_no)
    phone.open("/")
    follow_about(phone, ZH.sign_up if told == "已报上" else ".*候补", OUTING)
    phone.page.get_by_label(bus).check()
    phone.field(ZH.consent).check()
    phone.press("提交报名" if told == "已报上" else "加入候补")
    phone.sees(told)


def test_outing_and_forum_are_published_and_the_outing_moves(empty: Live, new_phone: NewPhone) -> None:
    organiser = new_phone(empty, ZH, locale="zh-CN")
    woman, man = new_phone(empty, ZH, locale="zh-CN"), new_phone(empty, ZH, locale="zh-CN")
    found_the_company(organiser)
    add_the_roster(organiser)
    make_the_season(organiser)

    outing, forum = publish_the_outing(organiser), publish_the_forum(organiser)
    sign_up(woman, "E1", "1 号车", "已报上")
    sign_up(man, "E2", "2 号车", "候补")
    man.open(forum.replace("/manage", ""))
    man.sees("面向女职工")
    organiser.open(f"{forum}/units")
    organiser.sees("客户服务班")

    organiser.open(f"{outing}/move")
    moved = day(41).isoformat()
    fill(organiser, day=moved)
    organiser.press("预览通知")
    organiser.page.get_by_label("请报上的人重新确认").check()
    fill(organiser, confirm_by=f"{day(2)}T18:00")
    organiser.press("改好，通知 2 人")

    assert "确认" in text_of(organiser.live.letter("E1", "日程有变"))
    woman.open(outing.replace("/manage", ""))
    woman.follow("确认能不能来")
    woman.press("参加")
    woman.open(outing.replace("/manage", ""))
    assert woman.page.get_by_text("确认能不能来").count() == 0
