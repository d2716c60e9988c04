"""Read a sheet of a workbook: a separate program with little memory and time.

    python -m eventreg.people.sheets.sheet '[["工号", "staff no"], ["姓名"]]' < roster.xlsx | less

The argument names heads: the first visible sheet is read that has one of each list in a row near its top, else the
first visible one. Workbooks are untrusted (law 16): two cells at opposite corners can need a hundred gigabytes. Here
that ends only this process.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from eventreg.core.sandbox import SandboxLimits, confine
from eventreg.people.cell_faults import fault_of_text
from eventreg.people.roster_heads import HEADS_WITHIN, has_heads
from eventreg.people.sheets.sheet_marks import SheetMarks, marks_of

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

TEXT_MOST = 32 * 1024 * 1024  # characters of output, which the parent has to store
PROCESSOR_SECONDS = 15  # a full roster of 50,000 rows takes 2
SHEETS_MOST = 100
EXACT_BELOW = 10**15  # a spreadsheet keeps 15 digits of a number


def main() -> None:
    """Print the sheet as JSON: rows of text from row 1 on, faulty and filled cells by row and column, hidden rows and columns, and other sheets with these heads."""
    confine(SandboxLimits(seconds=PROCESSOR_SECONDS))
    wanted = json.loads(sys.argv[1]) if len(sys.argv) > 1 else []
    sys.stdout.write(json.dumps(read_sheet(sys.stdin.buffer.read(), wanted)))


def read_sheet(workbook: bytes, wanted: Sequence[Sequence[str]]) -> dict[str, list[Any]]:
    """One sheet's cells as text, with its faulty cells; raises CalamineError on what is no workbook."""
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_filelike(io.BytesIO(workbook)) as book:
        sheet, others = _sheet(book, wanted)
        rows = sheet.to_python(skip_empty_area=False)
        merged = sheet.merged_cell_ranges or []
    doubtful = _doubtful(rows)
    with ZipFile(io.BytesIO(workbook)) as archive:
        marks = marks_of(archive, sheet.name, doubtful)
    texts = _as_texts(rows, marks)
    faults, doubts = _faults(rows, marks, doubtful)
    filled = _fill_down(texts, merged)
    if sum(len(text) for row in texts for text in row) > TEXT_MOST:
        raise MemoryError("more text than a roster holds")
    hidden = {"hidden": sorted(marks.hidden), "hidden_columns": sorted(marks.hidden_columns)}
    return {"rows": texts, "faults": faults, "doubts": doubts, "filled": filled, "others": others, **hidden}


def _sheet(book: CalamineWorkbook, wanted: Sequence[Sequence[str]]) -> tuple[CalamineSheet, list[str]]:
    """The first visible sheet that has the wanted heads, else the first visible sheet; and the names of others that have them."""
    from python_calamine import SheetVisibleEnum

    names = [known.name for known in book.sheets_metadata if known.visible == SheetVisibleEnum.Visible]
    first = None
    found: list[CalamineSheet] = []
    for name in names[:SHEETS_MOST]:
        sheet = book.get_sheet_by_name(name)
        first = first or sheet
        top = sheet.to_python(skip_empty_area=False, nrows=4 * HEADS_WITHIN)
        if any(has_heads(map(str, row), wanted) for row in top):
            found.append(sheet)
    if first is None:
        raise ValueError("no visible sheet")
    return (found or [first])[0], [sheet.name for sheet in found[1:]]


def _doubtful(rows: Sequence[Sequence[object]]) -> dict[tuple[int, int], str]:
    """Cells whose value may not be what was typed, if it was meant as text, with their faults."""
    return {
        (r, c): fault
        for r, row in enumerate(rows)
        for c, cell in enumerate(row)
        if (fault := fault_of_text(cell) if isinstance(cell, str) else _fault(cell))
    }


def _faults(
    rows: Sequence[Sequence[object]], marks: SheetMarks, doubtful: Mapping[tuple[int, int], str]
) -> tuple[list[tuple[int, int, str]], list[tuple[int, int, str]]]:
    """Faulty cells, and those that a spreadsheet may have rewritten if they were meant as text."""
    faults: list[tuple[int, int, str]] = []
    doubts: list[tuple[int, int, str]] = []
    for place, fault in doubtful.items():
        if place in marks.certain or place in marks.faults:
            continue
        text = isinstance(rows[place[0]][place[1]], str)
        of_value = fault == "error" or (fault != "decimal" and not text)
        (faults if of_value else doubts).append((*place, fault))
    for place, (fault, _shown) in marks.faults.items():
        (doubts if fault == "formatted" else faults).append((*place, fault))
    return faults, doubts


def _as_texts(rows: Sequence[Sequence[object]], marks: SheetMarks) -> list[list[str]]:
    texts = [[as_text(cell) for cell in row] for row in rows]
    shown = {place: text for place, (_kind, text) in marks.faults.items()}
    for (row, column), text in {**marks.padded, **shown}.items():
        _put(texts, row, column, text)
    return texts


def _put(texts: list[list[str]], row: int, column: int, text: str) -> None:
    """Write a text into its cell; the reader of values ends before rows and columns without any."""
    if row >= len(texts) + HEADS_WITHIN * 50 or column > 16_384:
        raise ValueError("a cell far outside of the table")
    texts += [[] for _ in range(row + 1 - len(texts))]
    texts[row] += [""] * (column + 1 - len(texts[row]))
    texts[row][column] = text


def as_text(cell: object) -> str:
    """A cell as text. Numbers in workbooks are floats: 13812345678.0 is a telephone number."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).upper() if isinstance(cell, bool) else str(cell)


def _fault(cell: object) -> str | None:
    """Why the value of this cell is not what was typed, if it was meant as text."""
    if isinstance(cell, bool):
        return "boolean"
    if isinstance(cell, dt.date | dt.time | dt.timedelta):
        return "date"
    if isinstance(cell, float) and not cell.is_integer():
        return "decimal"
    return "rounded" if isinstance(cell, float) and abs(cell) >= EXACT_BELOW else None


def _fill_down(
    texts: list[list[str]],
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]],
) -> list[tuple[int, int, str]]:
    """Give each row of merged cells their value; rows that hold nothing else stay empty. Returns the places of these cells."""
    written = [any(text.strip() for text in row) for row in texts]
    filled = []
    for (top, column), (bottom, _right) in merged:
        if top >= len(texts) or column >= len(texts[top]) or not texts[top][column].strip():
            continue
        for row in range(top + 1, min(bottom + 1, len(texts))):
            if written[row] and column < len(texts[row]) and not texts[row][column].strip():
                texts[row][column] = texts[top][column]
                filled.append((row, column, "merged"))
    return filled


if __name__ == "__main__":
    main()
