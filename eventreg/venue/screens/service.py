"""Screens of a campaign: made with a link that is shown once, found by its token, taken away."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, update

from eventreg.campaigns.check_points import service as check_points
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.service import notice_covers
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.keyring.keys import fingerprint_of
from eventreg.core.trail import audit
from eventreg.venue.models import Device

from .models import Screen
from .rules import AFTER_THE_END, NAME_MOST, SCREENS_MOST, ScreenNames, Widget

WALL_NAMES = "wall_names"  # what a privacy notice must cover for full names


@dataclass(frozen=True, slots=True)
class NewScreen:
    """A screen to be made. With `check_point` it shows the code by which people come in there."""

    name: str
    widgets: tuple[Widget, ...]
    names: ScreenNames = ScreenNames.MASKED
    check_point: str | None = None


@dataclass(frozen=True, slots=True)
class ScreenFacts:
    """A screen in use. `device_id` and `check_point` are set where it shows a code to come in."""

    id: int
    campaign_id: int
    name: str
    widgets: tuple[Widget, ...]
    names: ScreenNames
    until: datetime
    device_id: int | None = None
    check_point: str | None = None


def make(campaign: CampaignFacts, wanted: NewScreen, *, actor: Actor) -> str:
    """Make a screen; returns the token of its link, of which only the hash is stored.

    Raises Refused: big_screen.no_name, big_screen.long_name, big_screen.no_widget, big_screen.many, big_screen.no_point, and
    big_screen.not_covered for full names that the campaign's privacy notice does not cover.
    """
    _check(campaign, wanted)
    token, until = secrets.token_urlsafe(16), campaign.ends_at + AFTER_THE_END
    device_id = None
    if wanted.check_point is not None:
        device = Device(
            campaign_id=campaign.id,
            check_point=wanted.check_point,
            name=wanted.name,
            paired_at=actor.now,
            expires_at=until,
            seen_at=actor.now,
        )
        db.session.add(device)
        db.session.flush()
        device_id = device.id
    row = Screen(
        campaign_id=campaign.id,
        device_id=device_id,
        name=wanted.name,
        token_hash=fingerprint_of(token),
        widgets=[str(widget) for widget in wanted.widgets],
        names=str(wanted.names),
        until=until,
    )
    db.session.add(row)
    db.session.flush()
    facts = {"screen": row.id, "wall": wanted.check_point is not None, "names": str(wanted.names)}
    audit.record("campaign.screen_made", f"campaign:{campaign.id}", actor=actor, **facts)
    return token


def find(token: str, *, now: datetime) -> ScreenFacts | None:
    """The screen of this link, while it may be shown."""
    return _found(Screen.token_hash == fingerprint_of(token), Screen.until > now)


def find_by_id(screen_id: int, *, now: datetime) -> ScreenFacts | None:
    """The screen of this id, while it may be shown."""
    return _found(Screen.id == screen_id, Screen.until > now)


def list_of(campaign_id: int, *, now: datetime) -> list[ScreenFacts]:
    """The screens of a campaign that may be shown, the newest first."""
    good = (Screen.campaign_id == campaign_id, Screen.revoked_at.is_(None), Screen.until > now)
    return [_facts(row, point) for row, point in db.session.execute(_query().where(*good))]


def revoke(screen_id: int, *, campaign_id: int, actor: Actor) -> None:
    """Take a screen away; what it shows ends within two seconds. Raises NotFound for one of another campaign."""
    mine = (Screen.id == screen_id, Screen.campaign_id == campaign_id)
    ended = update(Screen).where(*mine).values(revoked_at=func.coalesce(Screen.revoked_at, actor.now))
    if db.session.execute(ended.returning(Screen.id)).scalar_one_or_none() is None:
        raise NotFound("screen")
    audit.record("campaign.screen_removed", f"campaign:{campaign_id}", actor=actor, screen=screen_id)


def _check(campaign: CampaignFacts, wanted: NewScreen) -> None:
    if not wanted.name:
        raise Refused("big_screen.no_name", field="name")
    if len(wanted.name) > NAME_MOST:
        raise Refused("big_screen.long_name", field="name", most=NAME_MOST)
    if not wanted.widgets:
        raise Refused("big_screen.no_widget", field="widgets")
    if wanted.check_point is not None and check_points.find(campaign.id, wanted.check_point) is None:
        raise Refused("big_screen.no_point", field="check_point")
    if wanted.names is ScreenNames.FULL and not notice_covers(campaign.notice_id, WALL_NAMES):
        raise Refused("big_screen.not_covered", field="names")
    in_use = select(func.count()).where(Screen.campaign_id == campaign.id, Screen.revoked_at.is_(None))
    if (db.session.scalar(in_use) or 0) >= SCREENS_MOST:
        raise Refused("big_screen.many", most=SCREENS_MOST)


def _found(*where: ColumnElement[bool]) -> ScreenFacts | None:
    rows = db.session.execute(_query().where(Screen.revoked_at.is_(None), *where)).all()
    return next((_facts(row, point) for row, point in rows), None)


def _query() -> Select[Screen, str]:
    query = select(Screen, Device.check_point).outerjoin(Device, Device.id == Screen.device_id)
    return query.order_by(Screen.id.desc()).execution_options(populate_existing=True)


def _facts(row: Screen, check_point: str | None) -> ScreenFacts:
    widgets: Collection[str] = row.widgets
    return ScreenFacts(
        row.id,
        row.campaign_id,
        row.name,
        tuple(Widget(code) for code in widgets),
        ScreenNames(row.names),
        row.until,
        row.device_id,
        check_point,
    )
