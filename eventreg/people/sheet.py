"""Read a workbook's first visible sheet: a separate program with little memory and time.

    python -m eventreg.people.sheet < roster.xlsx | less

Workbooks are untrusted (law 16): two cells at opposite corners can need a hundred gigabytes. Here that ends only this
process.
"""

from __future__ import annotations

import io
import json
import sys

from eventreg.core.sandbox import confine

TEXT_MOST = 32 * 1024 * 1024  # characters of output, which the parent has to store


def main() -> None:
    """Print the sheet's rows as JSON, a list of lists of text; row 1 comes first, however empty."""
    confine()
    sys.stdout.write(json.dumps(rows_of(sys.stdin.buffer.read())))


def rows_of(workbook: bytes) -> list[list[str]]:
    """The first visible sheet's cells as text; raises CalamineError on what is no workbook."""
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    with CalamineWorkbook.from_filelike(io.BytesIO(workbook)) as book:
        visible = (sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible)
        rows = book.get_sheet_by_name(next(visible)).to_python(skip_empty_area=False)
    texts = [[as_text(cell) for cell in row] for row in rows]
    if sum(len(text) for row in texts for text in row) > TEXT_MOST:
        raise MemoryError("more text than a roster holds")
    return texts


def as_text(cell: object) -> str:
    """A cell as text. Numbers in workbooks are floats: 13812345678.0 is a telephone number."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


if __name__ == "__main__":
    main()
