"""Cells of a table from which no value can be read: error values, formulas without a result, dates in a text column. Pure."""

from __future__ import annotations

import re

# What Excel, WPS and LibreOffice write for a formula that failed, and for a number wider than its column.
ERROR_VALUE = re.compile(
    r"#(?:N/A|DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|GETTING_DATA|#+)"
    r"|Err:[0-9]{3}",
    re.IGNORECASE,
)
SCIENTIFIC = re.compile(r"[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+")

CODES = {
    "error": "people.cell_error",
    "formula": "people.cell_formula",
    "date": "people.cell_date",
    "boolean": "people.cell_boolean",
    "rounded": "people.cell_rounded",
    "scientific": "people.cell_scientific",
}
EVERYWHERE = frozenset({"error", "formula"})
IN_NAMES = EVERYWHERE | {"date", "boolean"}  # a spreadsheet takes the team "3-1" for a date
IN_NUMBERS = IN_NAMES | {"rounded", "scientific"}
FAULTS = {"staff_no": IN_NUMBERS, "name": IN_NAMES, "unit": IN_NAMES, "team": IN_NAMES}


def fault_of_text(text: str, *, typed: bool) -> str | None:
    """The fault of a cell by its text; `typed` when the file itself tells text from numbers."""
    text = text.strip()
    if ERROR_VALUE.fullmatch(text):
        return "error"
    return "scientific" if not typed and SCIENTIFIC.fullmatch(text) else None


def code_in(column: str, fault: str | None) -> str | None:
    """The code of this fault in a column of the roster; None where the column may hold such a cell."""
    return CODES[fault] if fault is not None and fault in FAULTS.get(column, EVERYWHERE) else None
