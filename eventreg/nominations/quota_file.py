"""Read a quota table from a workbook: the columns 单位 and 名额, with the department names of the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import IO

from eventreg.campaigns import checks
from eventreg.core.errors import Refused
from eventreg.core.plain_text import comparison_key
from eventreg.people.cell_faults import CODES
from eventreg.people.reading import SheetLine, read_lines
from eventreg.people.roster_heads import folded_head

from .quota_allotment import MOST
from .quotas import QuotaLine, QuotaRequest

UNIT, PLACES, REASON = ("单位", "Department"), ("名额", "Places"), ("说明", "Note")
HEADS_WITHIN = 8  # rows above the column heads: an annex has its title and its rule there


def read(name: str, file: IO[bytes], lines: Sequence[QuotaLine]) -> dict[int, QuotaRequest]:
    """The places of each department that the file names, by id; other rows are skipped.

    Raises Refused: people.file_kind, people.file_too_big, people.file_broken, people.file_empty,
    quota.file_columns, quota.file_units, people.bad_cell (line, column, value, fault), and what a number that
    is none raises.
    """
    lines_read = read_lines(name, file, [[folded_head(word) for word in words] for words in (UNIT, PLACES)])
    rows = [line.cells for line in lines_read]
    head = next((n for n, cells in enumerate(rows[:HEADS_WITHIN]) if _place(cells, UNIT) is not None), None)
    unit = _place(rows[head], UNIT) if head is not None else None
    places = _place(rows[head], PLACES) if head is not None else None
    if head is None or unit is None or places is None:
        raise Refused("quota.file_columns")
    reason, known = _place(rows[head], REASON), {comparison_key(line.unit): line.unit_id for line in lines}
    found = {}
    for line in lines_read[head + 1 :]:
        cells = line.cells
        unit_id = known.get(comparison_key(_cell(cells, unit)))
        _refuse_fault(
            line,
            {UNIT[0]: unit} if unit_id is None else {UNIT[0]: unit, PLACES[0]: places, REASON[0]: reason},
        )
        if unit_id is not None:
            count = checks.maybe_number(_cell(cells, places), least=0, most=MOST) or 0
            found[unit_id] = QuotaRequest(
                count, checks.line(_cell(cells, reason)[:60], most=60, required=False)
            )
    if not found:
        raise Refused("quota.file_units", example=next((line.unit for line in lines), ""))
    return found


def _refuse_fault(line: SheetLine, columns: Mapping[str, int | None]) -> None:
    """Refuse a row with a cell that holds no value: it would be read as empty, and empty is 0."""
    for column, place in columns.items():
        fault = line.faults.get(place) if place is not None else None
        if fault is not None and place is not None:
            value = line.cells[place].strip()
            raise Refused("people.bad_cell", line=line.number, column=column, value=value, fault=CODES[fault])


def explained(brought: Mapping[int, QuotaRequest], why: str) -> dict[int, QuotaRequest]:
    """The same numbers, with this reason where the file has none."""
    return {unit_id: replace(wish, reason=wish.reason or why) for unit_id, wish in brought.items()}


def _place(cells: Sequence[str], names: Sequence[str]) -> int | None:
    heads = [comparison_key(cell) for cell in cells]
    return next((heads.index(key) for key in map(comparison_key, names) if key in heads), None)


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""
