"""Write CSV: no cell is a formula, whoever opens the file (OWASP, CSV injection). Pure.

Excel takes a file without a byte order mark for one in the system's own encoding, and in some countries separates by
semicolons: for people who open it there, the mark is added and every cell is quoted.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence

from .cells import marked


def csv_text(rows: Iterable[Sequence[str]], *, excel: bool = False) -> bytes:
    """The rows in UTF-8; for programs as plain as possible, for Excel with a byte order mark and quotes."""
    text = io.StringIO()
    if excel:
        lines = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    else:
        lines = csv.writer(text, lineterminator="\n")
    lines.writerows([marked(cell) for cell in row] for row in rows)
    return (codecs.BOM_UTF8 if excel else b"") + text.getvalue().encode()
