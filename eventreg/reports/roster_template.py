"""An empty roster sheet to fill in: the heads that the import reads, and columns of text, so that no number loses its zeros."""

from __future__ import annotations

from typing import BinaryIO

from flask_babel import gettext as _

from eventreg.people.roster_heads import HEADERS, REQUIRED
from eventreg.words.locale import current

from .workbooks import sheet_title, workbook, write_cell

WIDTH = 18


def write(file: BinaryIO) -> None:
    """One sheet: a star marks the heads that are required. In Chinese for Chinese readers, else the English names."""
    with workbook(file) as book:
        sheet = book.add_worksheet(sheet_title(_("名册")))
        sheet.freeze_panes(1, 0)
        bold, text = book.add_format({"bold": True, "num_format": "@"}), book.add_format({"num_format": "@"})
        sheet.set_column(0, len(HEADERS) - 1, WIDTH, text)
        for place, column in enumerate(HEADERS):
            head = column if current() == "en" else HEADERS[column][0]
            write_cell(sheet, 0, place, f"*{head}" if column in REQUIRED else head, bold)
