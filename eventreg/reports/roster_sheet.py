"""A campaign's roster as a workbook: only the declared columns, flat memory (D23)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from flask_babel import gettext as _

from eventreg.campaigns.check_points import service as check_points
from eventreg.campaigns.check_points.rules import CheckPointFacts
from eventreg.campaigns.facts import CampaignFacts, QuestionFacts
from eventreg.campaigns.question_kinds import QuestionKind
from eventreg.core.actor import Actor
from eventreg.core.trail import audit
from eventreg.registrations import roster
from eventreg.registrations.roster import CHUNK, RosterFilter, RosterLine, RosterSort
from eventreg.registrations.rules import RegistrationState
from eventreg.venue import attendance
from eventreg.venue.attendance import AttendanceCount, Visit
from eventreg.words import venue_words
from eventreg.words.campaign_words import GENDERS
from eventreg.words.registration_words import asked_label, roster_heads, state
from eventreg.words.sign_up import question_words

from .workbooks import Cell, sheet_title, workbook, write_cell

WIDTHS = (8, 16, 14, 8, 30, 12, 20)
QUESTION_WIDTH = 24


def write_roster(
    file: BinaryIO,
    campaign: CampaignFacts,
    questions: Sequence[QuestionFacts],
    wanted: RosterFilter,
    *,
    sort: RosterSort = RosterSort.ARRIVAL,
) -> int:
    """Write the lines wanted in this order, in the reader's language; returns how many.

    After the answers stand whether somebody came, when they first came, and for each check point when and where they were
    scanned in. Before anybody was scanned in, nobody is called absent.
    """
    points = check_points.list_of(campaign.id)
    came = (_("到场"), _("到场时间"), *(venue_words.point(point.code, point.name) for point in points))
    heads = (*roster_heads(), *(asked_label(question) for question in questions), *came)
    lines = _with_visits(roster.stream(campaign.id, wanted, sort=sort))
    begun = attendance.count_people([campaign.id]).get(campaign.id, AttendanceCount()).present > 0
    rows = (
        (*_cells(line, campaign, questions), _came(line, seen, begun=begun), *_visits(seen, campaign, points))
        for line, seen in lines
    )
    return write_sheet(file, _("报名名单"), heads, rows)


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


def _with_visits(lines: Iterator[RosterLine]) -> Iterator[tuple[RosterLine, Sequence[Visit]]]:
    """The lines with their visits, read in chunks."""
    while chunk := list(islice(lines, CHUNK)):
        visits = attendance.list_visits([line.id for line in chunk])
        yield from ((line, visits.get(line.id, ())) for line in chunk)


def _came(line: RosterLine, seen: Sequence[Visit], *, begun: bool) -> str:
    """Whether somebody came; "" for whoever has no place, and before anybody came."""
    if seen:
        return _("到场")
    return _("没到") if begun and line.state is RegistrationState.SEATED else ""


def _visits(
    seen: Sequence[Visit], campaign: CampaignFacts, points: Sequence[CheckPointFacts]
) -> tuple[str, ...]:
    """When somebody first came, then when and where at each check point; "" where they were not."""
    said = {visit.check_point: f"{_second(visit.at, campaign)} {visit.door}" for visit in seen}
    return (_second(seen[0].at, campaign) if seen else "", *(said.get(point.code, "") for point in points))


def _second(at: datetime, campaign: CampaignFacts) -> str:
    return f"{at.astimezone(campaign.zone):%Y-%m-%d %H:%M:%S}"


def _cells(line: RosterLine, campaign: CampaignFacts, questions: Sequence[QuestionFacts]) -> tuple[Cell, ...]:
    at = _second(line.registered_at, campaign)
    answers = (_answer(question, line.answers.get(question.key, "")) for question in questions)
    return (
        line.arrival,
        line.name,
        line.staff_no,
        GENDERS[line.gender](),
        line.unit,
        state(line.state),
        at,
        *answers,
    )


def _answer(question: QuestionFacts, value: str) -> Cell:
    """An answer as a cell: a number as a number, everything else in words; a day stays as it is stored, so that it sorts."""
    if question.kind == QuestionKind.NUMBER and value:
        return int(value)
    return value if question.kind == QuestionKind.DATE else question_words.answer(question, value)
