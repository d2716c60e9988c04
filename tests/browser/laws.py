"""What holds for every page: read by a screen reader, at three widths, by day and by night, in two languages."""

from __future__ import annotations

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

CONTROL = 44  # pixels, the least for anything pressed

# What the style sheets decide, and so the width and the theme; the rest is in the HTML, asked once.
LOOKS = ["color-contrast", "target-size", "link-in-text-block", "scrollable-region-focusable"]
EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}
NO_COLOURS: dict[str, Any] = EVERYTHING | {"rules": {"color-contrast": {"enabled": False}}}
ONLY_LOOKS: dict[str, Any] = EVERYTHING | {"runOnly": {"type": "rule", "values": LOOKS}}

# (width, theme, what axe is asked), by the page's language; every page is looked at in both. A theme changes
# colours and no sizes, a language words and no colours: so sizes are measured at all widths in each language, axe
# reads the colours of the day in the one, and by night it reads the one as a phone and the other as a desk.
Look = tuple[int, Literal["light", "dark"], dict[str, Any]]
LOOKED_AT: dict[str, tuple[Look, ...]] = {
    "zh-CN": ((360, "light", EVERYTHING), (1280, "light", {}), (390, "dark", ONLY_LOOKS)),
    "en": ((360, "light", NO_COLOURS), (390, "light", {}), (1280, "dark", ONLY_LOOKS)),
}

TOO_SMALL = """least => {
  const inSentence = a => getComputedStyle(a).display === "inline" && a.closest("p, li, dd, span")
    && [...a.parentNode.childNodes].some(n => n !== a && n.textContent.trim().length > 1);
  const stretched = e => getComputedStyle(e, "::after").position === "absolute";
  const target = e => e.matches("input[type=checkbox], input[type=radio]") ? e.closest("label") || e
    : stretched(e) ? e.closest("li, article") || e : e;
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter(e => e.type !== "hidden" && e.checkVisibility() && !e.classList.contains("skip"))
    .filter(e => !(e.tagName === "A" && inSentence(e)))
    .map(e => [e, target(e).getBoundingClientRect()])
    .filter(([e, box]) => box.height < least - 0.5 || box.width < least - 0.5)
    .map(([e, box]) => `${e.outerHTML.slice(0, 90)} ${Math.round(box.width)}x${Math.round(box.height)}`);
}"""
WIDER = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
  [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
    .slice(0, 3).map(e => e.outerHTML.slice(0, 90))"""
MEASURED = (
    f"least => [({WIDER})(), ({TOO_SMALL})(least)]"  # asked at once: each question is a way there and back
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
READ = "() => [document.documentElement.lang, document.title, ...[...document.querySelectorAll('h1')].map(h => h.innerText.trim())]"


def breaches(page: Page, axe: Axe) -> list[str]:
    """Every law this page breaks, at each look of its language."""
    language, title, *headings = page.evaluate(READ)
    found, before = _headings(title, headings), ""
    for width, theme, options in LOOKED_AT[language]:
        if theme != before:
            page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 844})
        where, before = f"{width} px, {theme}", theme
        wider, small = page.evaluate(MEASURED, CONTROL)
        found += [f"{where}: sideways: {element}" for element in wider]
        found += [f"{where}: small: {element}" for element in small]
        if options:
            found += [f"{where}: {said}" for said in _axe(page, axe, options)]
    return found


def _headings(title: str, headings: list[str]) -> list[str]:
    if len(headings) == 1 and title.startswith(headings[0].replace("\n", " ")):
        return []
    return [f"title {title!r}, H1 {headings!r}"]


def _axe(page: Page, axe: Axe, options: dict[str, Any]) -> list[str]:
    if page.evaluate("() => typeof window.axe") == "undefined":
        script = f"{axe.axe_script}\n;({READ_ONCE})()"
        page.context.add_init_script(script)  # for the pages to come: it is half a megabyte
        page.evaluate(script)
    violations = page.evaluate("options => axe.run(document, options).then(r => r.violations)", options)
    return [f"axe {v['id']}: {node['html'][:100]}" for v in violations for node in v["nodes"]]
