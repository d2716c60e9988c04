"""Take the pictures of the guide: `make screenshots` writes docs/img/*.png from a demo instance.

The clock stands at one morning, so dates and figures are the same each time; the QR codes are not.
"""

from __future__ import annotations

import io
import sys
import tempfile
from contextvars import Context
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from eventreg.campaigns.service import get_campaign
from eventreg.core.db.session import unit_of_work
from eventreg.demo import company, played_day
from eventreg.venue import devices
from eventreg.venue.screens import service as screens
from eventreg.venue.screens.rules import Widget
from eventreg.venue.screens.service import NewScreen
from tests.rig.actors import acting
from tests.rig.browser.live import OUTING, Live, served
from tests.rig.browser.phone import PHONE, Phone, open_chromium
from tests.rig.browser.speech import ZH
from tools.frozen_clock import FrozenClock

TO = Path(__file__).resolve().parent.parent / "docs" / "img"
MORNING = datetime(2027, 2, 25, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
SEATED, WAITING, NEW, OTHER = "HC0084", "HC0085", "HC0087", "HC0086"
ORGANISER, ADMINISTRATOR = "HC0162", "HC0001"
TITLE, MANAGED = "踏春嘉年华、健康伴我行", f"/manage/campaigns/{OUTING}"
TAKEN, PLACES = 18, 30
COLOURS = 160
MOST, MOST_OF_ALL = 120_000, 2_000_000  # bytes of a picture, of all
TALL = 950  # pixels of the page: a phone's screen and a bit
DESK = (1280, 800)
WALL = (1280, 720)


def main() -> None:
    """Take all pictures; exit status 1 when they are too large."""
    TO.mkdir(parents=True, exist_ok=True)
    clock = FrozenClock(MORNING)
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder) / "instance", demo=True) as live,
        sync_playwright() as playwright,
    ):
        browser = open_chromium(playwright)
        _half_full(browser, live, clock)
        _planned(browser, live)
        _full(browser, live, clock)
        _kept(browser, live, Path(folder))
        _at_the_door(browser, live, clock)
        _moved(browser, live, clock)
        with served(Path(folder) / "day", demo=True) as played:
            _the_day(browser, played, clock)
        browser.close()
    sizes = {file.name: file.stat().st_size for file in TO.glob("*.png")}
    too_large = [name for name, size in sizes.items() if size > MOST]
    if too_large or sum(sizes.values()) > MOST_OF_ALL:
        sys.exit(f"too large: {', '.join(sorted(too_large)) or 'all together'}")


def _half_full(browser: Browser, live: Live, clock: FrozenClock) -> None:
    live.fill(TAKEN - 1)
    clock.go(minutes=3)
    live.sign_up(SEATED)
    visitor = _phone(browser, live)
    visitor.open("/")
    _take(visitor, "home")
    visitor.open(f"/campaigns/{OUTING}")
    _take(visitor, "campaign")
    dark = _phone(browser, live, dark=True)
    dark.open(f"/campaigns/{OUTING}")
    _take(dark, "campaign-dark")
    hers = _phone(browser, live, SEATED)
    hers.open("/my")
    hers.follow(TITLE)
    _take(hers, "ticket")
    hers.open("/my/data")
    _take(hers, "my-data", tall=1_250)
    form = _phone(browser, live, NEW)
    form.open(f"/campaigns/{OUTING}/registration")
    form.field(ZH.phone).fill("1380013800")
    form.press_submit()
    _take(form, "sign-up-errors", tall=1_250)


def _planned(browser: Browser, live: Live) -> None:
    """From nothing to a draft that could be published."""
    page = _phone(browser, live, ADMINISTRATOR, size=DESK)
    page.open("/manage/season")
    _take(page, "season", tall=920)
    page.open("/manage/new-campaign")
    page.page.locator("[name=title]").fill("秋日健步走")
    page.page.get_by_label("空白的户外活动").check()
    _take(page, "new-campaign")
    page.press("建草稿")
    _take(page, "draft", tall=900)
    draft = page.page.url
    page.open(f"{draft}/preview")
    _take(page, "preview")
    page.open(draft)
    page.page.get_by_text("删除这份草稿").click()
    page.press("删除草稿")


def _full(browser: Browser, live: Live, clock: FrozenClock) -> None:
    staff = [f"HC{number:04d}" for number in range(241, 254)]
    for staff_no in (*staff[: PLACES - TAKEN], "HC0088", "HC0089", WAITING):
        clock.go(minutes=7)
        live.sign_up(staff_no)
    for staff_no in staff:
        live.sign_up(staff_no, "forum")
    waits = _phone(browser, live, WAITING)
    waits.open("/my")
    waits.follow(TITLE)
    _take(waits, "waiting")
    page = _phone(browser, live, ORGANISER, size=DESK)
    for name, path in {
        "overview": "/manage",
        "plan": MANAGED,
        "places": f"{MANAGED}/places",
        "eligibility": f"{MANAGED}/eligibility",
        "figures": f"{MANAGED}/figures",
        "units": "/manage/campaigns/forum/units",
        "roster": f"{MANAGED}/roster",
        "letters": "/manage/letters",
        "history": f"{MANAGED}/history",
        "sign-in-sheet": f"{MANAGED}/sign-in-sheet",
    }.items():
        page.open(path)
        _take(page, name, tall=1_000 if name in {"overview", "plan"} else 0)
    page.open(f"{MANAGED}/activities")
    page.page.get_by_role("main").get_by_role("link", name="修改").first.click()
    page.page.wait_for_url("**/activities/*")
    _take(page, "change-date")


def _kept(browser: Browser, live: Live, folder: Path) -> None:
    """The people, and a file of some of them with somebody new."""
    page = _phone(browser, live, ADMINISTRATOR, size=DESK)
    page.open("/manage/people?q=HC008")
    _take(page, "people")
    head, first, *others = company.ROSTER.read_text("utf-8-sig").splitlines()
    new, moved = "HC0321,秦望舒,女,营销部,部门,,", others[0].replace("办公室", "营销部", 1)
    file = folder / "名册.csv"
    file.write_text("\n".join([head, first, moved, new]), "utf-8")
    page.open("/manage/people/import")
    page.page.locator("[type=file]").set_input_files(file)
    page.press("预览改动")
    _take(page, "import-preview")


def _at_the_door(browser: Browser, live: Live, clock: FrozenClock) -> None:
    live.sign_up(OTHER, "forum")
    with live.app.app_context():
        campaign_id, by = get_campaign(OUTING).id, live.person(ORGANISER).id
        with unit_of_work():
            code = devices.invite(campaign_id, "door", "景区东门", actor=acting(by, clock()))
    page = _phone(browser, live, ORGANISER, size=DESK)
    page.open(f"{MANAGED}/devices")
    _take(page, "devices")
    desk = _phone(browser, live)
    desk.open(f"/desk/pair#{code}")
    desk.page.wait_for_url("**/desk")
    desk.title_is("景区东门")
    ticket, others = live.ticket_address(SEATED), live.ticket_address(OTHER, "forum")
    for name, scanned in (("admitted", ticket), ("repeated", ticket), ("refused", others)):
        clock.go(minutes=1)
        desk.page.locator("#code").fill(scanned)
        desk.page.get_by_role("button", name="核验").click()
        shown = desk.page.locator("#verdict [data-verdict]")
        shown.wait_for()
        _take(desk, f"desk-{name}", tall=PHONE[1])
        shown.wait_for(state="detached")
    _take(desk, "desk")


def _moved(browser: Browser, live: Live, clock: FrozenClock) -> None:
    """It rains: the outing goes to the next day, and everybody with a place is asked."""
    phone = _phone(browser, live, ORGANISER)
    phone.open(f"{MANAGED}/move")
    phone.page.locator("[name=day]").fill("2027-03-05")
    _take(phone, "move")
    phone.press("预览通知")
    phone.page.locator("[name=confirm_by]").fill("2027-03-02T18:00")
    _take(phone, "move-preview", tall=1_250)
    phone.page.locator("[value=send]").click()
    phone.sees("日程已改。")
    clock.go(minutes=5)
    phone.open(f"{MANAGED}/confirmations")
    _take(phone, "confirmations")
    hers = _phone(browser, live, SEATED)
    hers.open(f"/campaigns/{OUTING}")
    hers.follow("确认能不能来")
    _take(hers, "confirm", tall=PHONE[1])


def _the_day(browser: Browser, live: Live, clock: FrozenClock) -> None:
    """4 March as `flask demo day` plays it, a quarter of an hour later."""
    with live.app.app_context():
        campaign = get_campaign(OUTING)
    Context().run(played_day.play, live.app, campaign.starts_at)
    clock.moment = campaign.starts_at.replace(hour=11, minute=20).astimezone(UTC)
    phone = _phone(browser, live, ORGANISER)
    for name, path in {
        "day": f"{MANAGED}/day",
        "presence": f"{MANAGED}/presence",
        "hike": f"{MANAGED}/hike",
        "teams": f"{MANAGED}/teams",
        "flights": f"{MANAGED}/teams/flights",
        "forfeits": f"{MANAGED}/forfeits",
        "papers": f"{MANAGED}/papers",
    }.items():
        phone.open(path)
        _take(phone, name)
    with live.app.app_context(), unit_of_work():
        wanted = NewScreen("草坪", (Widget.RESULTS,))
        token = screens.make(campaign, wanted, actor=acting("test", clock()))
    wall = _phone(browser, live, dark=True, size=WALL)
    wall.open(f"/screen/{token}")
    wall.page.wait_for_timeout(1_000)
    _take(wall, "screen", tall=WALL[1])


def _phone(
    browser: Browser,
    live: Live,
    staff_no: str = "",
    *,
    dark: bool = False,
    size: tuple[int, int] = PHONE,
) -> Phone:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=2 if size == PHONE else 1,
        locale=ZH.lang,
        timezone_id="Asia/Shanghai",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    phone = Phone(context, live, ZH)
    if staff_no:
        phone.signed_in_as(staff_no)
    return phone


def _take(phone: Phone, name: str, tall: int = 0) -> None:
    size = phone.page.viewport_size or {"width": PHONE[0], "height": PHONE[1]}
    wanted = tall or (TALL if size["width"] == PHONE[0] else DESK[1])
    phone.page.set_viewport_size({"width": size["width"], "height": wanted})
    shot = Image.open(io.BytesIO(phone.page.screenshot())).convert("RGB")
    _few_colours(shot).save(TO / f"{name}.png", optimize=True)
    print(f"{name}.png {(TO / f'{name}.png').stat().st_size // 1000} kB")


def _few_colours(shot: Image.Image) -> Image.Image:
    """The colours that most of the picture has, unchanged; the few others become the nearest of them."""
    counted: Any = shot.getcolors(shot.width * shot.height)  # of RGB: (count, (red, green, blue))
    most = [colour for _, colour in sorted(counted, key=lambda pair: (-pair[0], pair[1]))[:COLOURS]]
    palette = Image.new("P", (1, 1))
    palette.putpalette([level for colour in most for level in colour])
    return shot.quantize(palette=palette, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main()
