"""What every workbook that we write is made with: numbers are numbers, texts are texts, and no text is a formula.

What people typed is data: nothing in it becomes a formula, a link or a number, and nothing in it can break the file
(T21, T22). Staff numbers, telephone and ID numbers are texts: they keep their zeros and all their digits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from xlsxwriter import Workbook

CELL_MOST = 32_767  # UTF-16 units, Excel's own bound
TITLE_MOST = 31
OPTIONS: dict[str, Any] = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
UNWRITABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but tab and line feed
    "\ud800-\udfff\ufffe\uffff"  # half a character, no character
    "\u202a-\u202e\u2066-\u2069]"  # turns the direction of what follows
)
ESCAPED = re.compile(r"_(x[0-9a-fA-F]{4}_)")

Cell = str | int


def workbook(file: BinaryIO) -> Workbook:
    """A new workbook that stores text as text. The library is loaded at the first call, because most processes need none."""
    from xlsxwriter import Workbook

    return Workbook(file, OPTIONS)


def cell_text(text: str) -> str:
    """A text for a cell: no control characters, no surrogates, cut at Excel's limit with "…"."""
    plain = ESCAPED.sub(r"_x005F_\1", UNWRITABLE.sub("", text))
    if 2 * len(plain) <= CELL_MOST:
        return plain
    units = plain.encode("utf-16-le")
    if len(units) <= 2 * CELL_MOST:
        return plain
    return units[: 2 * (CELL_MOST - 1)].decode("utf-16-le", "ignore") + "…"


def sheet_title(text: str) -> str:
    """A sheet's name as Excel allows it: none of []:*?/\\, no apostrophe at an end, 31 characters."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", cell_text(text)).strip(" '")[:TITLE_MOST].strip(" '")
    return plain or "1"


def write_cell(sheet: Any, row: int, column: int, value: Cell, form: Any = None) -> None:
    """Write a count or a place as a number, everything else as text."""
    if isinstance(value, int):
        sheet.write_number(row, column, value, form)
    else:
        sheet.write_string(row, column, cell_text(value), form)
