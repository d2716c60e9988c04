"""The code on the wall: opening it gives this browser five minutes to sign in and press one button."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, session, url_for

from eventreg.core.errors import Refused
from eventreg.venue.screens import wall
from eventreg.venue.screens.wall import OPENED
from eventreg.web.app import current
from eventreg.web.app.view_types import Page
from eventreg.words import refusals

bp = Blueprint("wall", __name__)


@bp.get("/w/<int:screen_id>-<code>")
def open_code(screen_id: int, code: str) -> Page:
    """Open the code of a screen; who is not signed in does so next."""
    try:
        opened = wall.open_code(screen_id, code, keys=current.keys(), now=current.now())
    except Refused as refused:
        return render_template(
            "desk/wall/refused.html", why=refusals.say(refused.code, dict(refused.facts))
        ), 410
    session[OPENED] = [opened.screen_id, opened.at.timestamp()]
    return redirect(url_for("arrival.confirm"), 303)
