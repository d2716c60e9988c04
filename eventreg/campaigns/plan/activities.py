"""Add, change, order and remove the activities of a campaign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventreg.campaigns.inputs import NewActivity
from eventreg.campaigns.kinds import Award, parameters_of
from eventreg.campaigns.models import Activity, Campaign
from eventreg.campaigns.rules import SignUpWindow, begins_at, check_times, check_version, has_begun
from eventreg.campaigns.service import first_start, lock_window
from eventreg.campaigns.writing import activity_row
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import Refused

from . import parts
from .planning import forget_default, lock_draft, note


@dataclass(frozen=True, slots=True)
class ActivityChange:
    """The result of a change. `told` means that people who signed up get a letter, because their calendars differ.

    `was` is the activity before the change, as codes and instants. The letter is not worth sending after `over_at`, the
    later of the old and the new end.
    """

    activity_id: int
    sequence: int
    told: bool
    was: dict[str, object]
    over_at: datetime


def add(campaign_id: int, activity: NewActivity, *, seen: int, actor: Actor) -> int:
    """Add an activity at the end of a draft; its id. Raises what `lock_draft` and `parameters_of` do."""
    campaign = lock_draft(campaign_id, seen=seen, now=actor.now)
    row = activity_row(campaign_id, parts.next_position(Activity, campaign_id), activity)
    db.session.add(row)
    db.session.flush()
    note(campaign, "activity_added", actor=actor, activity=row.id, kind=row.kind)
    return row.id


def change(
    campaign_id: int, activity_id: int, wanted: NewActivity, *, seen: int, actor: Actor
) -> ActivityChange:
    """Change an activity; after publication its time, place and schedule raise the calendar's SEQUENCE.

    Only an activity that has begun itself is fixed: while the first of a day is under way, a later one can still be moved
    or cancelled. Raises NotFound, Refused("plan.activity_started"), ("plan.starts_in_past"),
    ("plan.starts_before_deadline") or ("plan.changed_meanwhile").
    """
    campaign, window = lock_window(campaign_id)
    row = parts.get_part(Activity, campaign_id, activity_id)
    over_at = max(row.ends_at, wanted.ends_at)
    was = {"starts_at": row.starts_at.isoformat(), "time_known": row.time_known, "schedule": row.schedule}
    calendar = _calendar_of(wanted)
    parameters = parameters_of(row.kind, wanted.parameters.stored()).stored()
    values = calendar | {"title": wanted.title, "parameters": parameters}
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    if not changed:
        return ActivityChange(activity_id, row.sequence, told=False, was=was, over_at=over_at)
    check_version(campaign.version, seen=seen)
    if window.published and has_begun(row, now=actor.now):
        raise Refused("plan.activity_started", started_at=begins_at(row))
    told = window.published and not calendar.keys().isdisjoint(changed)
    if told:
        _check_not_past(row, wanted, now=actor.now)
    for name in changed:
        setattr(row, name, values[name])
    row.sequence += told
    if "parameters" in changed:
        forget_default(campaign, "performs")
    note(campaign, "activity_changed", actor=actor, activity=activity_id, fields=changed)
    _check_deadline(campaign, window)
    return ActivityChange(activity_id, row.sequence, told, was, over_at)


def remove(campaign_id: int, activity_id: int, *, seen: int, actor: Actor) -> None:
    """Remove an activity from a draft."""
    campaign = lock_draft(campaign_id, seen=seen, now=actor.now)
    db.session.delete(parts.get_part(Activity, campaign_id, activity_id))
    note(campaign, "activity_removed", actor=actor, activity=activity_id)


def move_up(campaign_id: int, activity_id: int, *, seen: int, actor: Actor) -> bool:
    """Put an activity before the one above it; False for the first."""
    campaign = lock_draft(campaign_id, seen=seen, now=actor.now)
    if not parts.move_up(Activity, campaign_id, activity_id):
        return False
    note(campaign, "activity_moved", actor=actor, activity=activity_id)
    return True


def suit_award(campaign: Campaign, parameters: Award) -> list[str]:
    """Set the parameters of an award's activity, and let judging begin no earlier than nominations close; what changed.

    Runs in the open unit of work with the campaign locked; the caller checks and writes the audit row.
    """
    mine = (Activity.campaign_id == campaign.id, Activity.kind == "award")
    first = select(Activity).where(*mine).order_by(Activity.position, Activity.id).limit(1)
    row = db.session.scalar(first.execution_options(populate_existing=True))
    if row is None:
        raise Refused("terms.no_activity")
    values = {
        "parameters": parameters_of("award", parameters.stored()).stored(),
        "starts_at": max(row.starts_at, campaign.closes_at),
        "ends_at": max(row.ends_at, campaign.closes_at),
    }
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    row.sequence += "starts_at" in changed
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _calendar_of(wanted: NewActivity) -> dict[str, object]:
    return {
        "starts_at": wanted.starts_at,
        "ends_at": wanted.ends_at,
        "time_known": wanted.time_known,
        "place": wanted.place,
        "schedule": str(wanted.schedule),
    }


def _check_not_past(row: Activity, wanted: NewActivity, *, now: datetime) -> None:
    """Check that an activity is not moved to a time at which it would have begun already."""
    if begins_at(wanted) != begins_at(row) and has_begun(wanted, now=now):
        raise Refused("plan.starts_in_past", field="day")


def _check_deadline(campaign: Campaign, window: SignUpWindow) -> None:
    """Check that a published campaign's deadline is before its first activity that takes place."""
    if not window.published:
        return
    db.session.flush()
    starts_at = first_start(campaign.id)
    try:
        check_times(opens_at=None, closes_at=campaign.closes_at, starts_at=starts_at)
    except Refused:
        raise Refused("plan.starts_before_deadline", field="day", closes_at=campaign.closes_at) from None
