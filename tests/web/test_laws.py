"""The controls of the looks: a page that breaks each law is seen to break it, and colours are read as axe reads them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from eventreg.config import PROJECT
from tests.rig.browser.laws import ALL_WIDTHS, DESK, LATER_PHONE, PHONE, READ_ONCE, breaches, locked, looks_of
from tests.rig.browser.speech import BOTH

pytestmark = pytest.mark.browser

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


@pytest.fixture(params=[says.lang for says in BOTH])
def lang(request: pytest.FixtureRequest) -> str:
    """The language that a page is in."""
    return str(request.param)


def seen(sheet: Page, lang: str, body: str = "", style: str = "") -> Counter[str]:
    """What is said of a page with this in it: the kind of breach → at how many of the looks."""
    sheet.goto("about:blank")
    sheet.set_content(PAGE.format(lang=lang, body=body, style=style))
    return Counter(":".join(said.split(":")[:2]).split(", ")[-1] for said in breaches(sheet, AXE))


def looks(lang: str) -> Counter[str]:
    """How often this sheet is looked at, by theme."""
    return Counter(theme for _width, theme, _read in looks_of("blank", lang).each())


def asked(lang: str) -> Counter[str]:
    """At how many of those axe reads it, by theme."""
    return Counter(theme for _width, theme, read in looks_of("blank", lang).each() if read)


@pytest.mark.parametrize(
    ("path", "widths", "night"),
    [("/my", ALL_WIDTHS, PHONE), ("/manage/people", (PHONE, DESK), DESK), ("/review", (PHONE, DESK), DESK)],
)
def test_each_language_is_measured_at_each_width_and_axe_reads_day_and_night(
    path: str, widths: tuple[int, ...], night: int
) -> None:
    both = [looks_of(path, says.lang, every=False).each() for says in BOTH]

    assert [tuple(width for width, *_ in looks) for looks in both] == [widths] * len(BOTH)
    assert sorted((width, theme) for looks in both for width, theme, read in looks if read) == sorted(
        [(PHONE, "light"), (night, "dark")]
    )


def test_the_large_sizes_have_axe_read_every_look() -> None:
    everything = [(width, theme, True) for theme in ("light", "dark") for width in ALL_WIDTHS]

    assert [looks_of("/my", says.lang, every=True).each() for says in BOTH] == [everything] * len(BOTH)


def test_no_page_turns_between_the_widths_of_two_phones() -> None:
    """Else the wider one would have to be looked at for every page."""
    sheets = "".join(file.read_text("utf-8") for file in (PROJECT / "static" / "css").rglob("*.css"))
    turns = re.findall(r"@media[^{]*?-width: ([\d.]+)rem", sheets)

    assert len(turns) == len(re.findall(r"@media[^{]*width", sheets)) > 0
    assert [turn for turn in turns if PHONE <= float(turn) * 16 <= LATER_PHONE] == []


def test_a_page_that_keeps_the_laws_breaks_none(sheet: Page, lang: str) -> None:
    assert seen(sheet, lang, "<p>Words</p><a href='/'>Home</a>") == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pale_words_are_seen_where_axe_looks_in_their_theme(sheet: Page, lang: str, theme: str) -> None:
    colour = "#bbb" if theme == "light" else "#444"
    pale = f"@media (prefers-color-scheme: {theme}) {{ p {{ color: {colour} }} }}"
    times = asked(lang)[theme]

    assert seen(sheet, lang, "<p>Words</p>", pale) == (
        {f"{theme}: axe color-contrast": times} if times else {}
    )


def test_a_picture_without_words_is_seen(sheet: Page, lang: str) -> None:
    assert seen(sheet, lang, "<img src='data:,'>") == {
        f"{theme}: axe image-alt": times for theme, times in asked(lang).items()
    }


def test_a_style_that_locks_the_orientation_is_seen(sheet: Page) -> None:
    turned = "@media (orientation: portrait) { html { transform: rotate(90deg) } }"
    sheet.goto("about:blank")
    sheet.set_content(PAGE.format(lang="en", body="<p>Words</p>", style=turned))

    assert [said.split(":")[0] for said in locked(sheet, AXE)] == ["axe css-orientation-lock"]


def test_what_is_small_or_too_wide_is_seen_at_each_look(sheet: Page, lang: str) -> None:
    small = seen(sheet, lang, "<a href='/'>A</a>", "a { min-height: 30px }")
    wide = seen(sheet, lang, "<p>Words</p>", "p { width: 2000px }")

    assert small == {f"{theme}: small": times for theme, times in looks(lang).items()}
    assert wide == {f"{theme}: sideways": times for theme, times in looks(lang).items()}


def test_what_only_a_desk_shows_is_seen_from_either_end(sheet: Page, lang: str) -> None:
    """The looks are gone through there and back, so that a page is not drawn anew for each."""
    style = f"@media (min-width: {DESK}px) {{ p {{ width: 2000px }} }}"
    there, back = (seen(sheet, lang, "<p>Words</p>", style) for _ in range(2))

    assert there == back == {f"{theme}: sideways": 1 for theme in looks(lang)}


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


def test_a_torn_date_and_a_second_filled_button_are_seen(sheet: Page, lang: str) -> None:
    torn = seen(sheet, lang, "<p>(周五)</p>", "p { width: 2em; word-break: break-all }")
    whole = seen(sheet, lang, "<p>到了，2月26日(周五)</p>", "p { width: 10em; word-break: keep-all }")
    filled = seen(sheet, lang, "<button class='btn-primary'>A</button><button class='btn-primary'>B</button>")

    assert torn == {f"{theme}: torn": times for theme, times in looks(lang).items()}
    assert whole == {}
    assert filled == {f"{theme}: filled": times for theme, times in looks(lang).items()}
