"""Cells of a table from which no value can be read: error values, formulas without a result, and values that a spreadsheet rewrote. Pure."""

from __future__ import annotations

import re

MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
LOOKS = {
    # What Excel, WPS, LibreOffice and Google Sheets write for a formula that failed, and for a number wider than its column.
    "error": (
        r"(?i:#(?:N/A|DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!"
        r"|GETTING_DATA|ERROR!|#+)|Err:[0-9]{3})"
    ),
    # How spreadsheets and programs write a value that was typed as something else: 1E05, 123, 3-5, 2024-3-5, true.
    "scientific": r"[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+",
    "decimal": r"[0-9]+\.0+",
    "date": (
        r"[12][0-9]{3}(?P<sign>[-/.])[01]?[0-9](?P=sign)[0-3]?[0-9](?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
        r"|[01]?[0-9]/[0-3]?[0-9]/(?:[0-9]{2}){1,2}"
        r"|(?:[12][0-9]{3}年)?[01]?[0-9]月(?:[0-3]?[0-9]日)?"
        rf"|(?i:[0-3]?[0-9]-{MONTH}(?:-(?:[0-9]{{2}}){{1,2}})?|{MONTH}-[0-9]{{2}})"
    ),
    "boolean": r"TRUE|FALSE",
    "rounded": r"[1-9][0-9]{14}0+",  # 15 digits are kept, the others become 0
}
FAULTY = re.compile("|".join(f"(?P<{fault}>{look})" for fault, look in LOOKS.items()))

CODES = {
    "error": "people.cell_error",
    "formula": "people.cell_formula",
    "date": "people.cell_date",
    "boolean": "people.cell_boolean",
    "rounded": "people.cell_rounded",
    "scientific": "people.cell_scientific",
    "decimal": "people.cell_decimal",
    "formatted": "people.cell_formatted",
}
EVERYWHERE = frozenset({"error", "formula"})
IN_NAMES = EVERYWHERE | {"date", "boolean"}  # a spreadsheet takes the team "3-1" for a date
IN_NUMBERS = IN_NAMES | {"rounded", "scientific", "decimal", "formatted"}
FAULTS = {
    "staff_no": IN_NUMBERS,
    "name": IN_NAMES,
    "unit": IN_NAMES,
    "department": IN_NAMES,
    "team": IN_NAMES,
}
# Faults of a staff number that is right all the same if somebody has it: nothing of what was typed can be missing.
DOUBTS = frozenset(CODES[fault] for fault in ("scientific", "decimal", "date", "boolean"))


def fault_of_text(text: str) -> str | None:
    """The fault of a cell by its text. Whoever wants such a text marks it: an apostrophe in front, or a cell of format text."""
    found = FAULTY.fullmatch(text.strip())
    return found.lastgroup if found else None


def code_in(column: str, fault: str | None) -> str | None:
    """The code of this fault in a column of the roster; None where the column may hold such a cell."""
    return CODES[fault] if fault is not None and fault in FAULTS.get(column, EVERYWHERE) else None
