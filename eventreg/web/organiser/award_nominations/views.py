"""What departments submitted to an award, as its organisers read it: nothing can be decided here."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.errors import NotFound
from eventreg.nominations import access, decisions, reading
from eventreg.nominations.files import service as files
from eventreg.nominations.papers import check_codes, submitted_terms
from eventreg.nominations.reading import NominationFacts
from eventreg.nominations.screening import queue
from eventreg.nominations.screening.queue import QueueFilter
from eventreg.nominations.signing import service as signing
from eventreg.reminders import by_button
from eventreg.web.app import current, paging
from eventreg.web.app.attachments import attachment
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.award.drafting import view_models as nomination_view_models
from eventreg.web.review.review_files import views as review_files
from eventreg.web.review.screening import view_models

bp = Blueprint("award_nominations", __name__)


class Readable(NamedTuple):
    """A submitted nomination with its award."""

    campaign: CampaignFacts
    found: NominationFacts


@bp.get("/manage/campaigns/<slug>/nominations")
def nominations(slug: str) -> str:
    """List them in the order of their first submission, and how many people have something left to do."""
    campaign = _award(slug)
    page = queue.page_of(
        campaign, QueueFilter(), number=paging.number(request.args, "page"), now=current.now()
    )
    return render_template(
        "organiser/award_nominations/nominations.html",
        c=campaign,
        lines=[
            view_models.screened(line, campaign, {"slug": slug}, page="award_nominations.nomination")
            for line in page.lines
        ],
        due=[view_models.due(one) for one in by_button.list_due(campaign, now=current.now())],
        found=page.found,
        page=paging.pager("award_nominations.nominations", page.number, page.pages, slug=slug),
        side_nav=organiser_nav(slug),
    )


@bp.get("/manage/campaigns/<slug>/nominations/<int:nomination_id>")
def nomination(slug: str, nomination_id: int) -> str:
    """Show one of them: checks, content, files, decisions."""
    campaign, found = _get(slug, nomination_id)
    version = found.handed_in or 0
    content = signing.for_reviewers(found.id, reading.saved(found.id, version).content)
    asks = submitted_terms.terms_for(campaign, found.id, version)
    line = queue.lines_of(campaign, [found.id], now=current.now())[0]
    past = decisions.list_of([found.id]).get(found.id, [])
    return render_template(
        "organiser/award_nominations/nomination.html",
        c=campaign,
        n=view_models.screened(line, campaign, {"slug": slug}, page="award_nominations.nomination"),
        number=check_codes.number_of(found.id, version),
        checks=view_models.checked(line.checks),
        told=nomination_view_models.told(content, asks),
        deeds=content.deeds,
        figures=nomination_view_models.counter(content, asks).figures,
        papers=review_files.papers(found, campaign, download="award_nominations.download", slug=slug),
        decisions=[view_models.decided(decision, campaign) for decision in past],
        side_nav=organiser_nav(slug),
    )


@bp.get("/manage/campaigns/<slug>/nominations/<int:nomination_id>/files/<file_id>")
def download(slug: str, nomination_id: int, file_id: str) -> Response:
    """Send a file as it was uploaded."""
    campaign = _award(slug)
    readable = reading.id_if(nomination_id, access.for_organiser(campaign.id))
    file = files.get(file_id, within=readable)
    return attachment(file.path, name=file.name, kind=file.kind)


def _award(slug: str) -> CampaignFacts:
    found = access.get_award_for_organiser(slug, current.reader())
    if not found.published:
        raise NotFound("campaign")
    return found


def _get(slug: str, nomination_id: int) -> Readable:
    campaign = _award(slug)
    return Readable(campaign, reading.get(nomination_id, access.for_organiser(campaign.id)))
