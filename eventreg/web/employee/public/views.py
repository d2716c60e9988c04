"""Public pages: the campaigns, one campaign, its order of sign-ups. Nothing personal."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from time import monotonic

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventreg.campaigns import date_changes
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.files import service as campaign_files
from eventreg.campaigns.rules import Intake
from eventreg.core.process_cache import cache_of, put_bounded
from eventreg.nominations import access
from eventreg.nominations.signing import consents
from eventreg.people import service as people
from eventreg.registrations import reading, tickets
from eventreg.registrations.reading import PublicOrderLine, RegistrationFacts
from eventreg.registrations.rules import Prospect
from eventreg.venue.teams.reading import contests_of
from eventreg.web.app import current
from eventreg.web.app.attachments import campaign_file
from eventreg.web.app.numbers import whole_number
from eventreg.web.app.page_cache import render

from . import changed_dates, page_files, view_models
from .award_notice import award_notice
from .prospects import prospects_of

bp = Blueprint("public", __name__)

ORDER_PAGE = 200
ORDER_SHOWN = 60
ORDER_LIFE = 5.0  # seconds
ORDERS = 64  # campaigns that change
MARKS = count()


@dataclass(frozen=True, slots=True)
class PublicOrder:
    """The first lines of a campaign's public order; `mark` changes whenever the lines do."""

    until: float
    mark: int
    lines: tuple[PublicOrderLine, ...]


@bp.get("/")
def home() -> str:
    """Show the open campaigns, each with the visitor's registration."""
    found = campaigns.list_campaigns()
    viewer, now = current.visitor().person_id, current.now()
    mine = reading.live_by_campaign(viewer) if viewer else {}
    prospects = prospects_of(found)
    staffed = not found and people.count_people() > 1
    asked = (
        viewer is not None
        and any(c.accepts is Intake.NOMINATIONS for c in found)
        and consents.is_waiting(viewer)
    )
    return render(
        "employee/public/home.html",
        about=(staffed, asked, *(_about(c, mine.get(c.id), prospects[c.id], now=now) for c in found)),
        holes={},
        context=lambda: {
            "link_card": page_files.home_card(),
            "staffed": staffed,
            "asked": asked,
            "campaigns": [
                view_models.card(c, now=now, mine=mine.get(c.id), prospect=prospects[c.id]) for c in found
            ],
        },
    )


def _about(
    c: CampaignFacts, mine: RegistrationFacts | None, prospect: Prospect, *, now: datetime
) -> tuple[Hashable, ...]:
    """All that a card depends on: the campaign's version and counters, whether it is over, the visitor's registration or
    what they would get."""
    counters = (c.waiting, c.last_arrival, c.pools)
    asked = mine is not None and mine.is_asked and (now >= (mine.confirm_by or now), now >= c.begins_at)
    return c.id, c.version, counters, now < c.opens_at, now >= c.closes_at, mine, asked, prospect


@bp.get("/campaigns/<slug>")
def campaign(slug: str) -> str:
    """Show a campaign: what, when, where, free places, rules in plain words, the order with masked names."""
    found = campaigns.get_campaign(slug)
    viewer = current.visitor().person_id
    mine = reading.find_live(found.id, viewer) if viewer else None
    order, now = _order(found), current.now()
    prospect = prospects_of([found])[found.id]
    proposes = viewer is not None and access.find_offer(found, viewer) is not None
    return render(
        "employee/public/campaign.html",
        about=(_about(found, mine, prospect, now=now), order.mark, proposes),
        holes={},
        context=lambda: {
            "c": _shown(found, order.lines, mine, prospect, now=now),
            "propose_url": url_for("proposals.pick", slug=slug) if proposes else "",
            "draws_url": url_for("draws.draws", slug=slug) if contests_of(found) else "",
            "files": page_files.page_files(found),
            "link_card": page_files.link_card(found),
            "award": award_notice(found),
        },
    )


@bp.get("/campaigns/<slug>/files/<file_id>")
def file(slug: str, file_id: str) -> Response:
    """Send a picture of a published campaign, or its plan to be saved."""
    return campaign_file(*campaign_files.get_copy(campaigns.get_campaign(slug), file_id))


def _shown(
    c: CampaignFacts,
    lines: Sequence[PublicOrderLine],
    mine: RegistrationFacts | None,
    prospect: Prospect,
    *,
    now: datetime,
) -> view_models.CampaignCard:
    """The campaign with its order, in which the visitor's line is marked."""
    order = [replace(line, is_me=mine is not None and line.arrival == mine.arrival) for line in lines]
    full = len(lines) == ORDER_SHOWN
    more = url_for("public.order", slug=c.slug, after=lines[-1].arrival) if full else None
    card = view_models.card(c, now=now, mine=mine, order=order, order_url=more, prospect=prospect)
    changes = date_changes.list_changes(c.id)
    return replace(card, changes=tuple(changed_dates.change_of_dates(change, c) for change in changes))


def _order(c: CampaignFacts) -> PublicOrder:
    """The first lines of the order, cached for all visitors until a counter changes, for at most five seconds.

    The order changes only together with the campaign's counters: a sign-up raises `last_arrival`, a change of the plan
    the version, and every other change of a registration changes `waiting` or the pool of the whole campaign. Without
    that pool a withdrawal changes no counter, so the order is read each time. Names from the roster may be some seconds
    old.
    """
    box, key = cache_of("orders"), (c.id, c.version, c.last_arrival, c.waiting, c.pools)
    known: PublicOrder | None = box.get(key)
    if known is None or known.until <= monotonic():
        lines = tuple(reading.order_of(c.id, viewer=None, most=ORDER_SHOWN))
        mark = known.mark if known is not None and known.lines == lines else next(MARKS)
        known = PublicOrder(monotonic() + (ORDER_LIFE if c.total else 0), mark, lines)
        put_bounded(box, key, known, most=ORDERS)
    return known


@bp.get("/campaigns/<slug>/order")
def order(slug: str) -> str:
    """Show the whole public order by arrival number, 200 lines a page."""
    found = campaigns.get_campaign(slug)
    start = whole_number(request.args.get("after"))
    lines = reading.order_of(found.id, viewer=current.visitor().person_id, after=start, most=ORDER_PAGE)
    more = url_for("public.order", slug=slug, after=lines[-1].arrival) if len(lines) == ORDER_PAGE else None
    return render_template(
        "employee/public/order.html",
        c=view_models.card(found, now=current.now()),
        lines=view_models.lines(lines),
        from_the_first=start == 0,
        more_url=more,
    )


@bp.get("/t/<token>")
def ticket(token: str) -> str | Response:
    """The address of a ticket: its owner sees the ticket, anybody else nothing personal."""
    registration_id, viewer = tickets.find_registration(token), current.visitor().person_id
    if registration_id is not None and viewer is not None and reading.is_own(registration_id, viewer):
        return redirect(url_for("registrations.receipt", registration_id=registration_id), 302)
    return render_template("employee/public/ticket.html")
