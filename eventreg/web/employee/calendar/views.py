"""Addresses of calendar feeds for calendar programs: make one, show it once, revoke it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from eventreg.accounts import feed_tokens
from eventreg.accounts.rules import FeedScope
from eventreg.campaigns.access import ORGANISERS
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound
from eventreg.web.app import current

bp = Blueprint("calendar", __name__)


@dataclass(frozen=True, slots=True)
class FeedView:
    """One of the visitor's feeds: its content, when its address was made, and the address right after it was made."""

    scope: str
    title: str
    holds: str
    made_at: datetime | None
    address: str


@bp.get("/my/calendar")
def calendar() -> str:
    """List the feeds, and whether each has an address."""
    return _page()


@bp.post("/my/calendar")
def make() -> str:
    """Make an address and show it once; an earlier address becomes invalid."""
    scope = _scope()
    with unit_of_work():
        token = feed_tokens.make(current.person_id(), scope, now=current.now())
    return _page(scope, current.settings().base_url + url_for("feeds.feed", token=token))


@bp.post("/my/calendar/revocation")
def revoke() -> BaseResponse:
    """Revoke an address; repeated, it changes nothing."""
    scope = _scope()
    with unit_of_work():
        feed_tokens.revoke(current.person_id(), scope, now=current.now())
    flash(_("地址已作废，谁也取不到了。"), "plain")
    return redirect(url_for("calendar.calendar"), 303)


def _scope() -> FeedScope:
    """The feed that a form is about. The feed of managed campaigns is only for people who manage one."""
    typed = request.form.get("scope", "") or FeedScope.OWN
    if typed not in _offered():
        raise NotFound("feed")
    return FeedScope(typed)


def _offered() -> list[FeedScope]:
    return list(FeedScope) if current.roles() & ORGANISERS else [FeedScope.OWN]


def _page(made: FeedScope | None = None, address: str = "") -> str:
    there, zone = feed_tokens.list_of(current.person_id()), ZoneInfo(current.settings().timezone)
    told = {
        FeedScope.OWN: (_("我报名的活动"), _("报上的和候补的，退出以后就没有了。")),
        FeedScope.MANAGED: (_("我管的活动"), _("这一季你管的全部活动，草稿也在里面。")),
    }
    shown = [
        FeedView(
            scope=str(scope),
            title=told[scope][0],
            holds=told[scope][1],
            made_at=there[scope].astimezone(zone) if scope in there else None,
            address=address if scope is made else "",
        )
        for scope in _offered()
    ]
    return render_template("employee/calendar/calendar.html", feeds=shown)
