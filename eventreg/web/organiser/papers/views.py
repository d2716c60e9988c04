"""The papers of the day: asked for, made in the background, loaded for a week."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import Intake
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound
from eventreg.reports.documents import papers as kinds
from eventreg.reports.documents import service as documents
from eventreg.reports.documents.rules import DocumentKind, DocumentState
from eventreg.web.app import current
from eventreg.web.app.attachments import attachment
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.organiser import organiser_scope
from eventreg.words import locale
from eventreg.words.day import document_words

bp = Blueprint("papers", __name__)

LOOK_AGAIN = 4  # seconds


@bp.get("/manage/campaigns/<slug>/papers")
def papers(slug: str) -> Response:
    """List the papers that can be made, and those that are ready; the page looks again while one is being made."""
    campaign = _mine(slug)
    found = documents.list_of(campaign.id, actor=current.actor())
    waiting = [one for one in found if one.state in {DocumentState.ASKED, DocumentState.MAKING}]
    page = render_template(
        "organiser/papers/papers.html",
        side_nav=organiser_nav(slug),
        c=campaign,
        award=campaign.accepts is Intake.NOMINATIONS,
        kinds=[(str(kind), document_words.kind(str(kind))) for kind in kinds.kinds_of(campaign)],
        documents=[
            {
                "name": document_words.kind(str(one.kind)),
                "state": str(one.state),
                "done": one.done,
                "of": one.of,
                "by_rule": one.by_rule,
                "asked_at": one.asked_at.astimezone(campaign.zone),
                "until": one.expires_at.astimezone(campaign.zone),
                "url": url_for("papers.load", slug=slug, document_id=one.id),
            }
            for one in found
        ],
    )
    return Response(page, headers={"Refresh": str(LOOK_AGAIN)} if waiting else None, mimetype="text/html")


@bp.post("/manage/campaigns/<slug>/papers/<kind>")
def ask(slug: str, kind: str) -> Response:
    """Ask for a paper; it is made within half a minute."""
    campaign = _mine(slug)
    if kind not in list(DocumentKind):
        raise NotFound("document")
    with unit_of_work():
        documents.ask(campaign, DocumentKind(kind), lang=locale.current(), actor=current.actor())
    return redirect(url_for("papers.papers", slug=slug), 303)


@bp.get("/manage/campaigns/<slug>/papers/<int:document_id>/file")
def load(slug: str, document_id: int) -> Response:
    """Load a paper. Names of people stand on it, so it is only for who asked, or for all organisers if a rule did."""
    campaign = _mine(slug)
    path, found = documents.get_file(campaign.id, document_id, actor=current.actor())
    ending = path.suffix.removeprefix(".")
    return attachment(path, name=f"{kinds.file_name(campaign, found.kind)}.{ending}", kind=ending)


def _mine(slug: str) -> CampaignFacts:
    """A published campaign that the visitor manages and that has papers. Raises NotFound."""
    campaign = organiser_scope.get_campaign(slug)
    award = campaign.accepts is Intake.NOMINATIONS
    if not campaign.published or not (award or kinds.kinds_of(campaign)):
        raise NotFound("campaign")
    return campaign
