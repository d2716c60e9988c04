"""The round of a contest: when it started, and for how long it goes. A start is undone, never deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from eventreg.campaigns.models import Activity
from eventreg.core.actor import Actor
from eventreg.core.db.session import db, insert_row
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail import audit
from eventreg.venue.walk.models import MassStart

from . import forming
from .models import Team


def current(activity_id: int) -> tuple[datetime, int] | None:
    """When the round of a contest started and how many minutes it lasts; None while it has not started."""
    row = _standing(activity_id)
    if row is None:
        return None
    activity = db.session.get(Activity, activity_id)
    if activity is None:
        raise NotFound("activity")
    return row.at, int(activity.parameters["limit_min"])


def start(campaign_id: int, activity_id: int, *, actor: Actor) -> datetime:
    """Start the round; from now on the teams are not formed anew. Raises Refused("timer.running") when it has started."""
    forming.lock(campaign_id, activity_id)
    standing = _standing(activity_id)
    if standing is not None:
        raise Refused("timer.running", at=standing.at)
    last = select(func.max(MassStart.no)).where(MassStart.activity_id == activity_id)
    number = (db.session.scalar(last) or 0) + 1
    insert_row(MassStart, activity_id=activity_id, no=number, at=actor.now, by=actor.audit_name)
    _lock_teams(activity_id, actor.now)
    audit.record("round.started", f"campaign:{campaign_id}", actor=actor, activity=activity_id, no=number)
    return actor.now


def undo(campaign_id: int, activity_id: int, *, actor: Actor) -> bool:
    """Take back the start of the round; False when there is none."""
    forming.lock(campaign_id, activity_id)
    standing = _standing(activity_id)
    if standing is None:
        return False
    standing.undone_at = actor.now
    _lock_teams(activity_id, None)
    audit.record("round.undone", f"campaign:{campaign_id}", actor=actor, activity=activity_id, no=standing.no)
    return True


def _standing(activity_id: int) -> MassStart | None:
    rows = select(MassStart).where(MassStart.activity_id == activity_id, MassStart.undone_at.is_(None))
    newest = rows.order_by(MassStart.no.desc()).limit(1)
    return db.session.scalar(newest.execution_options(populate_existing=True))


def _lock_teams(activity_id: int, at: datetime | None) -> None:
    db.session.execute(update(Team).where(Team.activity_id == activity_id).values(locked_at=at))
