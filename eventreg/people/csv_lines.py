"""The text of a CSV file: decoded, its separator found, split into records; an open quotation mark is refused. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, islice

from eventreg.core.errors import Refused

from .roster_heads import HEADS_WITHIN, has_heads

BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
SEPARATORS = (
    ",\t;，|"  # Excel writes tabs for "Unicode text", and semicolons where the comma is the decimal sign
)
AS_TEXT = re.compile(r'="([^"]*)"')
END = "\0"  # a last record of its own: an open quotation mark swallows it (no CSV file that we read holds it)


def decoded(content: bytes) -> str:
    """Decode UTF-16 and UTF-8 with a byte order mark, UTF-8, or GB 18030, which Excel in China writes.

    Raises Refused people.file_encoding.
    """
    marked = next((name for mark, name in BYTE_ORDER_MARKS.items() if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if END not in text:
            return text.removeprefix("\ufeff")
    raise Refused("people.file_encoding")


def separator(text: str, wanted: Sequence[Collection[str]]) -> str:
    """The separator with which a row near the top has the wanted heads; else the comma."""
    top = list(islice(io.StringIO(text, newline=""), HEADS_WITHIN * 2))
    return next((sign for sign in SEPARATORS if _has_heads(top, wanted, sign)), ",")


def unquoted(cell: str) -> str:
    """The text of a cell such as ="00123", which programs write so that a spreadsheet leaves the zeros."""
    found = AS_TEXT.fullmatch(cell.strip())
    return found[1] if found else cell


def _has_heads(top: Sequence[str], wanted: Sequence[Collection[str]], sign: str) -> bool:
    return any(
        has_heads((unquoted(cell).strip().strip('"') for cell in line.split(sign)), wanted) for line in top
    )


def csv_lines(text: str, sign: str = ",") -> Iterator[tuple[int, Sequence[str]]]:
    """The records, whose cells are separated by `sign`, with the numbers of their first lines.

    Raises Refused: people.quotes_open (line) for a quotation mark that takes in the records after it, whether it
    is closed by a later one or never; people.file_broken.
    """
    reader = csv.reader(chain(io.StringIO(text, newline=""), [END]), delimiter=sign)
    begins, widest = 1, 0
    try:
        for record in reader:
            if record == [END]:
                return
            if _swallows(record, widest, sign):
                raise Refused("people.quotes_open", line=begins)
            yield begins, record
            widest, begins = max(widest, len(record)), reader.line_num + 1
    except csv.Error as error:
        if reader.line_num > begins:
            raise Refused("people.quotes_open", line=begins) from error
        raise Refused("people.file_broken") from error


def _swallows(record: Sequence[str], widest: int, sign: str) -> bool:
    """Whether a cell holds other records: it reaches the end of the file, or has lines with as many separators as records have."""
    most = max(1, widest - 1)
    return any(
        END in cell
        or any(line.count(sign) >= most for line in cell.splitlines()[1:])
        or (widest > 1 and _swallows_the_next(cell, place, len(record), widest, sign))
        for place, cell in enumerate(record)
        if END in cell or "\n" in cell or "\r" in cell
    )


def _swallows_the_next(cell: str, place: int, cells: int, widest: int, sign: str) -> bool:
    """Whether a cell begins with the rest of its own record and ends with the beginning of the record that goes on behind it."""
    lines = cell.splitlines()
    return lines[0].count(sign) >= widest - 1 - place and lines[-1].count(sign) >= place + widest - cells
