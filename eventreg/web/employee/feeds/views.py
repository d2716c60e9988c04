"""What is at a feed's address. It needs no session: whoever has the token is let in."""

from __future__ import annotations

from flask import Blueprint, Response, make_response

from eventreg.accounts import feed_tokens as feeds
from eventreg.delivery import calendar_feeds as written
from eventreg.delivery.contents import calendar as entries
from eventreg.web.app import current

bp = Blueprint("feeds", __name__)  # no session: whoever has the token is let in


@bp.get("/feeds/<token>.ics")
def feed(token: str) -> Response:
    """The calendar at an address; revoked and never made answer alike."""
    settings = current.settings()
    house = entries.house(settings.base_url, settings.mail_from)
    answer = make_response(written.body(feeds.get(token), house=house, now=current.now()))
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return answer
