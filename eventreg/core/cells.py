"""Cells of a CSV file that a spreadsheet opens: text that it would take for a formula is marked as text.

A spreadsheet runs what begins with one of these signs (OWASP, CSV injection), also behind white space. An
apostrophe in front marks text, as in a spreadsheet itself. `unmarked` gives back exactly what `marked` got.
Excel takes a file without a byte order mark for one in the system's own encoding, and in some countries separates by
semicolons: for people who open a file there, the mark is added and every cell is quoted.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence

FORMULA = re.compile(r"'*\s*[=+\-@|%\t\r\n＝＋－＠]")
MARKED = re.compile(r"'+\s*[=+\-@|%\t\r\n＝＋－＠]")


def marked(text: str) -> str:
    """The text as it may stand in a cell."""
    return f"'{text}" if FORMULA.match(text) else text


def unmarked(cell: str) -> str:
    """The text of a cell, without the apostrophe that marks it as text."""
    return cell[1:] if MARKED.match(cell) else cell


def csv_text(rows: Iterable[Sequence[str]], *, excel: bool = False) -> bytes:
    """The rows in UTF-8; for programs as plain as possible, for Excel with a byte order mark and quotes."""
    text = io.StringIO()
    if excel:
        lines = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    else:
        lines = csv.writer(text, lineterminator="\n")
    lines.writerows([marked(cell) for cell in row] for row in rows)
    return (codecs.BOM_UTF8 if excel else b"") + text.getvalue().encode()
