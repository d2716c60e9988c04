"""The door desk in a browser with a camera: green, amber, red; kept while the server is away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Playwright, Route, expect

from eventreg.campaigns.service import get_campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.venue import devices
from eventreg.venue.models import Admission, Scan
from tests.rig import sight
from tests.rig.actors import acting
from tests.rig.browser.film import film, filming
from tests.rig.browser.fixtures import NewPhone
from tests.rig.browser.laws import breaches
from tests.rig.browser.live import OUTING, Live
from tests.rig.browser.phone import WAIT, Phone
from tests.rig.browser.speech import ZH, Speech

pytestmark = pytest.mark.browser

HOLDER, CANCELLED, ORGANISER = "HC0084", "HC0085", "HC0162"
AXE = Axe()


def pairing_link(live: Live, slug: str = OUTING, *, point: str = "door", name: str = "景区东门") -> str:
    """What the organiser's page shows as a QR code."""
    by = live.person(ORGANISER).id
    with live.app.app_context():
        campaign_id = get_campaign(slug).id
        with unit_of_work():
            code = devices.invite(campaign_id, point, name, actor=acting(by, utc_now()))
    return f"/desk/pair#{code}"


def paired(phone: Phone, slug: str = OUTING) -> Phone:
    """The phone at the door, on the scanner's page."""
    phone.open(pairing_link(phone.live, slug))
    phone.is_at("/desk")
    phone.title_is("景区东门")
    return phone


def verdict(page: Page) -> tuple[str | None, list[str]]:
    """The kind of the verdict that comes up, and its lines."""
    shown = page.locator("#verdict [data-verdict]")
    shown.wait_for(timeout=WAIT)
    lines = shown.locator("p").all_inner_texts()
    return shown.get_attribute("data-verdict"), [line for line in lines if line]


def typed(phone: Phone, text: str) -> tuple[str | None, list[str]]:
    """Type a ticket's code; what comes up, until it goes by itself."""
    phone.page.locator("#code").fill(text)
    phone.page.get_by_role("button", name="核验").click()
    seen = verdict(phone.page)
    expect(phone.page.locator("#verdict [data-verdict]")).to_have_count(0, timeout=WAIT)
    return seen


@pytest.fixture
def desk(live: Live, new_phone: NewPhone) -> Phone:
    """A paired phone without a camera."""
    return paired(new_phone(live, ZH, java_script_enabled=True, locale="zh-CN"))


@pytest.fixture
def filmed(live: Live, engine: Playwright, tmp_path: Path) -> Iterator[Phone]:
    """A paired phone before whose camera the holder's ticket is held."""
    live.sign_up(HOLDER)
    path = film(live.ticket_address(HOLDER), tmp_path / "ticket.mjpeg")
    with filming(engine, path) as browser:
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, locale="zh-CN", permissions=["camera"]
        )
        phone = Phone(context, live, ZH)
        yield paired(phone)
        context.close()
        assert phone.troubles == []


def test_the_camera_reads_a_ticket_green_with_name_and_then_amber(live: Live, filmed: Phone) -> None:
    page, name = filmed.page, live.person(HOLDER).name
    page.get_by_role("button", name="开始扫码").click()

    kind, lines = verdict(page)

    assert (kind, lines[:2]) == ("admitted", ["可以入场", name])
    expect(page.locator("#verdict [data-verdict]")).to_have_count(0, timeout=WAIT)
    page.wait_for_timeout(4_000)  # longer than the debounce: the ticket is still there, it is one scan
    assert sight.count(live.app, Scan) == 1
    kind, lines = typed(filmed, live.ticket_address(HOLDER))
    assert (kind, lines[0], lines[1]) == ("repeated", "扫过了", name)
    assert "已在“景区东门”签到" in lines[3]
    expect(page.locator("#where")).to_contain_text("已到 1 人")
    expect(page.locator("#last li")).to_have_count(2)
    assert (sight.count(live.app, Scan), sight.count(live.app, Admission)) == (2, 1)


def test_red_says_why(live: Live, desk: Phone) -> None:
    for staff_no, slug in ((CANCELLED, OUTING), (HOLDER, "forum")):
        live.sign_up(staff_no, slug)
    cancelled, other = live.ticket_address(CANCELLED), live.ticket_address(HOLDER, "forum")
    live.withdraw(CANCELLED)

    seen = [typed(desk, text) for text in ("x" * 22, cancelled, other, "K7")]

    assert [(kind, lines[0], lines[-1]) for kind, lines in seen] == [
        ("refused", "不能入场", "没有这张票。请核对姓名，或者找组织者"),
        ("refused", "不能入场", "这张票已经退掉，不能入场"),
        ("refused", "不能入场", "这张票是别的活动的"),
        ("refused", "不能入场", "票号是 8 位，这里只有 2 位。请补全再输一次"),
    ]
    assert live.person(HOLDER).name not in str(seen)


def test_red_offers_the_desk_entry_and_the_number_beside_going_on(desk: Phone) -> None:
    page = desk.page
    page.locator("#code").fill("x" * 22)
    page.locator("#code").press("Enter")
    shown = page.locator("#verdict .verdict-refused")
    expect(shown).to_be_visible()
    offered = [words.strip() for words in shown.locator("button:visible").all_inner_texts()]

    shown.get_by_role("button", name="输入票号或编号").click()

    assert offered == ["现场登记", "输入票号或编号", "继续扫码"]
    expect(page.locator("#code")).to_be_focused()


def test_a_photo_of_the_code_is_read_too(live: Live, desk: Phone, tmp_path: Path) -> None:
    live.sign_up(HOLDER)
    photo = film(live.ticket_address(HOLDER), tmp_path / "photo.jpg")

    desk.page.locator("#photo").set_input_files(photo)

    assert verdict(desk.page)[0] == "admitted"


def test_without_the_server_it_is_green_by_the_list_kept_over_a_reload_and_sent_later(
    live: Live, desk: Phone
) -> None:
    live.sign_up(HOLDER)
    page = desk.page
    lost: list[str] = []

    def cut(route: Route) -> None:
        """The first batch arrives and its answer is lost; the others do not arrive."""
        if not lost:
            route.fetch()
        lost.append(route.request.url)
        route.abort("connectionfailed")

    page.evaluate("desk.refreshRoster()")
    page.route("**/desk/api/scans", cut)
    with desk.allowing("net::ERR_CONNECTION_FAILED"):
        desk.troubles.clear()
        kind, lines = typed(desk, live.ticket_address(HOLDER))
        assert (kind, lines[0]) == ("admitted", "可以入场")
        assert lines[-2:] == ["没有网络，按手机上的名单核对", "名单是刚刚更新的"]
        assert live.person(HOLDER).name not in str(lines)
        expect(page.locator("#unsent")).to_have_text("1 条未上传")
        page.reload()
        expect(page.locator("#unsent")).to_have_text("1 条未上传")
        page.unroute("**/desk/api/scans")
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(page.locator("#unsent")).to_have_text("全部已上传", timeout=WAIT)

    assert (sight.count(live.app, Scan), sight.count(live.app, Admission)) == (1, 1)
    expect(page.locator("#last .admitted")).to_have_count(1)


def test_a_phone_that_is_shut_out_says_so_and_keeps_its_scans(live: Live, desk: Phone) -> None:
    by = live.person(ORGANISER).id
    with live.app.app_context():
        campaign_id = get_campaign(OUTING).id
        with unit_of_work():
            devices.revoke(1, campaign_id=campaign_id, actor=acting(by, utc_now()))

    with desk.allowing("401"):
        kind, _lines = typed(desk, "x" * 22)

        expect(desk.page.get_by_role("alert")).to_contain_text("已经停用")
        assert kind == "kept"
        expect(desk.page.locator("#unsent")).to_have_text("1 条未上传")
        desk.page.goto("about:blank")


def test_another_camera_app_on_a_paired_phone_offers_to_check_the_ticket(
    live: Live, desk: Phone, new_phone: NewPhone
) -> None:
    live.sign_up(HOLDER)
    address, name = live.ticket_address(HOLDER), live.person(HOLDER).name
    desk.open(address)
    assert name not in desk.page.content()

    desk.page.get_by_role("button", name="在本机核验").click()

    assert verdict(desk.page)[1][:2] == ["可以入场", name]
    stranger = new_phone(live, ZH, java_script_enabled=True)
    stranger.open(address)
    expect(stranger.page.locator("#at-the-door")).to_be_hidden()


def test_a_pairing_code_pairs_one_phone(live: Live, new_phone: NewPhone) -> None:
    link = pairing_link(live)
    first, second = (new_phone(live, ZH, java_script_enabled=True, locale="zh-CN") for _ in range(2))
    first.open(link)
    first.is_at("/desk")

    with second.allowing("410"):
        second.open(link)
        second.sees("这个配对码已经用过或过期")
    second.open(pairing_link(live))  # in the same tab: only what is behind the # differs
    second.is_at("/desk")


def test_how_the_desk_looks(live: Live, new_phone: NewPhone, says: Speech) -> None:
    phone = new_phone(live, says, java_script_enabled=True, reduced_motion="reduce")
    phone.signed_in_as(ORGANISER)
    manage = f"/manage/campaigns/{OUTING}/devices"
    found = {}
    for path in ("/desk", "/desk/pair", manage):
        phone.open(path)
        found[path] = breaches(phone.page, AXE)
    phone.page.locator("#door").fill("景区东门")
    phone.page.locator("form.form button[type=submit]").click()
    phone.page.locator(".pairing-qr").wait_for()
    found["invited"] = breaches(phone.page, AXE)
    phone.open("/desk/pair#" + phone.page.locator(".pairing-link").inner_text().split("#")[1])
    phone.is_at("/desk")
    phone.title_is("景区东门")
    found["paired"] = breaches(phone.page, AXE)
    phone.open(manage)
    found["listed"] = breaches(phone.page, AXE)

    assert found == {path: [] for path in found}
