"""Everything that was read for one hike, from the database. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta

from sqlalchemy import func, or_, select

from eventreg.campaigns.check_points import service as check_points
from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.kinds import CheckPointRole
from eventreg.campaigns.kinds.hike import KIND as HIKE
from eventreg.campaigns.rules import ScheduleState
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound
from eventreg.people.models import Person
from eventreg.registrations.models import Registration
from eventreg.venue.models import Scan
from eventreg.venue.offline.models import LetIn
from eventreg.venue.rules import ScanVerdict

from .bursts import ScanFacts, TapFacts
from .day import TimeFixFacts, WalkDay
from .models import Crossing, MassStart, TimeFix, WalkNote
from .rules import WalkNoteKind

AFTER_THE_END = timedelta(hours=6)  # an evening hike is read after midnight too


def list_hikes(campaign: CampaignFacts) -> list[ActivityFacts]:
    """The hikes of a campaign that take place, in its order."""
    return [
        one
        for one in campaign.activities
        if one.kind == HIKE.code and one.schedule is not ScheduleState.CANCELLED
    ]


def get_hike(campaign: CampaignFacts, activity_id: int | None = None) -> ActivityFacts:
    """A hike of the campaign, the first if no id is given. Raises NotFound."""
    for one in list_hikes(campaign):
        if activity_id in {None, one.id}:
            return one
    raise NotFound("hike")


def day_of(campaign: CampaignFacts, activity: ActivityFacts) -> tuple[datetime, datetime]:
    """From when until when readings are of the activity's own day."""
    since = datetime.combine(activity.starts_at.date(), time(), campaign.zone)
    midnight = datetime.combine(since.date() + timedelta(days=1), time(), campaign.zone)
    return since, max(midnight, activity.ends_at + AFTER_THE_END)


def read_day(campaign: CampaignFacts, activity: ActivityFacts) -> WalkDay:
    """All readings of a hike but those of another hike's day, in eight statements whatever their number."""
    points = [one for one in check_points.list_of(campaign.id) if one.activity_id in {None, activity.id}]
    since, until = day_of(campaign, activity)
    others = [day_of(campaign, one) for one in list_hikes(campaign) if one.id != activity.id]

    def may_count(at: datetime) -> bool:
        return since <= at < until or not any(first <= at < last for first, last in others)

    finishes = frozenset(one.code for one in points if one.role is CheckPointRole.FINISH)
    let_in = _let_in(campaign.id, activity.id, finishes)
    return WalkDay(
        starts=frozenset(one.code for one in points if one.role is CheckPointRole.START),
        finishes=finishes,
        since=since,
        until=until,
        scans=[one for one in _scans(campaign.id, [point.code for point in points]) if may_count(one.at)],
        taps=[one for one in _taps(campaign.id) if may_count(one.at)],
        fixes=[one for one in _fixes(campaign.id) if one.at is None or may_count(one.at)],
        mass=find_mass_start(activity.id),
        notes=_notes(activity.id),
        gone=_gone(campaign.id),
        let_in={id_: at for id_, at in let_in.items() if may_count(at)},
    )


def find_mass_start(activity_id: int) -> datetime | None:
    """The start of everybody at once that is in force."""
    rows = select(MassStart.at).where(MassStart.activity_id == activity_id, MassStart.undone_at.is_(None))
    found: datetime | None = db.session.scalar(rows.order_by(MassStart.no.desc()).limit(1))
    return found


def _scans(campaign_id: int, codes: list[str]) -> list[ScanFacts]:
    columns = (Scan.id, Scan.device_id, Scan.check_point, Registration.id, Scan.at, Scan.doubt)
    rows = select(*columns, Scan.verdict).join(Registration, Registration.id == Scan.registration_id)
    here = (Registration.campaign_id == campaign_id, Scan.check_point.in_(codes))
    return [
        ScanFacts(id_, device, point, who, at, doubt, verdict == ScanVerdict.REFUSED)
        for id_, device, point, who, at, doubt, verdict in db.session.execute(
            rows.where(*here).order_by(Scan.id)
        )
    ]


def _taps(campaign_id: int) -> list[TapFacts]:
    columns = (Crossing.id, Crossing.device_id, Crossing.check_point, Crossing.at, Crossing.doubt)
    here = (Crossing.campaign_id == campaign_id, Crossing.struck_at.is_(None))
    return [TapFacts(*row) for row in db.session.execute(select(*columns).where(*here).order_by(Crossing.id))]


def _fixes(campaign_id: int) -> list[TimeFixFacts]:
    columns = (TimeFix.id, TimeFix.registration_id, TimeFix.check_point, TimeFix.at, TimeFix.made_at)
    rows = select(*columns).join(Registration, Registration.id == TimeFix.registration_id)
    here = (Registration.campaign_id == campaign_id, TimeFix.undone_at.is_(None))
    return [TimeFixFacts(*row) for row in db.session.execute(rows.where(*here).order_by(TimeFix.id))]


def _notes(activity_id: int) -> dict[int, WalkNoteKind]:
    rows = select(WalkNote.registration_id, WalkNote.kind).where(WalkNote.activity_id == activity_id)
    found = db.session.execute(rows.order_by(WalkNote.at, WalkNote.kind))
    return {id_: WalkNoteKind(kind) for id_, kind in found}


def _gone(campaign_id: int) -> dict[int, datetime]:
    """When registrations ended."""
    ended = (Registration.campaign_id == campaign_id, Registration.withdrawn_at.is_not(None))
    rows = select(Registration.id, Registration.withdrawn_at).where(*ended).order_by(Registration.id)
    return {id_: at for id_, at in db.session.execute(rows) if at is not None}


def _let_in(campaign_id: int, activity_id: int, finishes: Collection[str]) -> dict[int, datetime]:
    """When a phone by itself let people through who have a registration, also those known by staff number alone.

    Whoever a phone let through at the finish is back.
    """
    person = (Person.staff_no == LetIn.staff_no) & LetIn.registration_id.is_(None)
    rows = (
        select(Registration.id, func.min(LetIn.at).label("at"))
        .select_from(LetIn)
        .outerjoin(Person, person)
        .join(
            Registration,
            or_(Registration.id == LetIn.registration_id, Registration.person_id == Person.id),
        )
        .where(LetIn.campaign_id == campaign_id, Registration.campaign_id == campaign_id)
        .where(LetIn.check_point.not_in(finishes))
        .where(or_(LetIn.activity_id.is_(None), LetIn.activity_id == activity_id), LetIn.off_at.is_(None))
        .group_by(Registration.id)
        .order_by(Registration.id)
    )
    return {row.id: row.at for row in db.session.execute(rows)}
