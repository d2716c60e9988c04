"""Corrections of a walk by an organiser, each with a reason: times, and what happened on the way. Nothing is deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from eventreg.campaigns.check_points import service as check_points
from eventreg.campaigns.facts import ActivityFacts
from eventreg.campaigns.kinds import CheckPointRole
from eventreg.core.actor import Actor
from eventreg.core.db.session import db, insert_row
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail import audit
from eventreg.registrations.models import Registration

from .models import TimeFix, WalkNote
from .rules import WalkNoteKind


def fix_time(
    registration_id: int,
    campaign_id: int,
    check_point: str,
    at: datetime | None,
    reason: str,
    *,
    actor: Actor,
) -> None:
    """Enter somebody's time at a start or finish; None says that what was read there until now does not count.

    The last correction holds; undone, the one before it. Raises NotFound for what is not of the campaign,
    Refused("time_fix.future").
    """
    _check_registration(registration_id, campaign_id)
    point = check_points.find(campaign_id, check_point)
    if point is None or point.role not in {CheckPointRole.START, CheckPointRole.FINISH}:
        raise NotFound("check_point")
    if at is not None and at > actor.now:
        raise Refused("time_fix.future")
    insert_row(
        TimeFix,
        registration_id=registration_id,
        check_point=check_point,
        at=at,
        reason=reason,
        by=actor.audit_name,
        made_at=actor.now,
    )
    time = at.isoformat() if at is not None else None
    facts = {"campaign": campaign_id, "point": check_point, "time": time}
    audit.record("walk.time_fixed", f"registration:{registration_id}", actor=actor, **facts)


def undo_fix(fix_id: int, campaign_id: int, *, actor: Actor) -> None:
    """Take a correction back. Done twice, it happens once. Raises NotFound for one of another campaign."""
    rows = select(TimeFix.registration_id).join(Registration)
    mine = rows.where(TimeFix.id == fix_id, Registration.campaign_id == campaign_id)
    registration_id = db.session.scalar(mine)
    if registration_id is None:
        raise NotFound("time_fix")
    undone = update(TimeFix).where(TimeFix.id == fix_id, TimeFix.undone_at.is_(None))
    if db.session.execute(undone.values(undone_at=actor.now).returning(TimeFix.id)).scalar_one_or_none():
        facts = {"campaign": campaign_id, "fix": fix_id}
        audit.record("walk.fix_undone", f"registration:{registration_id}", actor=actor, **facts)


def note(
    activity: ActivityFacts,
    campaign_id: int,
    registration_id: int,
    kind: WalkNoteKind | None,
    text: str,
    *,
    actor: Actor,
) -> None:
    """Note what happened to somebody on the way; the note before it ends. None takes it back.

    Raises NotFound for a registration of another campaign.
    """
    _check_registration(registration_id, campaign_id)
    mine = (WalkNote.activity_id == activity.id, WalkNote.registration_id == registration_id)
    db.session.execute(delete(WalkNote).where(*mine))
    if kind is not None:
        row = {"activity_id": activity.id, "registration_id": registration_id, "kind": str(kind)}
        insert_row(WalkNote, **row, note=text, by=actor.audit_name, at=actor.now)
    facts = {"campaign": campaign_id, "activity": activity.id, "kind": str(kind) if kind else None}
    audit.record("walk.noted", f"registration:{registration_id}", actor=actor, **facts)


def _check_registration(registration_id: int, campaign_id: int) -> None:
    mine = (Registration.id == registration_id, Registration.campaign_id == campaign_id)
    if db.session.scalar(select(Registration.id).where(*mine)) is None:
        raise NotFound("registration")
