"""Calendar feeds. They need no session: the token in the address is enough."""

from __future__ import annotations

from flask import Blueprint, Response, make_response

from eventreg.accounts import feed_tokens
from eventreg.delivery import calendar_feeds
from eventreg.delivery.contents import calendar
from eventreg.web.app import current

bp = Blueprint("feeds", __name__)  # no session: the token in the address is enough


@bp.get("/feeds/<token>.ics")
def feed(token: str) -> Response:
    """Send the calendar at an address; revoked and unknown addresses are answered alike."""
    body = calendar_feeds.body(feed_tokens.get(token), house=calendar.house(), now=current.now())
    answer = make_response(body)
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return answer
