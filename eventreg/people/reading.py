"""Read a roster file (.xlsx or .csv) into rows of plain text; the file is untrusted."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO

from eventreg.core import sandbox
from eventreg.core.archives import LOCKED, OLD_OFFICE, list_members
from eventreg.core.cells import unmarked
from eventreg.core.combining_marks import has_stack
from eventreg.core.errors import Refused
from eventreg.core.plain_text import identifier

from .rules import RosterRow

FILE_MOST = 20 * 1024 * 1024
ROWS_MOST = 50_000
PATIENCE = 20.0

REQUIRED = ("staff_no", "name", "gender", "unit")
HEADERS = {
    "staff_no": ("工号", "staff_no"),
    "name": ("姓名", "name"),
    "gender": ("性别", "gender"),
    "unit": ("单位", "部门", "unit"),
    "team": ("班组", "team"),
    "unit_kind": ("单位类别", "unit_kind"),
    "email": ("邮箱", "email"),
    "phone": ("手机", "手机号", "phone"),
    "state": ("状态", "state"),
}

Line = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class RosterFile:
    """The content of a file: its rows, and the headers of unknown columns."""

    rows: tuple[RosterRow, ...]
    ignored: tuple[str, ...]


def read_roster(path: Path) -> RosterFile:
    """The rows of a roster file; raises what `read_upload` raises."""
    try:
        with path.open("rb") as file:
            return read_upload(path.name, file)
    except OSError as error:
        raise Refused("people.file_broken") from error


def read_upload(name: str, file: IO[bytes]) -> RosterFile:
    """The rows of an uploaded roster file; of its name only the ending is used.

    Raises Refused: people.file_kind, people.file_old_excel, people.file_encrypted, people.file_too_big (most=bytes; also for what would unpack
    to too much), people.file_broken, people.file_encoding, people.file_empty,
    people.columns_missing and people.columns_repeated (columns="工号 staff_no, ..."),
    people.no_rows, people.too_many_rows (most=rows), people.marks (line).
    """
    return _roster(_lines(name, file))


def read_rows(name: str, file: IO[bytes]) -> list[list[str]]:
    """The cells of any such file as text. Raises the same refusals of unreadable files."""
    return [list(cells) for _line, cells in _lines(name, file)]


def _lines(name: str, file: IO[bytes]) -> Iterator[Line]:
    """The lines of the file, numbered from 1, with cells as text, without the apostrophe that marks text.

    Raises Refused people.marks if a letter has too many combining marks.
    """
    for line, cells in _unchecked_lines(name, file):
        if has_stack(cells):
            raise Refused("people.marks", line=line)
        yield line, [unmarked(cell) for cell in cells]


def _unchecked_lines(name: str, file: IO[bytes]) -> Iterator[Line]:
    suffix = PurePath(name.strip()).suffix.strip().lower()
    if suffix == ".xls":
        raise Refused("people.file_old_excel")
    if suffix not in {".xlsx", ".csv"}:
        raise Refused("people.file_kind", suffix=suffix)
    content = file.read(FILE_MOST + 1)
    if len(content) > FILE_MOST:
        raise Refused("people.file_too_big", most=FILE_MOST)
    if not content.strip():
        raise Refused("people.file_empty")
    return _xlsx(content) if suffix == ".xlsx" else _csv(content)


def _csv(content: bytes) -> Iterator[Line]:
    """The records of a CSV file, each with the number of its first line."""
    reader = csv.reader(io.StringIO(_decoded(content), newline=""))
    begins = 1
    try:
        for record in reader:
            yield begins, record
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Refused("people.file_broken") from error


def _decoded(content: bytes) -> str:
    """Decode UTF-8 with or without a byte order mark, else GB 18030, which Excel in China writes."""
    if b"\0" in content:
        raise Refused("people.file_encoding")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("people.file_encoding")


def _xlsx(content: bytes) -> Iterator[Line]:
    """The rows of a workbook with their numbers, read in a sandbox (law 16)."""
    check_workbook(content)
    with tempfile.TemporaryFile() as file:
        file.write(content)
        with sandbox.run("eventreg.people.sheet", file=file, seconds=PATIENCE, patience=PATIENCE) as ran:
            if ran.status:
                raise Refused("people.file_broken")
            rows = json.load(ran.output)
    yield from enumerate(rows, start=1)


def check_workbook(content: bytes) -> None:
    """Refuse a file that is no workbook or would unpack to too much, before it is unpacked.

    Excel writes the same kind of file for .xls and behind a password, whatever its name is then.
    """
    if content.startswith(OLD_OFFICE):
        raise Refused("people.file_encrypted" if LOCKED in content else "people.file_old_excel")
    try:
        members = list_members(io.BytesIO(content))
    except Refused as refused:
        raise _said_here(refused) from refused
    if "[Content_Types].xml" not in {member.filename for member in members}:
        raise Refused("people.file_kind", suffix=".xlsx")


def _said_here(refused: Refused) -> Refused:
    """The refusal of an archive as a refusal of a workbook."""
    if refused.code == "archive.bomb":
        return Refused("people.file_too_big", **refused.facts)
    if refused.code == "archive.broken":
        return Refused("people.file_kind", suffix=".xlsx")
    if refused.code == "archive.encrypted":
        return Refused("people.file_encrypted")
    return Refused("people.file_broken")


def _roster(lines: Iterator[Line]) -> RosterFile:
    filled = ((line, cells) for line, cells in lines if any(cell.strip() for cell in cells))
    header = next(filled, None)
    if header is None:
        raise Refused("people.file_empty")
    columns, ignored = _columns(header[1])
    rows: list[RosterRow] = []
    for line, cells in filled:
        if len(rows) == ROWS_MOST:
            raise Refused("people.too_many_rows", most=ROWS_MOST)
        rows.append(_row(line, cells, columns))
    if not rows:
        raise Refused("people.no_rows")
    return RosterFile(tuple(rows), ignored)


def _columns(header: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """The positions of known columns, and the headers of unknown ones."""
    names = {_folded(word): column for column, words in HEADERS.items() for word in words}
    where: dict[str, int] = {}
    ignored, repeated = [], []
    for place, text in enumerate(header):
        column = names.get(_folded(text))
        if column is None:
            ignored += [text.strip()] if text.strip() else []
        elif column in where:
            repeated.append(column)
        else:
            where[column] = place
    if repeated:
        raise Refused("people.columns_repeated", columns=_named(repeated))
    if missing := [column for column in REQUIRED if column not in where]:
        raise Refused("people.columns_missing", columns=_named(missing))
    return where, tuple(ignored)


def _named(columns: Sequence[str]) -> str:
    """The possible headers of columns, in both languages."""
    return ", ".join(f"{HEADERS[column][0]} {column}" for column in columns)


def _folded(header: str) -> str:
    return "".join(identifier(header).lower().replace("_", " ").split())


def _row(line: int, cells: Sequence[str], columns: dict[str, int]) -> RosterRow:
    texts = {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}
    return RosterRow(line, **texts)
