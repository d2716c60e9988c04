"""Share a published campaign: its link, its QR code, a poster, a text for a group."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventreg.delivery import qr
from eventreg.reports import typeset
from eventreg.web.app import current
from eventreg.web.app.attachments import made_here
from eventreg.web.app.pages import site
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.employee.public.page_files import page_address
from eventreg.web.organiser import organiser_scope

from . import view_models

bp = Blueprint("sharing", __name__)

ONLY_HERE = {"127.0.0.1", "::1", "localhost"}  # addresses that lead everybody to their own machine


@bp.get("/manage/campaigns/<slug>/share")
def share(slug: str) -> str:
    """Show the link, the QR code, the poster and the text."""
    campaign = organiser_scope.get_published(slug)
    url = page_address(slug)
    return render_template(
        "organiser/sharing/share.html",
        side_nav=organiser_nav(slug),
        c=campaign,
        url=url,
        qr=qr.drawn(url),
        text=view_models.chat_text(campaign, url=url, now=current.now()),
        has_files=bool(campaign.files),
        only_here=urlsplit(url).hostname in ONLY_HERE,
    )


@bp.get("/manage/campaigns/<slug>/share/qr.png")
def code(slug: str) -> Response:
    """Send the QR code of the campaign's page as a picture."""
    campaign = organiser_scope.get_published(slug)
    name = _("%(title)s-二维码", title=campaign.title)
    return made_here(lambda: qr.png(page_address(slug)), name=f"{name}.png", kind="png", back=_back(slug))


@bp.get("/manage/campaigns/<slug>/share/poster.pdf")
def poster(slug: str) -> Response:
    """Send the poster on A4."""
    campaign = organiser_scope.get_published(slug)
    sheet = view_models.poster_of(campaign, url=page_address(slug), owner=site().owner, now=current.now())
    name = _("%(title)s-海报", title=campaign.title)
    return made_here(lambda: typeset.pdf(sheet), name=f"{name}.pdf", kind="pdf", back=_back(slug))


def _back(slug: str) -> str:
    return url_for("sharing.share", slug=slug)
