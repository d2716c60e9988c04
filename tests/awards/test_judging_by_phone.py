"""Judging in browsers: HR sets rules and panel and opens the round; a judge signs, scores, declares; the ranking stands."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from eventreg.campaigns.models import Campaign
from eventreg.campaigns.service import get_campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.people.service import get_person_by_staff_no
from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.live import Live
from tests.rig.browser.phone import Phone
from tests.rig.browser.speech import EN, ZH, Speech
from tests.rig.candidates import make_candidates

pytestmark = pytest.mark.browser

REVIEWER, CHAIR, JUDGE, THIRD = "HC0002", "HC0041", "HC0121", "HC0242"
SAY = {
    ZH.lang: {
        "save": "保存评选办法",
        "look": "看看要回避谁",
        "seat": "确认加入",
        "open": "开始评审",
        "close": "结束打分，保存排名",
        "pledge": "签承诺书",
        "keep": "保存",
        "lock": "确认打分",
        "recuse": "申请回避",
        "declared": "已回避",
        "unlocked": "位评委没有确认打分",
    },
    EN.lang: {
        "save": "Save rules",
        "look": "Show recusals first",
        "seat": "Confirm",
        "open": "Open the round",
        "close": "Close scoring and save the ranking",
        "pledge": "Sign the undertaking",
        "keep": "Save",
        "lock": "Confirm my scores",
        "recuse": "Recuse yourself",
        "declared": "You are recused",
        "unlocked": "not confirmed",
    },
}
PANEL = "/review/campaigns/ten-women/panel"


def phone_of(new_phone: NewPhone, live: Live, says: Speech, staff_no: str) -> Phone:
    phone = new_phone(live, says)
    phone.signed_in_as(staff_no)
    return phone


def close_nominations(live: Live) -> None:
    """The deadline passes."""
    with live.app.app_context(), unit_of_work():
        row = db.session.get_one(Campaign, get_campaign("ten-women").id)
        row.opens_at, row.closes_at = utc_now().replace(year=2020), utc_now()
        row.version += 1


def seat(hr: Phone, words: dict[str, str], staff_no: str, part: str) -> None:
    hr.open(PANEL)
    hr.page.locator("[name=staff_no]").fill(staff_no)
    hr.page.locator(f"[name=part][value={part}]").check()
    hr.press(words["look"])
    hr.press(words["seat"])


def score_all(phone: Phone, words: dict[str, str], value: int) -> int:
    """Score every nomination that is on the list; how many there were."""
    links = phone.page.locator(".records a").evaluate_all("all => all.map(one => one.href)")
    for place, link in enumerate(links):
        phone.open(link)
        for field in phone.page.locator("form.form-narrow .field input[inputmode=decimal]").all():
            field.fill(str(value - place))
        phone.press(words["keep"])
    phone.open("/judge")
    return len(links)


@pytest.mark.parametrize("says", [ZH, EN], ids=["zh-CN", "en"])
def test_from_the_rules_to_the_ranking(live: Live, new_phone: NewPhone, says: Speech) -> None:
    words = SAY[says.lang]
    names = make_candidates(live, 5, judge=CHAIR)
    hr = phone_of(new_phone, live, says, REVIEWER)
    hr.open("/review/campaigns/ten-women/rules")
    hr.press(words["save"])
    for staff_no, part in ((CHAIR, "chair"), (JUDGE, "judge"), (THIRD, "judge")):
        seat(hr, words, staff_no, part)
    close_nominations(live)
    hr.open(PANEL)
    hr.press(words["open"])

    seen: list[int] = []
    for staff_no in (CHAIR, JUDGE, THIRD):
        phone = phone_of(new_phone, live, says, staff_no)
        phone.open("/judge")
        phone.page.locator("[name=agreed]").check()
        phone.press(words["pledge"])
        if staff_no == CHAIR:
            expect(phone.page.get_by_role("main")).not_to_contain_text(names[0])
        if staff_no == THIRD:
            _declare(phone, words)
        seen.append(score_all(phone, words, 95))
        if staff_no == CHAIR:
            hr.open(PANEL)
            with hr.allowing("409"):
                hr.press(words["close"])
            hr.sees(words["unlocked"])
        phone.press(words["lock"])
    assert seen == [4, 5, 4]

    hr.open(PANEL)
    hr.press(words["close"])
    expect(hr.page.locator(".records li")).to_have_count(5)
    done = live.app.test_cli_runner().invoke(args=["awards", "replay", "ten-women"])
    assert done.stdout.splitlines()[-1] == "different: 0"


def _declare(phone: Phone, words: dict[str, str]) -> None:
    """She opens the first one, and finds that she knows her."""
    first = phone.page.locator(".records a").first
    name = first.inner_text()
    with phone.page.expect_navigation():
        first.click()
    phone.page.locator("summary").last.click()
    phone.page.locator("[name=agreed]").check()
    phone.press(words["recuse"])
    phone.sees(words["declared"])
    expect(phone.page.locator(".records")).not_to_contain_text(name)


def test_a_judge_of_another_award_finds_nothing(live: Live, new_phone: NewPhone) -> None:
    with live.app.app_context():
        assert get_person_by_staff_no(JUDGE).employed
    phone = phone_of(new_phone, live, ZH, JUDGE)
    with phone.allowing("403", "404"):
        phone.open("/judge")
    expect(phone.page.get_by_role("main")).not_to_contain_text("评委承诺书")
