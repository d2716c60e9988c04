"""Read a roster file (.xlsx or .csv) into rows of plain text; the file is untrusted."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path, PurePath
from typing import IO

from eventreg.core import sandbox
from eventreg.core.archives import LOCKED, OLD_OFFICE, list_members
from eventreg.core.cells import unmarked
from eventreg.core.combining_marks import has_stack
from eventreg.core.errors import Refused

from .cell_faults import code_in, fault_of_text
from .csv_lines import csv_lines, decoded, separator, unquoted
from .roster_heads import HEADERS as HEADERS
from .roster_heads import HEADS_WITHIN, NAMES, column_places, folded_head, head_row, is_foot, wanted_heads
from .roster_heads import REQUIRED as REQUIRED
from .rules import RosterRow

FILE_MOST = 20 * 1024 * 1024
ROWS_MOST = 50_000
PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class SheetNotes:
    """Of a workbook's sheet: the places of its hidden columns, and the names of other sheets that have the wanted heads too."""

    hidden_columns: frozenset[int] = frozenset()
    others: tuple[str, ...] = ()


NO_NOTES = SheetNotes()


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A row of a table with its number: the cells as text, the faults of cells by their place, and whether it is hidden.

    `doubts` are faults of values that a spreadsheet may have rewritten, if they were meant as text: 1E05, 123.0, 3月5日.
    `filled` are the places of cells that got the value of merged cells.
    """

    number: int
    cells: Sequence[str]
    faults: Mapping[int, str] = field(default_factory=dict)
    hidden: bool = False
    sheet: SheetNotes = NO_NOTES
    filled: Sequence[int] = ()
    doubts: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RosterFile:
    """The content of a file: its rows, and the headers of unknown columns.

    `hidden` of its rows are hidden in the sheet, and so are `hidden_columns` of those that were read; `filled` cells got the
    value of the merged cells that they belong to. `skipped` are lines below or between the people (合计, 制表人) with their
    first words; `other_sheets` have the heads of a roster too and were not read.
    """

    rows: tuple[RosterRow, ...]
    ignored: tuple[str, ...]
    hidden: int = 0
    hidden_columns: tuple[str, ...] = ()
    filled: int = 0
    skipped: tuple[tuple[int, str], ...] = ()
    other_sheets: tuple[str, ...] = ()


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
    people.no_rows, people.too_many_rows (most=rows), people.marks (line), people.quotes_open (line).
    """
    return _roster(_lines(name, file, wanted_heads()))


def read_lines(name: str, file: IO[bytes], wanted: Sequence[Sequence[str]]) -> list[SheetLine]:
    """The lines of any such file; of a workbook, those of the sheet that has the wanted heads.

    Raises the same refusals of unreadable files.
    """
    return list(_lines(name, file, wanted))


def _lines(name: str, file: IO[bytes], wanted: Sequence[Sequence[str]]) -> Iterator[SheetLine]:
    """The lines of the file, numbered from 1, with cells as text, without the apostrophe that marks text.

    Raises Refused people.marks if a letter has too many combining marks.
    """
    for line in _unchecked_lines(name, file, wanted):
        if has_stack(line.cells):
            raise Refused("people.marks", line=line.number)
        yield replace(line, cells=[unmarked(cell) for cell in line.cells])


def _unchecked_lines(name: str, file: IO[bytes], wanted: Sequence[Sequence[str]]) -> Iterator[SheetLine]:
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
    if suffix == ".xlsx":
        return _xlsx(content, wanted)
    text = decoded(content)
    return (_csv_line(*line) for line in csv_lines(text, separator(text, wanted)))


def _csv_line(number: int, cells: Sequence[str]) -> SheetLine:
    """A record of a CSV file; ="00123" and an apostrophe in front of what a spreadsheet would rewrite mark a text."""
    doubts = {place: fault for place, cell in enumerate(cells) if (fault := fault_of_text(cell))}
    faults = {place: fault for place, fault in doubts.items() if fault in {"error", "scientific"}}
    texts = [cell[1:] if cell[:1] == "'" and fault_of_text(cell[1:]) else unquoted(cell) for cell in cells]
    return SheetLine(number, texts, faults, doubts=doubts)


def _xlsx(content: bytes, wanted: Sequence[Sequence[str]]) -> Iterator[SheetLine]:
    """The rows of a workbook with their numbers, read in a sandbox (law 16)."""
    heads = json.dumps(wanted)
    check_workbook(content)
    with tempfile.TemporaryFile() as file:
        file.write(content)
        reader = "eventreg.people.sheets.sheet"
        with sandbox.run(reader, heads, file=file, seconds=PATIENCE, patience=PATIENCE) as ran:
            if ran.status:
                raise Refused("people.file_broken")
            sheet = json.load(ran.output)
    hidden, notes = (
        set(sheet["hidden"]),
        SheetNotes(frozenset(sheet["hidden_columns"]), tuple(sheet["others"])),
    )
    faults, doubts, filled = (_by_row(sheet[name]) for name in ("faults", "doubts", "filled"))
    for row, cells in enumerate(sheet["rows"]):
        found, merged, doubted = (marks.get(row, {}) for marks in (faults, filled, doubts))
        yield SheetLine(row + 1, cells, found, row in hidden, notes, tuple(merged), doubted)


def _by_row(marks: Sequence[tuple[int, int, str]]) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for row, column, mark in marks:
        found.setdefault(row, {})[column] = mark
    return found


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


def _roster(lines: Iterator[SheetLine]) -> RosterFile:
    written = (line for line in lines if any(cell.strip() for cell in line.cells))
    top = list(islice(written, HEADS_WITHIN))
    if not top:
        raise Refused("people.file_empty")
    at = head_row([line.cells for line in top])
    columns, ignored = _columns(top[at].cells)
    rows, skipped = list[RosterRow](), list[tuple[int, str]]()
    hidden = filled = 0
    for line in chain(top[at + 1 :], written):
        if _is_head_again(line.cells, columns):
            continue
        if is_foot(line.cells, columns["gender"]):
            skipped.append((line.number, next(cell.strip() for cell in line.cells if cell.strip())))
            continue
        if len(rows) == ROWS_MOST:
            raise Refused("people.too_many_rows", most=ROWS_MOST)
        rows.append(_row(line, columns))
        hidden += line.hidden
        filled += sum(place in line.filled for place in columns.values()) if line.filled else 0
    if not rows:
        raise Refused("people.no_rows")
    unseen = tuple(name for name, place in columns.items() if place in top[at].sheet.hidden_columns)
    others = top[at].sheet.others
    return RosterFile(tuple(rows), ignored, hidden, unseen, filled, tuple(skipped), others)


def _is_head_again(cells: Sequence[str], columns: Mapping[str, int]) -> bool:
    """Whether a row repeats the heads, as printed pages and heads merged over two rows do."""
    here = {column: cells[place] if place < len(cells) else "" for column, place in columns.items()}
    return all(
        NAMES.get(folded_head(text)) == ("unit" if column == "department" else column)
        for column, text in here.items()
    )


def _columns(header: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """The positions of known columns, and the headers of unknown ones."""
    where, repeated, ignored = column_places(header)
    if repeated:
        raise Refused("people.columns_repeated", columns=_named(repeated))
    if missing := [column for column in REQUIRED if column not in where]:
        raise Refused("people.columns_missing", columns=_named(missing))
    return where, tuple(ignored)


def _named(columns: Sequence[str]) -> str:
    """The possible headers of columns, in both languages."""
    return ", ".join(f"{HEADERS.get(column, ('部门',))[0]} {column}" for column in columns)


def _row(line: SheetLine, columns: Mapping[str, int]) -> RosterRow:
    cells = line.cells
    texts = {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}
    marks = {**line.doubts, **line.faults}
    faults = {name: code for name, place in columns.items() if (code := code_in(name, marks.get(place)))}
    return RosterRow(line.number, **texts, faults=faults)
