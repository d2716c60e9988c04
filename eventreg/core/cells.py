"""Cells of a CSV file that a spreadsheet opens: text that it would take for a formula is marked as text.

A spreadsheet runs what begins with one of these signs (OWASP, CSV injection), also behind white space. An
apostrophe in front marks text, as in a spreadsheet itself. `unmarked` gives back exactly what `marked` got.
"""

from __future__ import annotations

import re

FORMULA = re.compile(r"'*\s*[=+\-@|%\t\r\n＝＋－＠]")
MARKED = re.compile(r"'+\s*[=+\-@|%\t\r\n＝＋－＠]")


def marked(text: str) -> str:
    """The text as it may stand in a cell."""
    return f"'{text}" if FORMULA.match(text) else text


def unmarked(cell: str) -> str:
    """The text of a cell, without the apostrophe that marks it as text."""
    return cell[1:] if MARKED.match(cell) else cell
