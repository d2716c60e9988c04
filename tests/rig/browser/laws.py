"""What holds for every page: read by a screen reader, on phones and at a desk, by day and by night, in two languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.rig.sizes import SIZES

CONTROL = 44  # pixels, the least for anything pressed

# What axe is asked. All pages share one style sheet, which is asked once whether it locks a phone's orientation:
# axe fetches it anew for each page.
EVERYTHING: dict[str, Any] = {
    "resultTypes": ["violations"],
    "preload": False,
    "rules": {"css-orientation-lock": {"enabled": False}},
}
ORIENTATION = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["css-orientation-lock"]}}
PHONE, LATER_PHONE, DESK = 360, 390, 1280
AT_DESKS = ("/manage", "/review")  # pages worked with, mostly, at a desk
Theme = Literal["light", "dark"]


@dataclass(frozen=True)
class Looks:
    """How a page of one language is looked at: in these themes, each at these widths; axe reads some of those."""

    themes: tuple[Theme, ...]
    widths: tuple[int, ...]
    read: tuple[int, ...]

    def each(self) -> list[tuple[int, Theme, bool]]:
        """(width, theme, whether axe reads it)."""
        return [(width, theme, width in self.read) for theme in self.themes for width in self.widths]


ALL_WIDTHS = (PHONE, LATER_PHONE, DESK)
EVERY_LOOK = Looks(("light", "dark"), ALL_WIDTHS, ALL_WIDTHS)


def looks_of(path: str, language: str, *, every: bool = SIZES.every_look) -> Looks:
    """How the page with this address is looked at in this language; `make soak` looks in every way.

    A theme changes colours and no sizes, a language words and no colours, and every page is looked at in both
    languages: so axe reads each by day on a phone and by night where it is mostly used.
    """
    if every:
        return EVERY_LOOK
    at_desk = path.startswith(AT_DESKS)
    widths = (PHONE, DESK) if at_desk else ALL_WIDTHS
    if language == "zh-CN":
        return Looks(("light",), widths, (PHONE,))
    return Looks(("dark",), widths, (DESK if at_desk else PHONE,))


TOO_SMALL = """least => {
  const inSentence = a => getComputedStyle(a).display === "inline" && a.closest("p, li, dd, span")
    && [...a.parentNode.childNodes].some(n => n !== a && n.textContent.trim().length > 1);
  const stretched = e => getComputedStyle(e, "::after").position === "absolute";
  const target = e => e.matches("input[type=checkbox], input[type=radio]") ? e.closest("label") || e
    : stretched(e) ? e.closest("li, article") || e : e;
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter(e => e.type !== "hidden" && e.checkVisibility() && !e.classList.contains("skip"))
    .filter(e => !(e.tagName === "A" && inSentence(e)))
    .filter(e => !(e.tabIndex < 0 && e.ariaHidden === "true")) /* nobody aims at what the Enter key presses */
    .map(e => [e, target(e).getBoundingClientRect()])
    .filter(([e, box]) => box.height < least - 0.5 || box.width < least - 0.5)
    .map(([e, box]) => `${e.outerHTML.slice(0, 90)} ${Math.round(box.width)}x${Math.round(box.height)}`);
}"""
WIDER = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
  [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
    .slice(0, 3).map(e => e.outerHTML.slice(0, 90))"""
# No line ends in 2月26日, nor in the bracket behind it.
TORN = r"""() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), torn = [], range = new Range();
  for (let text; (text = texts.nextNode()); ) {
    if (!text.parentElement.checkVisibility()) continue;
    for (const date of text.data.matchAll(/\d{1,2}月\d{1,2}日|\(周.\)/g)) {
      range.setStart(text, date.index), range.setEnd(text, date.index + date[0].length);
      const lines = new Set([...range.getClientRects()].map(box => Math.round(box.bottom / 4)));
      if (lines.size > 1) torn.push(date[0]);
    }
  }
  return torn;
}"""
# One clear next step: not two filled buttons in a page.
FILLED = """() => {
  const filled = [...document.querySelectorAll("main .btn-primary")].filter(b => b.checkVisibility());
  return filled.length > 1 ? [filled.map(b => b.innerText.trim()).join(" | ")] : [];
}"""
MEASURED = (  # asked at once: each question is a way there and back
    f"least => [({WIDER})(), ({TOO_SMALL})(least), ({TORN})(), ({FILLED})()]"
)
# axe reads the same few colours of a page a thousand times, by way of all colour spaces: once each is enough.
READ_ONCE = """() => {
  const { Color } = axe.commons.color, read = Color.prototype.parseString, known = new Map();
  Color.prototype.parseString = function (text) {
    if (!known.has(text)) known.set(text, read.call(new Color(), text));
    const { r, g, b, alpha } = known.get(text);
    return Object.assign(this, { r, g, b, alpha });
  };
}"""
READ = """() => [document.documentElement.lang, document.title,
  matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
  [...document.querySelectorAll("h1")].map(h => h.innerText.trim())]"""


def breaches(page: Page, axe: Axe) -> list[str]:
    """Every law this page breaks, at each look of its language."""
    language, title, theme, headings = page.evaluate(READ)
    found = _headings(title, headings)
    for width, wanted, read in _from_here(page, looks_of(urlsplit(page.url).path, language).each()):
        if wanted != theme:
            page.emulate_media(color_scheme=wanted)
        page.set_viewport_size({"width": width, "height": 844})
        where, theme = f"{width} px, {wanted}", wanted
        wider, small, torn, filled = page.evaluate(MEASURED, CONTROL)
        found += [f"{where}: sideways: {element}" for element in wider]
        found += [f"{where}: small: {element}" for element in small]
        found += [f"{where}: torn: {date}" for date in torn]
        found += [f"{where}: filled: {buttons}" for buttons in filled]
        if read:
            found += [f"{where}: {said}" for said in _axe(page, axe)]
    return found


def _from_here(page: Page, looks: list[tuple[int, Theme, bool]]) -> list[tuple[int, Theme, bool]]:
    """From the last to the first, where the page is at the last one's width already."""
    size = page.viewport_size
    return looks[::-1] if size and size["width"] == looks[-1][0] else looks


def locked(page: Page, axe: Axe) -> list[str]:
    """Where the page's style sheets lock it to one orientation."""
    return _axe(page, axe, ORIENTATION)


def _headings(title: str, headings: list[str]) -> list[str]:
    if len(headings) == 1 and title.startswith(headings[0].replace("\n", " ")):
        return []
    return [f"title {title!r}, H1 {headings!r}"]


def _axe(page: Page, axe: Axe, options: dict[str, Any] = EVERYTHING) -> list[str]:
    if page.evaluate("() => typeof window.axe") == "undefined":
        script = f"{axe.axe_script}\n;({READ_ONCE})()"
        page.context.add_init_script(script)  # for the pages to come: it is half a megabyte
        page.evaluate(script)
    violations = page.evaluate("options => axe.run(document, options).then(r => r.violations)", options)
    return [f"axe {v['id']}: {node['html'][:100]}" for v in violations for node in v["nodes"]]
