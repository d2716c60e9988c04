"""What a camera meets at the door: tickets held far, askew, out of focus, in the dark; and wrong ones."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.rig.browser.film import SCENES, film, filming
from tests.rig.browser.live import Live, served
from tests.rig.browser.phone import WAIT, Phone
from tests.rig.browser.speech import ZH

from .test_desk import CANCELLED, HOLDER, paired, verdict

pytestmark = pytest.mark.browser

HOLDERS = dict(zip(SCENES, ("HC0084", "HC0086", "HC0087", "HC0088", "HC0089"), strict=True))

# When the first text was read, counted from the touch that starts the camera.
WATCH = """() => {
  const keep = desk.keep;
  desk.keep = text => { window.readAfter ??= performance.now() - window.touchedAt; return keep(text); };
  document.getElementById("start").addEventListener("click", () => (window.touchedAt = performance.now()), true);
}"""


@pytest.fixture(scope="module")
def hall(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The demo, served, for all the scenes."""
    folder = tmp_path_factory.mktemp("scenes") / "instance"
    shutil.copytree(demo_folder, folder)
    with served(folder, demo=False) as running:
        yield running


@contextlib.contextmanager
def before_the_camera(hall: Live, engine: Playwright, text: str, folder: Path, scene: str) -> Iterator[Phone]:
    """A paired phone that films this text."""
    with filming(engine, film(text, folder / "scene.mjpeg", scene)) as browser:
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, locale="zh-CN", permissions=["camera"]
        )
        phone = paired(Phone(context, hall, ZH))
        yield phone
        context.close()
        assert phone.troubles == []


def seen(phone: Phone) -> tuple[str | None, list[str]]:
    """Touch the button; the verdict that comes up by the camera alone."""
    phone.page.get_by_role("button", name="开始扫码").click()
    return verdict(phone.page)


@pytest.mark.parametrize("scene", SCENES)
def test_a_ticket_is_read_however_it_is_held(
    hall: Live, engine: Playwright, tmp_path: Path, scene: str
) -> None:
    holder = HOLDERS[scene]
    hall.sign_up(holder)
    with before_the_camera(hall, engine, hall.ticket_address(holder), tmp_path, scene) as phone:
        phone.page.evaluate(WATCH)

        kind, lines = seen(phone)

        print(f"{scene}: first text after {phone.page.evaluate('window.readAfter'):.0f} ms")
        assert (kind, lines[1]) == ("admitted", hall.person(holder).name)


def test_the_same_ticket_shown_again_is_amber(hall: Live, engine: Playwright, tmp_path: Path) -> None:
    holder = "HC0090"
    hall.sign_up(holder)
    with before_the_camera(hall, engine, hall.ticket_address(holder), tmp_path, "clean") as phone:
        first = seen(phone)
        expect(phone.page.locator("#verdict [data-verdict]")).to_have_count(0, timeout=WAIT)
        phone.page.reload()
        again = seen(phone)

    assert [(kind, lines[0], lines[1]) for kind, lines in (first, again)] == [
        ("admitted", "可以入场", hall.person(holder).name),
        ("repeated", "扫过了", hall.person(holder).name),
    ]


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("forged", "没有这张票。请核对姓名，或者找组织者"),
        ("cancelled", "这张票已经退掉，不能入场"),
        ("other", "这张票是别的活动的"),
        ("poster", "没有这张票。请核对姓名，或者找组织者"),
    ],
)
def test_a_wrong_ticket_before_the_camera_is_red_with_its_reason(
    hall: Live, engine: Playwright, tmp_path: Path, what: str, why: str
) -> None:
    with before_the_camera(hall, engine, _wrong(hall, what), tmp_path, "clean") as phone:
        kind, lines = seen(phone)

    assert (kind, lines[0], lines[-1]) == ("refused", "不能入场", why)


def _wrong(hall: Live, what: str) -> str:
    """What the code says: a token nobody made, one given back, another campaign's, another house's."""
    if what == "other":
        hall.sign_up(HOLDER, "forum")
        return hall.ticket_address(HOLDER, "forum")
    if what == "cancelled":
        hall.sign_up(CANCELLED)
        address = hall.ticket_address(CANCELLED)
        hall.withdraw(CANCELLED)
        return address
    return f"{hall.base_url}/t/{'x' * 22}" if what == "forged" else "https://example.cn/menu?table=12"
