"""Calendar feeds. They need no session: the token in the address is enough."""

from __future__ import annotations

from flask import Blueprint, Response, make_response

from eventreg.accounts import feed_tokens as feeds
from eventreg.delivery import calendar_feeds as written
from eventreg.delivery.contents import calendar as entries
from eventreg.web.app import current

bp = Blueprint("feeds", __name__)  # no session: the token in the address is enough


@bp.get("/feeds/<token>.ics")
def feed(token: str) -> Response:
    """Send the calendar at an address; revoked and unknown addresses are answered alike."""
    settings = current.settings()
    house = entries.house(settings.base_url, settings.mail_from)
    answer = make_response(written.body(feeds.get(token), house=house, now=current.now()))
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return answer
