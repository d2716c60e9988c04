"""An activity without an hour begins with the first admission of its day."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from eventreg.campaigns.check_points import service as check_points
from eventreg.campaigns.kinds import kind_of
from eventreg.campaigns.models import Activity, Campaign
from eventreg.campaigns.rules import ScheduleState
from eventreg.core.db.session import db


def note_first_admission(campaign_id: int, check_point: str, *, at: datetime) -> None:
    """Let the campaign's activities without an hour begin that are today and that begin at this check point.

    Part of the unit of work that stores the admission. The campaign's version is raised, because pages keep its plan by
    version; its row is locked before that of the activity, as everywhere.
    """
    open_ = (
        Activity.campaign_id == campaign_id,
        Activity.time_known.is_(False),
        Activity.begun_at.is_(None),
        Activity.schedule != str(ScheduleState.CANCELLED),
    )
    rows = select(Activity.id, Activity.kind, Activity.starts_at, Campaign.timezone)
    found = db.session.execute(rows.join(Campaign, Campaign.id == Activity.campaign_id).where(*open_)).all()
    point = check_points.find(campaign_id, check_point) if found else None
    begun = [
        id_
        for id_, kind, starts_at, timezone in found
        if point is not None
        and kind_of(kind).begins_with is point.role
        and point.activity_id in {None, id_}
        and _same_day(starts_at, at, ZoneInfo(timezone))
    ]
    if begun:
        raised = update(Campaign).where(Campaign.id == campaign_id).values(version=Campaign.version + 1)
        db.session.execute(raised.execution_options(synchronize_session=False))
        noted = (
            update(Activity).where(Activity.id.in_(begun), Activity.begun_at.is_(None)).values(begun_at=at)
        )
        db.session.execute(noted.execution_options(synchronize_session=False))


def _same_day(one: datetime, other: datetime, zone: ZoneInfo) -> bool:
    return one.astimezone(zone).date() == other.astimezone(zone).date()
