"""Who was scanned in on the day of an activity."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import ScheduleState
from eventreg.core.db.session import db
from eventreg.registrations.models import Registration

from .models import Scan
from .rules import ScanVerdict


def find_admission(registration_id: int, campaign: CampaignFacts) -> datetime | None:
    """When a registration was first scanned in, at any check point, on the day of an activity that takes place.

    Scans of earlier days do not count: people try their phones and tickets out. Whoever was counted by such a try is
    "repeated" on the day, and is there all the same: so the scans are asked, and not the admissions. The registration's row is locked, so
    that a scan which is being stored at this instant is either seen here or finds the registration as it is afterwards.
    """
    locked = select(Registration.id).where(Registration.id == registration_id).with_for_update()
    db.session.execute(locked)
    days = {a.starts_at.date() for a in campaign.activities if a.schedule is not ScheduleState.CANCELLED}
    let_in = (Scan.registration_id == registration_id, Scan.verdict != str(ScanVerdict.REFUSED))
    times = db.session.scalars(select(Scan.scanned_at).where(*let_in))
    here = (at.astimezone(campaign.zone) for at in times)
    return min((at for at in here if at.date() in days), default=None)
