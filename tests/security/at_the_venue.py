"""A screen and a paper of the outing, so that their addresses can be tried."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from pypdf import PdfWriter

from eventreg.campaigns.service import get_campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.files import private_folder
from eventreg.reports.documents.models import Document
from eventreg.venue.screens import service as screens
from eventreg.venue.screens.rules import Widget
from eventreg.venue.screens.service import NewScreen
from tests.rig.actors import acting


def put_up() -> dict[str, str]:
    """The ids of a screen and of a paper that a reminder had made, by name."""
    now, campaign = utc_now(), get_campaign("spring-outing")
    folder = private_folder(current_app.extensions["eventreg.settings"].instance / "documents")
    blank = PdfWriter()
    blank.add_blank_page(width=100, height=100)
    blank.write(folder / "paper.pdf")
    with unit_of_work():
        token = screens.make(campaign, NewScreen("东门", (Widget.ARRIVALS,)), actor=acting("test", now))
        paper = Document(
            campaign_id=campaign.id,
            kind="sign_in",
            lang="zh-CN",
            asked_at=now,
            state="ready",
            done=1,
            of=1,
            path="paper.pdf",
            expires_at=now + timedelta(days=7),
        )
        db.session.add(paper)
        db.session.flush()
        found = screens.find(token, now=now)
        return {"screen": str(found.id) if found else "", "document": str(paper.id)}
