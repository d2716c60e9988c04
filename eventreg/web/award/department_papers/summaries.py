"""Send the 汇总表 of a department or of an award as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from werkzeug.wrappers import Response

from eventreg.campaigns.facts import CampaignFacts
from eventreg.nominations.papers import lists
from eventreg.nominations.papers.lists import SummaryNomination
from eventreg.nominations.screening.screening_marks import marks_of
from eventreg.people import units
from eventreg.reports import nomination_summary
from eventreg.reports.nomination_summary import NominationSummary, summary_of
from eventreg.web.app import current
from eventreg.web.app.attachments import made_here, workbook


def of_award(campaign: CampaignFacts) -> NominationSummary:
    """The summary of all departments, by pinyin."""
    departments = {unit.id: unit.name for unit in units.list_departments()}
    return _made(campaign, departments, lists.of_award(campaign.id))


def of_department(campaign: CampaignFacts, unit_id: int, name: str) -> NominationSummary:
    """The summary of one department, with its drafts."""
    return _made(campaign, {unit_id: name}, lists.of_department(campaign.id, unit_id))


def _made(
    campaign: CampaignFacts, departments: Mapping[int, str], listed: Sequence[SummaryNomination]
) -> NominationSummary:
    signed = {id_ for id_, marks in marks_of([one.found.id for one in listed]).items() if marks.signed}
    return summary_of(campaign, departments, listed, signed, now=current.now())


def sheet(summary: NominationSummary) -> Response:
    """A summary as an .xlsx."""
    return workbook(lambda file: nomination_summary.write(file, summary), name=summary.title)


def document(summary: NominationSummary, *, back: str) -> Response:
    """A summary as a PDF; `back` is the page where it was asked for."""
    return made_here(
        lambda: nomination_summary.pdf(summary), name=f"{summary.title}.pdf", kind="pdf", back=back
    )
