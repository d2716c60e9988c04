"""The controls of the looks: a page that breaks each law is seen to break it, and colours are read as axe reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from .laws import LOOKED_AT, READ_ONCE, breaches
from .speech import BOTH

AXE = Axe()
PAGE = """<!doctype html><html lang="{lang}"><title>Page</title><meta name="viewport" content="width=device-width">
<style>
  body {{ color: #222; background: #fff; }}
  @media (prefers-color-scheme: dark) {{ body {{ color: #eee; background: #111; }} }}
  a, button {{ display: block; color: inherit; min-width: 44px; min-height: 44px; }}
  {style}
</style><body><main><h1>Page</h1>{body}</main></body></html>"""
COLOURS = [
    "rgb(1, 2, 3)", "rgba(255, 0, 10, 0.25)", "#123", "#12345678", "red", "transparent", "hsl(0.5turn 50% 50%)",
    "oklch(0.7 0.2 120)", "color(display-p3 1 0 0)", "color-mix(in srgb, red, blue)", "no colour",
]  # fmt: skip
READ = """texts => [1, 2].flatMap(() => texts.map(text => {
  try {
    const { red, green, blue, r, g, b, alpha } = new axe.commons.color.Color().parseString(text);
    return JSON.stringify([red, green, blue, r, g, b, alpha]);
  } catch (error) { return error.message; }
}))"""


@pytest.fixture(scope="module")
def sheet(chromium: Browser) -> Iterator[Page]:
    """A page to write on."""
    context = chromium.new_context(reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture(params=LOOKED_AT)
def lang(request: pytest.FixtureRequest) -> str:
    """The language that a page is in."""
    return str(request.param)


def seen(sheet: Page, lang: str, body: str = "", style: str = "") -> Counter[str]:
    """What is said of a page with this in it: the kind of breach → at how many of the looks."""
    sheet.goto("about:blank")
    sheet.set_content(PAGE.format(lang=lang, body=body, style=style))
    return Counter(":".join(said.split(":")[:2]).split(", ")[-1] for said in breaches(sheet, AXE))


def test_each_language_is_measured_at_each_width_and_the_night_is_read_on_a_phone_and_a_desk() -> None:
    measured = [{width for width, _theme, _asked in looks} for looks in LOOKED_AT.values()]
    read = {(width, theme) for looks in LOOKED_AT.values() for width, theme, asked in looks if asked}

    assert set(LOOKED_AT) == {says.lang for says in BOTH}
    assert measured == [{360, 390, 1280}] * len(BOTH)
    assert read == {(360, "light"), (390, "dark"), (1280, "dark")}


def test_a_page_that_keeps_the_laws_breaks_none(sheet: Page, lang: str) -> None:
    assert seen(sheet, lang, "<p>Words</p><a href='/'>Home</a>") == {}


def test_pale_words_are_seen_where_axe_looks_in_their_theme(sheet: Page, lang: str) -> None:
    """By day that is in Chinese."""
    day, night = "p { color: #bbb }", "@media (prefers-color-scheme: dark) { p { color: #444 } }"

    assert seen(sheet, lang, "<p>Words</p>", day) == (
        {"light: axe color-contrast": 1} if lang == "zh-CN" else {}
    )
    assert seen(sheet, lang, "<p>Words</p>", night) == {"dark: axe color-contrast": 1}


def test_a_picture_without_words_is_seen(sheet: Page, lang: str) -> None:
    assert seen(sheet, lang, "<img src='data:,'>") == {"light: axe image-alt": 1}


def test_what_is_small_or_too_wide_is_seen_at_each_look(sheet: Page, lang: str) -> None:
    looks = Counter(theme for _width, theme, _asked in LOOKED_AT[lang])
    small = seen(sheet, lang, "<a href='/'>A</a>", "a { min-height: 30px }")
    wide = seen(sheet, lang, "<p>Words</p>", "p { width: 2000px }")

    assert small == {f"{theme}: small": times for theme, times in looks.items()}
    assert wide == {f"{theme}: sideways": times for theme, times in looks.items()}


def test_a_second_heading_is_seen(sheet: Page) -> None:
    sheet.goto("about:blank")
    sheet.set_content(PAGE.format(lang="en", body="<h1>Another</h1>", style=""))

    assert breaches(sheet, AXE) == ["title 'Page', H1 ['Page', 'Another']"]


def test_a_colour_read_once_is_the_colour_that_axe_reads(sheet: Page) -> None:
    sheet.goto("about:blank")
    sheet.evaluate(AXE.axe_script)
    theirs = sheet.evaluate(READ, COLOURS)
    sheet.evaluate(READ_ONCE)

    assert sheet.evaluate(READ, COLOURS) == theirs
