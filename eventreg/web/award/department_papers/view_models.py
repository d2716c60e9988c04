"""View models of printed forms: to be printed, received by HR, and missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from eventreg.campaigns.facts import CampaignFacts
from eventreg.nominations.papers import check_codes
from eventreg.nominations.papers.lists import SummaryNomination
from eventreg.nominations.papers.rules import PaperMatch, PaperReference, in_groups, match
from eventreg.nominations.papers.service import PaperReceiptFacts
from eventreg.nominations.reading import NominationFacts
from eventreg.people import service as people
from eventreg.reports.glyphs import MissingGlyphs
from eventreg.words import times
from eventreg.words.award import award_words, paper_words


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt in words."""

    at: datetime
    by: str
    copies: int
    remark: str
    version: int
    undo_url: str


@dataclass(frozen=True, slots=True)
class PrintView:
    """The printed form on a nomination's page: the version that would be printed, and received forms."""

    pdf_url: str
    docx_url: str
    version: int
    draft: bool
    newer: bool
    other_font: str
    by_hand: str
    receipt: ReceiptView | None


@dataclass(frozen=True, slots=True)
class DeskPrintView:
    """A printed version that was handed in, compared with what is stored."""

    name: str
    unit: str
    title: str
    lang: str
    code: str
    url: str
    number: int
    number_now: int
    printed_of: datetime
    match: str
    submitted_at: datetime | None
    state: tuple[str, str]
    receipt: ReceiptView | None


@dataclass(frozen=True, slots=True)
class MissingPaper:
    """A nomination whose printed form was not received."""

    title: str
    lines: tuple[str, ...]
    state: tuple[str, str]
    lang: str = "zh-CN"
    url: str = ""
    form_url: str = ""


@dataclass(frozen=True, slots=True)
class AwardDesk:
    """An award with the numbers of received and missing forms."""

    title: str
    lang: str
    submitted: int
    received: int
    missing: tuple[MissingPaper, ...]
    sheet_url: str
    pdf_url: str


def to_print(
    found: NominationFacts, checked: MissingGlyphs, receipt: PaperReceiptFacts | None, campaign: CampaignFacts
) -> PrintView:
    """The printed form on a nomination's page."""
    return PrintView(
        pdf_url=url_for("department_papers.form_pdf", nomination_id=found.id),
        docx_url=url_for("department_papers.form_docx", nomination_id=found.id),
        version=found.handed_in or found.version,
        draft=found.handed_in is None,
        newer=found.handed_in is not None and found.version > found.handed_in,
        other_font=_listed(checked.other_font),
        by_hand=_listed(checked.by_hand),
        receipt=receipted(receipt, campaign) if receipt else None,
    )


def at_desk(
    named: PaperReference,
    printed_of: datetime,
    found: NominationFacts,
    campaign: CampaignFacts,
    receipt: PaperReceiptFacts | None,
    *,
    token: str,
) -> DeskPrintView:
    """A printed form that was found by scan or typed code."""
    submitted_at = found.submitted_at.astimezone(campaign.zone) if found.submitted_at else None
    stands: PaperMatch = match(found.state, found.handed_in, named.version)
    return DeskPrintView(
        name=found.nominee.name,
        unit=found.nominee.unit,
        title=campaign.title,
        lang=campaign.lang,
        code=in_groups(named.code),
        url=url_for("paper_receipts.paper", token=token),
        number=check_codes.number_of(found.id, named.version),
        number_now=check_codes.number_of(found.id, found.handed_in or 0),
        printed_of=printed_of.astimezone(campaign.zone),
        match=str(stands),
        submitted_at=submitted_at,
        state=award_words.state(str(found.state)),
        receipt=receipted(receipt, campaign) if receipt else None,
    )


def award_desk(campaign: CampaignFacts, listed: list[SummaryNomination]) -> AwardDesk:
    """An award with its missing forms, in the order of its list."""
    missing = [one for one in listed if not one.received]
    return AwardDesk(
        title=campaign.title,
        lang=campaign.lang,
        submitted=len(listed),
        received=len(listed) - len(missing),
        missing=tuple(_missing(one, campaign) for one in missing),
        sheet_url=url_for("paper_receipts.summary_sheet", slug=campaign.slug),
        pdf_url=url_for("paper_receipts.summary_pdf", slug=campaign.slug),
    )


def receipted(receipt: PaperReceiptFacts, campaign: CampaignFacts) -> ReceiptView:
    """A receipt with the name of the person who received the form."""
    return ReceiptView(
        at=receipt.at.astimezone(campaign.zone),
        by=people.person_facts(receipt.by).name,
        copies=receipt.copies,
        remark=receipt.remark,
        version=receipt.version,
        undo_url=url_for("paper_receipts.undo", receipt_id=receipt.id),
    )


def _missing(one: SummaryNomination, campaign: CampaignFacts) -> MissingPaper:
    found = one.found
    said = paper_words.received(one.receipt.version if one.receipt else None, found.handed_in)
    at = times.moment(found.submitted_at.astimezone(campaign.zone)) if found.submitted_at else ""
    return MissingPaper(
        found.nominee.name, (found.nominee.unit, at, said), award_words.state(str(found.state))
    )


def _listed(marks: str) -> str:
    return "、".join(marks)
