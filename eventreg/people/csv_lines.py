"""Split the text of a CSV file into records, and refuse one whose quotation mark was never closed. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain

from eventreg.core.errors import Refused

END = "\0"  # a last record of its own: an open quotation mark swallows it (no CSV file that we read holds it)


def csv_lines(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    """The records with the numbers of their first lines.

    Raises Refused: people.quotes_open (line) for a quotation mark that takes in the records after it, whether it
    is closed by a later one or never; people.file_broken.
    """
    reader = csv.reader(chain(io.StringIO(text, newline=""), [END]))
    begins, widest = 1, 0
    try:
        for record in reader:
            if record == [END]:
                return
            if _swallows(record, widest):
                raise Refused("people.quotes_open", line=begins)
            yield begins, record
            widest, begins = max(widest, len(record)), reader.line_num + 1
    except csv.Error as error:
        if reader.line_num > begins:
            raise Refused("people.quotes_open", line=begins) from error
        raise Refused("people.file_broken") from error


def _swallows(record: Sequence[str], widest: int) -> bool:
    """Whether a cell holds other records: it reaches the end of the file, or has lines with as many commas as records have."""
    commas = max(1, widest - 1)
    return any(
        END in cell or any(line.count(",") >= commas for line in cell.splitlines()[1:])
        for cell in record
        if END in cell or "\n" in cell or "\r" in cell
    )
