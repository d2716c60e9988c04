"""What everybody sees: the campaigns, one campaign, its order. Nothing personal."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.nominations import proposals
from eventreg.registrations import reading, tickets
from eventreg.registrations.reading import RegistrationFacts

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
    return draw(
        "employee/home.html",
        about=tuple(_about(c, mine.get(c.id), now=now) for c in found),
        holes={},
        context=lambda: {"campaigns": [cards.card(c, now=now, mine=mine.get(c.id)) for c in found]},
    )


def _about(c: CampaignFacts, mine: RegistrationFacts | None, *, now: datetime) -> tuple[Hashable, ...]:
    """All that a campaign's card is drawn from: its version, its numbers, whether it is over, one's own."""
    return c.id, c.version, c.waiting, c.last_arrival, c.pools, now < c.opens_at, now >= c.closes_at, mine


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
    now = visiting.now()
    proposes = viewer is not None and proposals.find_offer(found, viewer) is not None
    return draw(
        "employee/campaign.html",
        about=(_about(found, mine, now=now), tuple(order), proposes),
        holes={},
        context=lambda: {
            "c": cards.card(found, now=now, mine=mine, order=order, order_url=more),
            "propose_url": url_for("proposals.pick", slug=slug) if proposes else "",
        },
    )


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
