"""The distribution of an award's nominees as a workbook: by department, age band and post."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from flask_babel import gettext as _

from .workbooks import Cell, sheet_title, workbook, write_cell

WIDTHS = (30, 10, 10)
Groups = Sequence[tuple[str, Sequence[tuple[str, int, int]]]]


def write(file: BinaryIO, title: str, groups: Groups) -> None:
    """Write it: for each (heading, lines) a block of (name, nominated, candidates); numbers are numbers, nothing is a formula."""
    with workbook(file) as book:
        sheet = book.add_worksheet(sheet_title(title))
        bold = book.add_format({"bold": True})
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        write_cell(sheet, 0, 0, title, bold)
        row = 1
        for heading, lines in groups:
            row += 1
            for column, text in enumerate((heading, _("推荐"), _("候选人"))):
                write_cell(sheet, row, column, text, bold)
            for name, nominated, chosen in lines:
                row += 1
                cells: tuple[Cell, ...] = (name, nominated, chosen)
                for column, value in enumerate(cells):
                    write_cell(sheet, row, column, value)
            row += 1
