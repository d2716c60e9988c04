"""A roster file as plain rows: .xlsx, or .csv in UTF-8 or GB 18030, headers in either language."""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from eventreg.core.errors import Refused

HEADERS = {
    "工号": "staff_no",
    "姓名": "name",
    "性别": "gender",
    "单位": "unit",
    "部门": "unit",
    "班组": "team",
    "单位类别": "unit_kind",
    "邮箱": "email",
    "工作邮箱": "email",
    "手机": "phone",
    "手机号": "phone",
    "状态": "state",
}
COLUMNS = ("staff_no", "name", "gender", "unit", "team", "unit_kind", "email", "phone", "state")
REQUIRED = ("staff_no", "name", "gender", "unit")

# A small archive can hold gigabytes: what it says of itself is checked before it is opened.
MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_MEMBERS = 2_000
MOST_RATIO = 100
MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file, by column name; what the file does not have is empty."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """All filled lines of a file, and the headers nobody knows."""

    rows: tuple[Row, ...]
    unknown: tuple[str, ...]


def read_roster(path: Path) -> Table:
    """Read a file. Raises Refused: people.file_kind, .file_too_big, .file_broken,
    .file_encoding, .file_empty or .columns_missing (with their names)."""
    if path.stat().st_size > MOST_BYTES:
        raise Refused("people.file_too_big")
    kind = path.suffix.lower()
    if kind not in {".xlsx", ".csv"}:
        raise Refused("people.file_kind", kind=kind)
    lines = _xlsx(path) if kind == ".xlsx" else _csv(path.read_bytes())
    numbered = [(n, line) for n, line in enumerate(lines, 1) if any(cell.strip() for cell in line)]
    if not numbered:
        raise Refused("people.file_empty")
    if len(numbered) > MOST_ROWS:
        raise Refused("people.file_too_big")
    return _table(numbered)


def _table(numbered: list[tuple[int, list[str]]]) -> Table:
    titles = [_title(cell) for cell in numbered[0][1]]
    names = [HEADERS.get(title, title.lower()) for title in titles]
    if missing := [column for column in REQUIRED if column not in names]:
        raise Refused("people.columns_missing", columns=", ".join(missing))
    unknown = tuple(title for title, name in zip(titles, names, strict=True) if title and name not in COLUMNS)
    rows = tuple(
        Row(line, {n: _plain(c) for n, c in zip(names, cells, strict=False) if n in COLUMNS})
        for line, cells in numbered[1:]
    )
    return Table(rows, unknown)


def _csv(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            return list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except csv.Error as error:
            raise Refused("people.file_broken") from error
    raise Refused("people.file_encoding")


def _xlsx(path: Path) -> list[list[str]]:
    _check_archive(path)
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        return [[_text(cell) for cell in line] for line in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, IndexError) as error:
        raise Refused("people.file_broken") from error


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise Refused("people.file_broken") from error
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or unpacked / packed > MOST_RATIO:
        raise Refused("people.file_too_big")


def _text(cell: object) -> str:
    """A spreadsheet gives numbers as floats: 13812345678.0 is a phone number."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _title(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).split()).strip("*")


def _plain(cell: str) -> str:
    return cell.replace("\u3000", " ").strip()
