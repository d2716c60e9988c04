"""Who was scanned in on the day of an activity."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import exists, select

from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import ScheduleState
from eventreg.core.db.session import db
from eventreg.registrations.models import Registration

from .models import Scan
from .rules import ScanVerdict
from .walk.models import TimeFix
from .walk.readings import day_of

# A scan counts if it was not refused, and no organiser declared that it does not (a try).
COUNTS = (
    Scan.verdict != str(ScanVerdict.REFUSED),
    ~exists().where(
        TimeFix.registration_id == Scan.registration_id,
        TimeFix.check_point == Scan.check_point,
        TimeFix.at.is_(None),
        TimeFix.undone_at.is_(None),
        TimeFix.made_at >= Scan.at,
    ),
)


def find_admission(registration_id: int, campaign: CampaignFacts) -> datetime | None:
    """When a registration was first scanned in on the day, as `first_admissions` tells it.

    The registration's row is locked, so that a scan which is being stored at this instant is either seen here or finds the
    registration as it is afterwards.
    """
    locked = select(Registration.id).where(Registration.id == registration_id).with_for_update()
    db.session.execute(locked)
    return first_admissions([registration_id], campaign).get(registration_id)


def first_admissions(registration_ids: Collection[int], campaign: CampaignFacts) -> dict[int, datetime]:
    """When these registrations were first scanned in, at any check point, on the day of an activity that takes place.

    An evening that ends after midnight is one day. Scans of earlier days do not count: people try their phones and
    tickets out. Whoever was counted by such a try is "repeated" on the day, and is there all the same: so the scans are
    asked, and not the admissions.
    """
    held = [a for a in campaign.activities if a.schedule is not ScheduleState.CANCELLED]
    days = [day_of(campaign, activity) for activity in held]
    mine = Scan.registration_id.in_(registration_ids)
    scans = select(Scan.registration_id, Scan.at).where(mine, *COUNTS).order_by(Scan.at)
    found: dict[int, datetime] = {}
    for registration_id, at in db.session.execute(scans):
        if registration_id is not None and any(since <= at < until for since, until in days):
            found.setdefault(registration_id, at.astimezone(campaign.zone))
    return found
