"""The 汇总表 of a department, or of all departments, in order of preference: as a workbook and as landscape A4 pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from eventreg.campaigns.facts import CampaignFacts
from eventreg.nominations.papers import lists
from eventreg.nominations.papers.lists import SummaryNomination
from eventreg.nominations.screening.screening_marks import marks_of
from eventreg.people import units
from eventreg.words.award import award_words, paper_words
from eventreg.words.campaign_words import GENDERS
from eventreg.words.locale import speaking

from . import typeset
from .typeset import Sheet
from .workbooks import Cell, sheet_title, workbook, write_cell

if TYPE_CHECKING:
    from xlsxwriter import Workbook

TEMPLATE = "paper/summary.typ"
A4 = 9
HEAD_ROW = 3
WIDTHS = (6, 12, 6, 20, 16, 48, 8, 10, 12, 16)
LINES_ROW = 2

Cells = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class NominationSummary:
    """A table: its title, when it was made, its column heads, and rows by department."""

    title: str
    made: str
    heads: tuple[str, ...]
    groups: tuple[tuple[str, tuple[Cells, ...]], ...]
    page: str
    lines: tuple[str, ...]
    at: datetime


def of_award(campaign: CampaignFacts, *, now: datetime) -> NominationSummary:
    """The summary of all departments, by pinyin."""
    departments = {unit.id: unit.name for unit in units.list_departments()}
    return _listed(campaign, departments, lists.of_award(campaign.id), now=now)


def of_department(campaign: CampaignFacts, unit_id: int, name: str, *, now: datetime) -> NominationSummary:
    """The summary of one department, with its drafts."""
    return _listed(campaign, {unit_id: name}, lists.of_department(campaign.id, unit_id), now=now)


def _listed(
    campaign: CampaignFacts,
    departments: Mapping[int, str],
    listed: Sequence[SummaryNomination],
    *,
    now: datetime,
) -> NominationSummary:
    signed = {id_ for id_, marks in marks_of([one.found.id for one in listed]).items() if marks.signed}
    return summary_of(campaign, departments, listed, signed, now=now)


def summary_of(
    campaign: CampaignFacts,
    departments: Mapping[int, str],
    listed: Sequence[SummaryNomination],
    signed: Collection[int],
    *,
    now: datetime,
) -> NominationSummary:
    """The rows of these departments, in their order; in the campaign's language.

    `signed` are the ids of nominations whose head has signed what is submitted now.
    """
    with speaking(campaign.lang):
        groups = []
        for unit_id, name in departments.items():
            of_unit = [one for one in listed if one.found.unit_id == unit_id]
            if of_unit:
                groups.append((name, tuple(_cells(one, n, signed) for n, one in enumerate(of_unit, 1))))
        at = now.astimezone(campaign.zone)
        return NominationSummary(
            title=paper_words.summary(campaign.title),
            made=paper_words.made(at),
            heads=paper_words.summary_heads(),
            groups=tuple(groups),
            page=paper_words.page_of(),
            lines=paper_words.summary_lines(groups[0][0] if len(groups) == 1 else ""),
            at=at,
        )


def write(file: BinaryIO, summary: NominationSummary) -> None:
    """The workbook: places and word counts are numbers, no formula, the heads repeated on every sheet of paper."""
    with workbook(file) as book:
        sheet = book.add_worksheet(sheet_title(summary.title))
        _for_print(sheet)
        big = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        plain, left = book.add_format({"align": "right"}), book.add_format({"align": "left"})
        last = len(summary.heads) - 1
        by_hand = "　　".join(summary.lines)
        for row, text, form in (
            (0, summary.title, big),
            (1, summary.made, plain),
            (LINES_ROW, by_hand, left),
        ):
            sheet.merge_range(row, 0, row, last, "", form)
            write_cell(sheet, row, 0, text, form)
        _write_rows(book, sheet, summary)


def pdf(summary: NominationSummary) -> bytes:
    """The pages. Raises what `limited.make` raises."""
    return typeset.pdf(sheet_of(summary))


def sheet_of(summary: NominationSummary) -> Sheet:
    """The table for the typesetter."""
    facts = {
        "title": summary.title,
        "made": summary.made,
        "lines": summary.lines,
        "heads": summary.heads,
        "groups": [
            {"name": name, "rows": [[str(cell) for cell in row] for row in rows]}
            for name, rows in summary.groups
        ],
        "page": summary.page,
        "none": paper_words.nobody(),
    }
    return Sheet(TEMPLATE, facts, summary.at)


def _cells(one: SummaryNomination, place: int, signed: Collection[int]) -> Cells:
    found = one.found
    return (
        place,
        found.nominee.name,
        GENDERS[str(found.nominee.gender)](),
        found.nominee.unit,
        one.post,
        one.short,
        found.counted.zishu if found.counted else "",
        award_words.state(str(found.state))[1],
        paper_words.signed(found.id in signed),
        paper_words.received(one.receipt.version if one.receipt else None, found.handed_in),
    )


def _for_print(sheet: Any) -> None:
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.set_footer("&C&P / &N")
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)


def _write_rows(book: Workbook, sheet: Any, summary: NominationSummary) -> None:
    head = book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#EEEEEE"})
    group = book.add_format({"bold": True, "border": 1})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
    middle = book.add_format({"border": 1, "align": "center", "valign": "vcenter"})
    for column, text in enumerate(summary.heads):
        write_cell(sheet, HEAD_ROW, column, text, head)
    row = HEAD_ROW
    for name, rows in summary.groups:
        row += 1
        sheet.merge_range(row, 0, row, len(summary.heads) - 1, "", group)
        write_cell(sheet, row, 0, name, group)
        for row, cells in enumerate(rows, start=row + 1):  # noqa: B020  (the last one is where to go on)
            for column, value in enumerate(cells):
                write_cell(sheet, row, column, value, middle if isinstance(value, int) else cell)
