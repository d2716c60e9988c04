"""Read a quota table from a workbook: the places of each department, and every line that is not taken, with the reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice, pairwise
from typing import IO, Protocol

from eventreg.core.errors import Refused
from eventreg.core.plain_text import comparison_key, half_width
from eventreg.people.cell_faults import CODES, EVERYWHERE
from eventreg.people.reading import SheetLine, read_lines
from eventreg.people.roster_heads import HEADS_WITHIN, has_heads

from .quota_allotment import MOST
from .quota_heads import PLACES, REASON, SHOWN, UNIT, columns_of, is_foot, wanted_heads
from .quotas import QuotaRequest

NUMBER = re.compile(r"([0-9]{1,9})(?:\.0+)?\s*[人个名位]?")


class LineFault(StrEnum):
    """Why a line is not taken: its department is not known, not written, or written twice; its number is missing, is none, or
    stands in merged cells: whether each department has so many, or all of them together, nobody can tell."""

    UNKNOWN = "unknown"
    UNNAMED = "unnamed"
    TWICE = "twice"
    BLANK = "blank"
    MERGED = "merged"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class SkippedLine:
    """A line that is not taken: its number in the file, the department and the number as they are written."""

    line: int
    fault: LineFault
    unit: str
    places: str


@dataclass(frozen=True, slots=True)
class QuotaFile:
    """The requests by department id, the lines that are not taken, the departments that the file lacks, and hidden lines taken."""

    requests: Mapping[int, QuotaRequest]
    skipped: tuple[SkippedLine, ...] = ()
    missing: tuple[str, ...] = ()
    hidden: int = 0


class NamedUnit(Protocol):
    """A unit whose places may stand in a file."""

    @property
    def unit_id(self) -> int: ...
    @property
    def unit(self) -> str: ...


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit of a table that is no quota table."""

    unit_id: int
    unit: str


def read(name: str, file: IO[bytes], lines: Sequence[NamedUnit]) -> QuotaFile:
    """Read the places of the departments in `lines`.

    `3人`, `3 个` and `３` are 3. A blank number is not 0, and of a department that stands in two lines neither is taken.
    Raises Refused: what `read_lines` raises, quota.file_columns, people.columns_repeated, quota.file_units if no
    department is known, people.bad_cell (line, column, value, fault) for a cell without a value.
    """
    columns, below = _table(read_lines(name, file, wanted_heads()))
    known = {comparison_key(line.unit): line.unit_id for line in lines}
    by_name = [(line, known.get(comparison_key(_cell(line, columns[UNIT])))) for line in below]
    merged = _merged(below, columns[PLACES])
    rows = [(line, unit_id) for line, unit_id in by_name if unit_id is not None or not is_foot(line.cells)]
    named = Counter(unit_id for _line, unit_id in rows if unit_id is not None)
    if not named:
        raise Refused("quota.file_units", example=next((line.unit for line in lines), ""))
    found, skipped, hidden = dict[int, QuotaRequest](), [], 0
    for line, unit_id in rows:
        _refuse_fault(line, columns, known=unit_id is not None)
        fault = _fault(line, columns, unit_id, named)
        if fault is None and unit_id is not None and line.number in merged:
            fault = LineFault.MERGED
        if fault is None and unit_id is not None:
            found[unit_id] = QuotaRequest(
                count_in(_cell(line, columns[PLACES])) or 0,
                " ".join(_cell(line, columns.get(REASON)).split()),
            )
            hidden += line.hidden
        elif fault is not None:
            skipped.append(
                SkippedLine(line.number, fault, _cell(line, columns[UNIT]), _cell(line, columns[PLACES]))
            )
    missing = tuple(line.unit for line in lines if line.unit_id not in named)
    return QuotaFile(found, tuple(skipped), missing, hidden)


def count_in(text: str) -> int | None:
    """The number of places in a cell, with or without a measure word; None if it is no number from 0 to 10,000."""
    written = NUMBER.fullmatch(half_width(text))
    return int(written[1]) if written and int(written[1]) <= MOST else None


def explained(brought: Mapping[int, QuotaRequest], why: str) -> dict[int, QuotaRequest]:
    """The same numbers, with this reason where the file has none."""
    return {unit_id: replace(wish, reason=wish.reason or why) for unit_id, wish in brought.items()}


def _table(lines: Sequence[SheetLine]) -> tuple[dict[str, int], list[SheetLine]]:
    """The columns, and the lines below their heads without empty lines and repeated heads."""
    wanted = wanted_heads()
    filled = [line for line in lines if any(cell.strip() for cell in line.cells)]
    at = next(
        (n for n, line in enumerate(islice(filled, HEADS_WITHIN)) if has_heads(line.cells, wanted)), None
    )
    if at is None:
        raise Refused("quota.file_columns")
    below = [line for line in filled[at + 1 :] if not has_heads(line.cells, wanted)]
    return columns_of(filled[at].cells), below


def _fault(
    line: SheetLine, columns: Mapping[str, int], unit_id: int | None, named: Mapping[int, int]
) -> LineFault | None:
    unit, places = _cell(line, columns[UNIT]), _cell(line, columns[PLACES])
    if not unit:
        return LineFault.UNNAMED if places else None
    if unit_id is None:
        return LineFault.UNKNOWN
    if named[unit_id] > 1:
        return LineFault.TWICE
    if not places:
        return LineFault.BLANK
    return LineFault.NUMBER if count_in(places) is None else None


def _merged(lines: Sequence[SheetLine], place: int) -> set[int]:
    """The numbers of the lines whose cell at this place is one of several merged ones, the first of them included."""
    found = set[int]()
    for before, line in pairwise(lines):
        if place in line.filled:
            found |= {before.number, line.number}
    return found


def _refuse_fault(line: SheetLine, columns: Mapping[str, int], *, known: bool) -> None:
    """Refuse a line with a cell that holds no value; of a line that is not taken anyway only the department matters."""
    for column in (UNIT, PLACES, REASON) if known else (UNIT,):
        place = columns.get(column)
        fault = line.faults.get(place) if place is not None else None
        if place is None or fault is None or (column == REASON and fault not in EVERYWHERE):
            continue
        value = line.cells[place].strip()
        raise Refused(
            "people.bad_cell", line=line.number, column=SHOWN[column], value=value, fault=CODES[fault]
        )


def _cell(line: SheetLine, place: int | None) -> str:
    return line.cells[place].strip() if place is not None and place < len(line.cells) else ""
