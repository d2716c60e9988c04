"""What everybody sees: the campaigns, one campaign, its order. Nothing personal."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventreg.campaigns import service as campaigns
from eventreg.registrations import reading, tickets

from . import cards, visiting
from .remembered import draw

bp = Blueprint("employee", __name__)

ORDER_PAGE = 200
ORDER_SHOWN = 60


@bp.get("/")
def home() -> str:
    """The open campaigns on the kite's thread, each with one's own standing."""
    found = campaigns.list_campaigns()
    viewer, now = visiting.visitor().person_id, visiting.now()
    mine = reading.live_by_campaign(viewer, [c.id for c in found]) if viewer else {}
    shown = tuple(cards.card(c, now=now, mine=mine.get(c.id)) for c in found)
    return draw("employee/home.html", about=shown, holes={}, context=lambda: {"campaigns": shown})


@bp.get("/campaigns/<slug>")
def campaign(slug: str) -> str:
    """What, when, where, places left, rules in plain words, the order with masked names."""
    found = campaigns.get_campaign(slug)
    viewer = visiting.visitor().person_id
    order = reading.order_of(found.id, viewer=viewer, most=ORDER_SHOWN)
    mine = reading.find_live(found.id, viewer) if viewer else None
    more = (
        url_for("employee.order", slug=slug, after=order[-1].arrival) if len(order) == ORDER_SHOWN else None
    )
    shown = cards.card(found, now=visiting.now(), mine=mine, order=order, order_url=more)
    return draw("employee/campaign.html", about=shown, holes={}, context=lambda: {"c": shown})


@bp.get("/campaigns/<slug>/order")
def order(slug: str) -> str:
    """The whole public order, 200 lines a page, by arrival number."""
    found = campaigns.get_campaign(slug)
    after = request.args.get("after", "")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    lines = reading.order_of(found.id, viewer=visiting.visitor().person_id, after=start, most=ORDER_PAGE)
    more = url_for("employee.order", slug=slug, after=lines[-1].arrival) if len(lines) == ORDER_PAGE else None
    return render_template(
        "employee/order.html",
        c=cards.card(found, now=visiting.now()),
        lines=cards.lines(lines),
        more_url=more,
    )


@bp.get("/t/<token>")
def ticket(token: str) -> str | Response:
    """A ticket's address: its owner sees her ticket, anybody else nothing personal."""
    registration_id, viewer = tickets.find_registration(token), visiting.visitor().person_id
    if registration_id is not None and viewer is not None and reading.is_own(registration_id, viewer):
        return redirect(url_for("mine.receipt", registration_id=registration_id), 302)
    return render_template("employee/ticket.html")
