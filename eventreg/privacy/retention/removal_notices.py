"""A week before personal data of a campaign are removed, its organisers are informed of what goes and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.campaigns.models import Campaign
from eventreg.campaigns.rules import archive_end
from eventreg.core.db.session import db
from eventreg.outbox import service as outbox
from eventreg.outbox.models import Letter
from eventreg.people import service as people
from eventreg.registrations.participants import DEFAULT_LOCALE

from .rules import DueDate, is_announced
from .service import is_anything_left

KIND = "removal_soon"


def announce(*, now: datetime) -> int:
    """Post the letters that are due, once for each campaign and date; returns how many campaigns they are about."""
    columns = (Campaign.id, Campaign.timezone, Campaign.retain_until, Campaign.archive_until)
    told = 0
    for campaign_id, zone, retain_until, archive_until in db.session.execute(select(*columns)).all():
        today = now.astimezone(ZoneInfo(zone)).date()
        dates = ((DueDate.RETAIN, retain_until), (DueDate.ARCHIVE, archive_end(retain_until, archive_until)))
        for due, last in dates:
            if is_announced(last, today):
                told += _tell(campaign_id, due, last, now=now)
    return told


def _tell(campaign_id: int, due: DueDate, last: date, *, now: datetime) -> bool:
    named = f"{KIND}:{campaign_id}:{due}:{last.isoformat()}:"
    posted = exists().where(Letter.key.startswith(named, autoescape=True))
    if db.session.scalar(select(posted)) or not is_anything_left(campaign_id, due):
        return False
    for person_id in _recipients(campaign_id, now=now):
        found = people.person_facts(person_id)
        outbox.post(
            KIND,
            outbox.Recipient(person_id, found.email, found.locale or DEFAULT_LOCALE),
            key=f"{named}{person_id}",
            facts={"campaign": campaign_id, "due": str(due), "last": last.isoformat()},
            campaign_id=campaign_id,
            now=now,
        )
    return True


def _recipients(campaign_id: int, *, now: datetime) -> list[int]:
    """The campaign's organisers who are still there; administrators where there are none."""
    held = campaign_grants.list_in(campaign_id, now=now)
    organisers = _employed(grant.person_id for grant in held if grant.role is Role.ORGANISER)
    return organisers or _employed(grants.list_administrators(now=now))


def _employed(person_ids: Iterable[int]) -> list[int]:
    return sorted(id_ for id_ in set(person_ids) if people.person_facts(id_).employed)
