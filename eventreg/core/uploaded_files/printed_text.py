"""What a PDF holds beside the text that was typed: heads and feet of pages, gaps around marks, bullets. Pure.

A PDF has only places of glyphs. Where two fonts meet or a mark has a wide glyph, a gap is read as a space that nobody
typed; and the head of each page stands between two halves of a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

PAGE = "\f"  # begins each page but the first in the text that is stored
BROWSER_MOST = 500  # characters of the head or foot of a browser
EDGE = 2  # lines at the beginning and at the end of a page that may be its head or foot

_HAN = r"\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_FULL = r"\u3001-\u3003\u3008-\u3011\u3014-\u301b\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
_QUOTES = "“”‘’"
_GAPS = re.compile(
    rf"(?<! ) +(?=[{_FULL}])|(?<=[{_FULL}]) +"  # full-width marks have their space in themselves
    rf"|(?<=[{_HAN}]) +(?=[{_QUOTES}])|(?<=[{_QUOTES}]) +(?=[{_HAN}{_QUOTES}])"
    rf"|(?<=[{_FULL}][{_QUOTES}]) +|(?<=[{_HAN}][“‘]) +"
)
_APOSTROPHE = re.compile(
    r"(?<=[A-Za-z])(?: +(['’＇ʼ]) *|(['’＇ʼ]) +)(?=(?:t|s|re|ve|ll|d|m)\b)"
)  # don’t in a font of wide marks is read as don ’ t
_BULLET = re.compile(r"[•◦▪‣\uf06c\uf06e\uf076\uf0a7\uf0b7\uf0d8\uf0fc][ \t\u00a0]*(?=\S)")
_BROWSER = re.compile(
    r"(?:https?|file):\S*\s*\d+/\d+|\d{1,4}[/.年-]\d{1,2}[/.月-]\d{1,4}日?,? .{0,4}\d{1,2}:\d{2}\b.*"
)  # the foot and the head that browsers print: address and page; date, time and title
_DIGITS = re.compile(r"\d+")


def body_of(pages: Sequence[str]) -> tuple[list[str], int]:
    """The lines of all pages without heads and feet, and how many lines these were.

    A head or foot is a line that a browser prints, or one that stands at the edge of every page with another number on each.
    """
    lined = [page.split("\n") for page in pages]
    running = _running(lined)
    lines: list[str] = []
    removed = 0
    for page in lined:
        edges = _edges(page)
        own = [line for n, line in enumerate(page) if n not in edges or _mask(line) not in running]
        own = own if any(line.strip() for line in own) else page  # a page of nothing else keeps it
        removed += len(page) - len(own)
        lines += own
    return lines, removed


def without_gaps(text: str) -> str:
    """A text without the spaces beside full-width marks and quotation marks, and within English words (don’t)."""
    return _GAPS.sub("", _APOSTROPHE.sub(lambda found: found[1] or found[2], text))


def without_bullet(line: str) -> str:
    """A line without the bullet of a list, which a word processor sets and does not count."""
    return _BULLET.sub("", line, count=1) if _BULLET.match(line) else line


def is_item(line: str) -> bool:
    """Whether a line begins with the bullet of a list."""
    return _BULLET.match(line) is not None


def _running(pages: Sequence[Sequence[str]]) -> set[str]:
    """The heads and feet, with # for each number."""
    edges = [{page[n] for n in _edges(page)} for page in pages]
    masked = [{_mask(line) for line in lines if _DIGITS.search(line)} for lines in edges]
    browser = {_mask(line) for lines in edges for line in lines if _is_browser_s(line)}
    found = browser if len(browser) > 1 or len(pages) > 1 else set[str]()
    if len(pages) > 1:
        numbered = set.intersection(*masked)
        found |= {mask for mask in numbered if _differs(mask, edges)}
    return found


def _is_browser_s(line: str) -> bool:
    """Whether a browser printed a line at the edge of a page."""
    return len(line) <= BROWSER_MOST and _BROWSER.fullmatch(line.strip()) is not None


def _differs(mask: str, edges: Sequence[set[str]]) -> bool:
    """Whether no two pages have the same line of this form: its number is that of the page."""
    lines = [line for page in edges for line in page if _mask(line) == mask]
    return len(set(lines)) >= len(edges)


def _edges(page: Sequence[str]) -> set[int]:
    """The places of the first and the last lines of a page."""
    return {n for n in range(len(page)) if n < EDGE or n >= len(page) - EDGE}


def _mask(line: str) -> str:
    return _DIGITS.sub("#", line.strip())
