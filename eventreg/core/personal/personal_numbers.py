"""Find telephone and identity card numbers in a text, or mask them, and find dates of birth. Pure.

Only what has the form of such a number is masked. Dates, times, staff numbers, document numbers, rooms, amounts and the
addresses of pages stay. A number of seven or eight digits is a telephone only after a word that says so.
"""

from __future__ import annotations

import re

MASK = "…"
_SEPARATOR = r"[ \u00a0\u3000.\-\u2010-\u2015\u2212]"
_GROUPINGS = (
    (3, 4, 4),
    (3, 3, 5),
    (4, 3, 4),
    (4, 4, 3),
    (5, 6),
    (6, 5),
    (5, 3, 3),
)  # how people write the eleven digits of a mobile number
_HALF_WIDTH = str.maketrans(
    "０１２３４５６７８９＋－（）：Ｘｘ", "0123456789+-():Xx"
)  # one for one: positions stay


def _grouped(sizes: tuple[int, ...]) -> str:
    """A mobile number in groups of these sizes, with at most two separators between them."""
    first, *others = sizes
    return rf"1[3-9]\d{{{first - 2}}}" + "".join(rf"{_SEPARATOR}{{0,2}}\d{{{size}}}" for size in others)


_MOBILE = rf"(?:(?:\+|00)?86{_SEPARATOR}{{0,2}}|\(\+?86\) ?)?0?(?:{'|'.join(map(_grouped, _GROUPINGS))})"
_ABROAD = rf"\+\d(?:{_SEPARATOR}?\d){{7,14}}"
_EXTENSION = r"(?:(?:-|转| ?ext\.? ?)\d{1,6})?"
_LANDLINE = (
    rf"(?:\(0[1-9]\d{{1,2}}\)|0[1-9]\d{{1,2}}){_SEPARATOR}?[2-8]\d{{2,3}}{_SEPARATOR}?\d{{4}}{_EXTENSION}"
)
_AFTER_A_WORD = r"(?:电话|手机|座机|热线|phone|mobile|\btel)(?:号码?)?[.:是为 \u3000]{0,3}"
_LOCAL = rf"[2-8]\d{{2,3}}{_SEPARATOR}?\d{{4}}{_EXTENSION}"
_MONTH_AND_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_IDENTITY = (
    rf"[1-9]\d{{5}}{_SEPARATOR}?"
    rf"(?:(?:18|19|20)\d{{2}}{_MONTH_AND_DAY}{_SEPARATOR}?\d{{3}}[\dXx]|\d{{2}}{_MONTH_AND_DAY}\d{{3}})"
)
_PAGE = re.compile(r"https?://[\x21-\x7e]+")
_NUMBER = re.compile(rf"(?<![\d.])(?:{_IDENTITY}|{_ABROAD}|{_MOBILE}|{_LANDLINE})(?!\d)")
_LOCAL_NUMBER = re.compile(rf"{_AFTER_A_WORD}(?P<number>{_LOCAL})(?!\d)", re.IGNORECASE)


_DAY = r"(?:19|20)\d{2} ?[年./-] ?\d{1,2}(?: ?[月./-] ?\d{1,2})? ?[月日]?"
_BIRTH = re.compile(
    rf"(?:出生|生于|生日|生辰)[^，。；！？\n\d]{{0,8}}{_DAY}|{_DAY} ?(?:出生|生[，。于])|\bborn (?:on|in) ",
    re.IGNORECASE,
)


def has_number(text: str) -> bool:
    """Whether a text holds a telephone or identity card number."""
    return masked(text) != text


def has_birth(text: str) -> bool:
    """Whether a text tells when somebody was born; a year alone does not."""
    return _BIRTH.search(text.translate(_HALF_WIDTH)) is not None


def masked(text: str) -> str:
    """A text in which "…" stands for each telephone and identity card number."""
    half = text.translate(_HALF_WIDTH)
    pages = [found.span() for found in _PAGE.finditer(half)]
    spans = [found.span() for found in _NUMBER.finditer(half)]
    spans += [found.span("number") for found in _LOCAL_NUMBER.finditer(half)]
    shown, at = [], 0
    for start, end in sorted(spans):
        if start < at or any(first <= start < last for first, last in pages):
            continue
        shown += [text[at:start], MASK]
        at = end
    return "".join([*shown, text[at:]])
