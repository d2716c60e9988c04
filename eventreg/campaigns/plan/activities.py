"""Add, change, order and remove the activities of a campaign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update

from eventreg.campaigns.check_points import service as check_points
from eventreg.campaigns.facts import ActivityFacts
from eventreg.campaigns.inputs import NewActivity
from eventreg.campaigns.kinds import Award, parameters_of
from eventreg.campaigns.models import Activity, Campaign
from eventreg.campaigns.rules import (
    ScheduleState,
    SignUpWindow,
    begins_at,
    check_times,
    check_version,
    has_begun,
)
from eventreg.campaigns.service import first_start, lock_window
from eventreg.campaigns.writing import activity_row
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.core.trail.old_and_new import difference

from . import parts
from .planning import forget_default, lock_draft, note


@dataclass(frozen=True, slots=True)
class ActivityChange:
    """The result of a change. `told` means that people who signed up get a letter, because letters and calendars showed something else.

    `was` is the activity before the change, as codes and instants. The letter is not worth sending after `over_at`, the
    later of the old and the new end. `moved`: another time, or whether it takes place, so that earlier promises to come
    are no longer about this date.
    """

    activity_id: int
    sequence: int
    told: bool
    was: dict[str, object]
    over_at: datetime
    moved: bool


CALENDAR = frozenset({"title", "starts_at", "ends_at", "time_known", "place", "schedule"})
SPELLED = frozenset({"title", "place"})  # what can be a correction of its spelling
WHEN = frozenset({"starts_at", "time_known"})
HOURS = frozenset({"starts_at", "ends_at", "time_known"})
CANCELLED = str(ScheduleState.CANCELLED)


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
    """Change one activity. Raises what `change_several` does."""
    return change_several(campaign_id, {activity_id: wanted}, seen=seen, actor=actor)[0]


def change_several(
    campaign_id: int,
    wanted: Mapping[int, NewActivity],
    *,
    seen: int,
    actor: Actor,
    closes_at: datetime | None = None,
    spelling: bool = False,
) -> list[ActivityChange]:
    """Change activities in one act; after publication a change of what calendars show raises their SEQUENCE.

    `closes_at` is a new deadline, because the old one would lie after the new start. `spelling` promises that titles and
    places are only spelled otherwise, so that nobody is told. Only an activity that has begun
    itself is fixed: while the first of a day is under way, a later one can still be moved or cancelled. Raises NotFound,
    Refused("plan.changed_meanwhile") or ("plan.starts_before_deadline") or ("plan.not_only_spelling"), and
    with the id of the activity ("plan.activity_started") or ("plan.starts_in_past").
    """
    campaign, window = lock_window(campaign_id)
    found = [(parts.get_part(Activity, campaign_id, id_), asked) for id_, asked in wanted.items()]
    differing = [(row, asked, names) for row, asked in found if (names := _differing(row, asked))]
    if differing or closes_at is not None:
        check_version(campaign.version, seen=seen)
    changes = {row.id: _unchanged(row) for row, _ in found}
    for row, asked, names in differing:
        if spelling:
            _check_spelling(row, asked, names)
        changes[row.id] = _apply(campaign, window, row, asked, names, actor=actor, told=not spelling)
    if closes_at is not None and closes_at != campaign.closes_at:
        _set_deadline(campaign, closes_at, actor=actor)
    if differing:
        _check_deadline(campaign, window)
    return list(changes.values())


def _differing(row: Activity, wanted: NewActivity) -> list[str]:
    """The names of the columns that a change writes."""
    return sorted(name for name, value in _values(row, wanted).items() if getattr(row, name) != value)


def _values(row: Activity, wanted: NewActivity) -> dict[str, object]:
    parameters = parameters_of(row.kind, wanted.parameters.stored()).stored()
    return _calendar_of(wanted) | {"title": wanted.title, "parameters": parameters}


def _unchanged(row: Activity) -> ActivityChange:
    return ActivityChange(
        row.id, row.sequence, told=False, was=told_of(row), over_at=row.ends_at, moved=False
    )


def _apply(
    campaign: Campaign,
    window: SignUpWindow,
    row: Activity,
    wanted: NewActivity,
    names: list[str],
    *,
    actor: Actor,
    told: bool,
) -> ActivityChange:
    """Write a change of one activity in the open unit; `names` are the columns that differ. If not `told`, nobody is."""
    if window.published and has_begun(row, now=actor.now):
        raise Refused("plan.activity_started", activity=row.id, started_at=begins_at(row))
    values, was, over_at = _values(row, wanted), told_of(row), max(row.ends_at, wanted.ends_at)
    shown = window.published and not CALENDAR.isdisjoint(names)
    told = told and shown
    if told:
        _check_not_past(row, wanted, now=actor.now)
    kept = {*names, *(HOURS if not HOURS.isdisjoint(names) else ())}
    told_values = difference(row, {name: values[name] for name in kept})
    for name in names:
        setattr(row, name, values[name])
    row.sequence += shown
    if "parameters" in names:
        forget_default(campaign, "performs")
    note(
        campaign,
        "activity_changed",
        actor=actor,
        activity=row.id,
        kind=row.kind,
        title=row.title,
        fields=names,
        **told_values,
    )
    moved = told and (not WHEN.isdisjoint(names) or CANCELLED in {was["schedule"], row.schedule})
    return ActivityChange(row.id, row.sequence, told, was, over_at, moved)


def told_of(activity: Activity | ActivityFacts) -> dict[str, object]:
    """An activity as letters and the history of changes keep it: codes and instants in UTC."""
    return {
        "title": activity.title,
        "starts_at": activity.starts_at.astimezone(UTC).isoformat(),
        "time_known": activity.time_known,
        "schedule": str(activity.schedule),
        "place": activity.place,
    }


def _set_deadline(campaign: Campaign, closes_at: datetime, *, actor: Actor) -> None:
    """Set another deadline together with a moved activity."""
    if closes_at <= actor.now:
        raise Refused("plan.closes_in_past", field="closes_at")
    told_values = difference(campaign, {"closes_at": closes_at})
    campaign.closes_at = closes_at
    forget_default(campaign, "deadline", "deadline_day")
    note(campaign, "basics_changed", actor=actor, fields=["closes_at"], **told_values)


def raise_sequences(campaign_id: int) -> None:
    """Let calendars know at once that what they show of all activities differs: the campaign has another title."""
    mine = update(Activity).where(Activity.campaign_id == campaign_id)
    db.session.execute(mine.values(sequence=Activity.sequence + 1))


def remove(campaign_id: int, activity_id: int, *, seen: int, actor: Actor) -> None:
    """Remove an activity from a draft."""
    campaign = lock_draft(campaign_id, seen=seen, now=actor.now)
    row = parts.get_part(Activity, campaign_id, activity_id)
    check_points.remove_of_activity(row.id)
    db.session.delete(row)
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


def _check_spelling(row: Activity, wanted: NewActivity, names: list[str]) -> None:
    """Check that only the spelling of a title and of a known place differs, beside what no calendar shows."""
    is_news = "place" in names and not (row.place and wanted.place)
    if is_news or not CALENDAR.isdisjoint(set(names) - SPELLED):
        raise Refused("plan.not_only_spelling", field="spelling")


def _check_not_past(row: Activity, wanted: NewActivity, *, now: datetime) -> None:
    """Check that an activity is not moved to a time at which it would have begun already."""
    if begins_at(wanted) != begins_at(row) and has_begun(wanted, now=now):
        raise Refused("plan.starts_in_past", field="day", activity=row.id)


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
