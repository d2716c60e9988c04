"""Take the pictures of the guide: `make screenshots` writes docs/img/*.png from a demo instance."""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.live import OUTING, Live, served
from tests.browser.phone import PHONE, Phone, open_chromium
from tests.browser.speech import ZH

TO = Path(__file__).resolve().parent.parent / "docs" / "img"
SEATED, WAITING, NEW = "HC0084", "HC0085", "HC0087"
TAKEN, PLACES = 18, 30
COLOURS = 128
MOST = 120_000  # bytes of a picture
TALL = 950  # pixels of the page: a phone's screen and a bit


def main() -> None:
    """Take all pictures; exit status 1 when one is too large."""
    TO.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder) / "instance", demo=True) as live,
        sync_playwright() as playwright,
    ):
        browser = open_chromium(playwright)
        _half_full(browser, live)
        _full(browser, live)
        browser.close()
    too_large = [file.name for file in TO.glob("*.png") if file.stat().st_size > MOST]
    if too_large:
        sys.exit(f"larger than {MOST} bytes: {', '.join(sorted(too_large))}")


def _half_full(browser: Browser, live: Live) -> None:
    live.fill(TAKEN - 1)
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
    hers.follow("踏春嘉年华、健康伴我行")
    _take(hers, "ticket")
    form = _phone(browser, live, NEW)
    form.open(f"/campaigns/{OUTING}/registration")
    form.field(ZH.phone).fill("1380013800")
    form.press_submit()
    _take(form, "sign-up-errors", tall=1_250)


def _full(browser: Browser, live: Live) -> None:
    staff = [f"HC{number:04d}" for number in range(241, 254)]
    for staff_no in staff[: PLACES - TAKEN]:
        live.sign_up(staff_no)
    live.sign_up("HC0088")
    live.sign_up("HC0089")
    live.sign_up(WAITING)
    waits = _phone(browser, live, WAITING)
    waits.open("/my")
    waits.follow("踏春嘉年华、健康伴我行")
    _take(waits, "waiting")


def _phone(browser: Browser, live: Live, staff_no: str = "", *, dark: bool = False) -> Phone:
    context = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]},
        device_scale_factor=2,
        locale=ZH.lang,
        color_scheme="dark" if dark else "light",
    )
    phone = Phone(context, live, ZH)
    if staff_no:
        phone.signed_in_as(staff_no)
    return phone


def _take(phone: Phone, name: str, tall: int = TALL) -> None:
    phone.page.set_viewport_size({"width": PHONE[0], "height": tall})
    shot = Image.open(io.BytesIO(phone.page.screenshot())).convert("RGB")
    shot.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        TO / f"{name}.png", optimize=True
    )
    print(f"{name}.png {(TO / f'{name}.png').stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
