"""What changed in the dates of a campaign, and when. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from eventreg.core.db.session import db

from .facts import ActivityFacts
from .models import DateChange

Parts = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class DateChangeFacts:
    """One change: what each activity was and became, by its id (`plan.activities.told_of`), and what people were asked."""

    id: int
    made_at: datetime
    confirm_by: datetime | None
    note: str
    was: Parts
    became: Parts


def list_changes(campaign_id: int) -> list[DateChangeFacts]:
    """The changes since publication, the newest first."""
    rows = select(DateChange).where(DateChange.campaign_id == campaign_id).order_by(DateChange.id.desc())
    return [_facts(row) for row in db.session.scalars(rows)]


def find_note(change_id: int) -> str:
    """The organiser's sentence about a change; empty if there is none."""
    return db.session.scalar(select(DateChange.note).where(DateChange.id == change_id)) or ""


def newest_id(campaign_id: int) -> int:
    """The id of the newest change of a campaign; 0 if there is none."""
    return (
        db.session.scalar(select(func.max(DateChange.id)).where(DateChange.campaign_id == campaign_id)) or 0
    )


def changed_after(campaign_id: int, change_id: int) -> set[int]:
    """The activities that changes after this one were about: what people were told about them is out of date."""
    later = (DateChange.campaign_id == campaign_id, DateChange.id > change_id)
    return {int(id_) for was in db.session.scalars(select(DateChange.was).where(*later)) for id_ in was}


def is_newest(campaign_id: int, activity: ActivityFacts, facts: Mapping[str, Any], *, sequence: int) -> bool:
    """Whether no later change was told about an activity than a letter with these facts tells.

    The SEQUENCE alone does not say so: a correction of a spelling raises it, and nobody is told. Letters of older versions
    name no change.
    """
    if activity.sequence == sequence or "change" not in facts:
        return activity.sequence == sequence
    return activity.id not in changed_after(campaign_id, facts["change"])


def confirm_by_campaign(campaign_ids: Collection[int], *, now: datetime) -> dict[int, datetime]:
    """Until when people are asked to confirm the newest date, for the campaigns that ask now; one statement."""
    newest = select(func.max(DateChange.id)).where(DateChange.campaign_id.in_(campaign_ids))
    rows = select(DateChange.campaign_id, DateChange.confirm_by).where(
        DateChange.id.in_(newest.group_by(DateChange.campaign_id))
    )
    return {id_: at for id_, at in db.session.execute(rows) if at is not None and now < at}


def _facts(row: DateChange) -> DateChangeFacts:
    return DateChangeFacts(row.id, row.made_at, row.confirm_by, row.note, row.was, row.became)
