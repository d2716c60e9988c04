"""A campaign's roster as a workbook: only the declared columns, flat memory (D23)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from flask_babel import gettext as _

from eventreg.campaigns.facts import CampaignFacts, QuestionFacts
from eventreg.core.actor import Actor
from eventreg.core.trail import audit
from eventreg.registrations import roster
from eventreg.registrations.roster import RosterFilter, RosterLine, RosterSort
from eventreg.words.registration_words import asked_label, roster_heads, state

from .workbooks import Cell, sheet_title, workbook, write_cell

WIDTHS = (8, 16, 30, 12, 20)
QUESTION_WIDTH = 24


def write_roster(
    file: BinaryIO,
    campaign: CampaignFacts,
    questions: Sequence[QuestionFacts],
    wanted: RosterFilter,
    *,
    sort: RosterSort = RosterSort.ARRIVAL,
) -> int:
    """Write the lines wanted in this order, in the reader's language; returns how many."""
    heads = (*roster_heads(), *(asked_label(question) for question in questions))
    keys = [question.key for question in questions]
    lines = roster.stream(campaign.id, wanted, sort=sort)
    return write_sheet(file, _("报名名单"), heads, (_cells(line, campaign, keys) for line in lines))


def note_export(campaign_id: int, count: int, *, actor: Actor) -> None:
    """Record that a list of names was exported, in a unit of work before the file is sent."""
    audit.record("roster.exported", f"campaign:{campaign_id}", actor=actor, count=count)


def write_sheet(file: BinaryIO, title: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write one sheet with a frozen row of heads; returns the number of other rows."""
    count = 0
    with workbook(file) as book:
        sheet = book.add_worksheet(sheet_title(title))
        sheet.freeze_panes(1, 0)
        for column in range(len(heads)):
            sheet.set_column(column, column, WIDTHS[column] if column < len(WIDTHS) else QUESTION_WIDTH)
        bold = book.add_format({"bold": True})
        for column, head in enumerate(heads):
            write_cell(sheet, 0, column, head, bold)
        for count, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                write_cell(sheet, count, column, value)
    return count


def _cells(line: RosterLine, campaign: CampaignFacts, keys: Sequence[str]) -> tuple[Cell, ...]:
    at = f"{line.registered_at.astimezone(campaign.zone):%Y-%m-%d %H:%M:%S}"
    answers = (line.answers.get(key, "") for key in keys)
    return line.arrival, line.name, line.unit, state(line.state), at, *answers
