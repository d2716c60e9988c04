"""A union organiser without IT: from the sign-in page to a published workshop, every action and page counted."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Frame

from eventreg.accounts.rules import Role
from eventreg.campaigns import seasons
from eventreg.campaigns.inputs import SeasonInput
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.people import service as people
from eventreg.people.rules import RosterRow
from eventreg.season import granting
from tests.rig.actors import acting
from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.live import Live
from tests.rig.browser.phone import Phone
from tests.rig.browser.speech import ZH

pytestmark = pytest.mark.browser

SIZES = [(390, 844), (1280, 900)]
ACTIONS_MOST, LOADS_MOST = 24, 12
ORGANISER = "W1"


class Hands:
    """Does one thing after the other in a browser and counts: each click, choice and filled field, and each page."""

    def __init__(self, phone: Phone) -> None:
        self.phone, self.actions, self.loads = phone, 0, 0
        phone.page.on("framenavigated", self._on_page)

    def _on_page(self, frame: Frame) -> None:
        self.loads += frame is self.phone.page.main_frame

    def press(self, words: str) -> None:
        self.actions += 1
        self.phone.press(words)

    def follow(self, words: str) -> None:
        self.actions += 1
        self.phone.follow(words)

    def change(self, part: str) -> None:
        """The link that changes a part of the plan."""
        self.actions += 1
        with self.phone.page.expect_navigation():
            self.phone.page.get_by_role("link", name=re.compile(rf"^修改\s*：{part}$")).click()

    def fill(self, **typed: str) -> None:
        for name, text in typed.items():
            self.actions += 1
            self.phone.page.locator(f"main [name={name}]").fill(text)

    def tick(self, label: str) -> None:
        self.actions += 1
        self.phone.page.get_by_label(label, exact=True).check()


def set_company(live: Live) -> None:
    """Three units with their people, a season, and an organiser without a campaign."""
    now = utc_now() - timedelta(minutes=1)
    units = ("综合部", "营销部/客户服务班", "供电所/运检班")
    rows = [
        RosterRow(2 + n, f"W{n}", f"职工{n}", "女", unit, email=f"w{n}@example.cn")
        for n, unit in enumerate(units, start=1)
    ]
    with live.app.app_context(), unit_of_work():
        actor = acting("test", now)
        people.import_roster(rows, company="禾川农电", actor=actor)
        seasons.make_first(
            SeasonInput(
                "2027 年三八国际妇女节",
                "三八节活动",
                "",
                "禾川三八",
                "禾川农电工会",
                "8206",
                (now + timedelta(days=40)).date(),
            ),
            actor=actor,
        )
        person = people.get_person_by_staff_no(ORGANISER)
        granting.give(person.id, Role.ORGANISER, unit_id=None, slug=None, actor=actor)


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desk"])
def test_a_workshop_is_published_in_few_actions(
    empty: Live, new_phone: NewPhone, size: tuple[int, int]
) -> None:
    """20 places, two departments, one question. Signing in is counted too."""
    set_company(empty)
    phone = new_phone(empty, ZH, size=size, locale="zh-CN")
    phone.open("/")
    hands = Hands(phone)
    page, day = phone.page, (utc_now() + timedelta(days=20)).date()

    hands.actions += 1
    with page.expect_navigation():
        page.get_by_role("banner").get_by_role("link", name="登录").click()
    code = phone.ask_code(ORGANISER)
    hands.actions += 3  # her number, the button, the code
    phone.field(ZH.code).fill(code)
    hands.press(ZH.sign_in)
    phone.is_at("/manage")
    hands.follow("新建活动")
    hands.fill(title="团扇手工课", day=day.isoformat(), starts="14:00", ends="16:00")
    hands.fill(place="三楼会议室", capacity="20", intro="老师带着做一把团扇，材料备好了。")
    hands.press("建草稿")
    hands.change("谁能报名")
    for label in ("按性别或单位", "综合部", "营销部"):
        hands.tick(label)
    hands.press("保存")
    hands.change("报名表")
    hands.follow("加一个问题")
    hands.fill(label="想要什么颜色的扇面")
    hands.press("保存并返回活动设置")
    hands.press("发布活动")

    phone.sees("已发布，职工现在看得到了。")
    print(f"from the sign-in page to a published workshop: {hands.actions} actions, {hands.loads} pages")
    assert hands.actions <= ACTIONS_MOST
    assert hands.loads <= LOADS_MOST
    phone.follow("看职工看到的页面")
    phone.title_is("团扇手工课")
    phone.sees("只限 综合部、营销部")
    assert "全体职工" not in page.locator("main").inner_text()
