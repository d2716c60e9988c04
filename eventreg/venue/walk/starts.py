"""The start of everybody at once, and declaring what was scanned so far a try."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, true, update

from eventreg.campaigns.facts import ActivityFacts
from eventreg.campaigns.models import Activity, Campaign
from eventreg.core.actor import Actor
from eventreg.core.db.session import db, insert_row
from eventreg.core.errors import Refused
from eventreg.core.trail import audit
from eventreg.registrations.models import Registration
from eventreg.registrations.rules import RegistrationState
from eventreg.venue.models import Admission, Device, Scan
from eventreg.venue.offline.models import LetIn
from eventreg.venue.rules import ScanVerdict

from .models import Crossing, MassStart, TimeFix
from .readings import find_mass_start


@dataclass(frozen=True, slots=True)
class MassStarted:
    """The start that is in force; `fresh` says that it was made now."""

    at: datetime
    fresh: bool


def start(
    activity: ActivityFacts, campaign_id: int, *, at: datetime | None = None, actor: Actor
) -> MassStarted:
    """Start everybody, now or at an earlier time. Pressed twice, the first start stays.

    Raises Refused("time_fix.future"), and Refused("mass_start.pressed") for another time while a start is in force.
    """
    _lock(campaign_id)
    when = actor.now if at is None else at
    if when > actor.now:
        raise Refused("time_fix.future")
    known = find_mass_start(activity.id)
    if known is not None and at not in {None, known}:
        raise Refused("mass_start.pressed", at=known)
    if known is not None:
        return MassStarted(known, fresh=False)
    last = db.session.scalar(select(func.max(MassStart.no)).where(MassStart.activity_id == activity.id))
    insert_row(MassStart, activity_id=activity.id, no=(last or 0) + 1, at=when, by=actor.audit_name)
    facts = {"activity": activity.id, "started_at": when.isoformat()}
    audit.record("walk.started", f"campaign:{campaign_id}", actor=actor, **facts)
    return MassStarted(when, fresh=True)


def undo_start(activity: ActivityFacts, campaign_id: int, *, actor: Actor) -> None:
    """Take the start back. Done twice, it happens once."""
    _lock(campaign_id)
    if _undo_starts([activity.id], now=actor.now):
        audit.record("walk.start_undone", f"campaign:{campaign_id}", actor=actor, activity=activity.id)


def declare_try(campaign_id: int, reason: str, *, actor: Actor) -> int:
    """Declare all that was scanned, tapped and started so far a try; returns how many people's scans were.

    Scans and taps stay listed and no longer count, also those that phones send later. Whoever comes is admitted anew,
    and an activity without an hour has not begun.
    """
    _lock(campaign_id)
    seen = _scanned(campaign_id)
    same = {"reason": reason, "by": actor.audit_name, "made_at": actor.now}
    rows = [
        {"registration_id": registration_id, "check_point": point, **same}
        for registration_id, point in sorted(seen | _may_have_been_scanned(campaign_id))
    ]
    if rows:
        db.session.execute(insert(TimeFix), rows)
    struck = {"struck_at": actor.now, "struck_by": actor.audit_name, "struck_reason": reason}
    taps = update(Crossing).where(Crossing.campaign_id == campaign_id, Crossing.struck_at.is_(None))
    db.session.execute(taps.values(**struck))
    off = {"off_at": actor.now, "off_by": actor.audit_name, "off_reason": reason}
    let_in = update(LetIn).where(LetIn.campaign_id == campaign_id, LetIn.off_at.is_(None))
    db.session.execute(let_in.values(**off))
    mine = select(Registration.id).where(Registration.campaign_id == campaign_id)
    db.session.execute(delete(Admission).where(Admission.registration_id.in_(mine)))
    _not_begun(campaign_id, now=actor.now)
    people = len({registration_id for registration_id, _point in seen})
    audit.record("walk.tried", f"campaign:{campaign_id}", actor=actor, people=people)
    return people


def _may_have_been_scanned(campaign_id: int) -> set[tuple[int, str]]:
    """(registration, check point) of everybody with a place where phones stand: one may not have sent its scans yet."""
    seated = (Registration.campaign_id == campaign_id, Registration.state == str(RegistrationState.SEATED))
    points = select(Device.check_point).where(Device.campaign_id == campaign_id).distinct().subquery()
    rows = select(Registration.id, points.c.check_point).join(points, true()).where(*seated)
    return {(registration_id, point) for registration_id, point in db.session.execute(rows)}


def _scanned(campaign_id: int) -> set[tuple[int, str]]:
    """(registration, check point) of all scans that count."""
    rows = select(Registration.id, Scan.check_point).join(Scan, Scan.registration_id == Registration.id)
    counted = (Registration.campaign_id == campaign_id, Scan.verdict != str(ScanVerdict.REFUSED))
    found = db.session.execute(rows.where(*counted).distinct())
    return {(registration_id, point) for registration_id, point in found}


def _not_begun(campaign_id: int, *, now: datetime) -> None:
    """Let the activities begin anew. The campaign's version is raised, because pages keep its plan by version."""
    ids = list(db.session.scalars(select(Activity.id).where(Activity.campaign_id == campaign_id)))
    _undo_starts(ids, now=now)
    raised = update(Campaign).where(Campaign.id == campaign_id).values(version=Campaign.version + 1)
    db.session.execute(raised)
    db.session.execute(update(Activity).where(Activity.id.in_(ids)).values(begun_at=None))


def _undo_starts(activity_ids: list[int], *, now: datetime) -> bool:
    mine = (MassStart.activity_id.in_(activity_ids), MassStart.undone_at.is_(None))
    undone = update(MassStart).where(*mine).values(undone_at=now).returning(MassStart.no)
    return bool(db.session.scalars(undone).all())


def _lock(campaign_id: int) -> None:
    db.session.execute(select(Campaign.id).where(Campaign.id == campaign_id).with_for_update())
