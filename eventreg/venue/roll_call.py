"""Who is here and who is not yet: everybody with a place, by unit, and people whom only a phone let through. Reads only.

Whoever was scanned at several check points is one person. Where the day has scans, those of other days do not count:
people try their tickets out. The caller has checked that the visitor may see the campaign.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from eventreg.campaigns.check_points import service as check_points
from eventreg.campaigns.check_points.rules import CheckPointFacts
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.models import Question
from eventreg.campaigns.question_kinds import QuestionKind
from eventreg.campaigns.rules import ScheduleState
from eventreg.core.db.session import db
from eventreg.people import units
from eventreg.people.models import Person
from eventreg.people.names import reading_key
from eventreg.registrations.models import Answer, Registration
from eventreg.registrations.rules import RegistrationState

from .models import Scan
from .offline import let_in
from .presence import COUNTS

NIGHT = timedelta(hours=6)  # what begins in the evening is scanned after midnight too


@dataclass(frozen=True, slots=True)
class CalledPerson:
    """Somebody with a place. `passed` is their first time at each check point, by time; `phone` is "" if they gave none."""

    registration_id: int
    arrival: int
    name: str
    phone: str
    passed: tuple[tuple[str, datetime], ...] = ()

    @property
    def here(self) -> bool:
        """Whether they were scanned anywhere."""
        return bool(self.passed)


@dataclass(frozen=True, slots=True)
class CalledUnit:
    """A unit with its people by arrival."""

    path: str
    people: tuple[CalledPerson, ...]

    @property
    def missing(self) -> list[CalledPerson]:
        """Whoever is not here yet."""
        return [person for person in self.people if not person.here]


@dataclass(frozen=True, slots=True)
class LetInPerson:
    """Somebody whom a phone let through and the server did not admit; they take no place and are not in the totals."""

    device_id: int
    nonce: str
    registration_id: int | None
    name: str
    staff_no: str
    shown: str
    answered: str
    at: datetime
    check_point: str


@dataclass(frozen=True, slots=True)
class RollCall:
    """The state of one day. `points` are the check points with the number of people at each.

    `of_day` is false while all scans are of other days.
    """

    day: date
    of_day: bool
    points: tuple[tuple[CheckPointFacts, int], ...]
    units: tuple[CalledUnit, ...]
    let_in: tuple[LetInPerson, ...]

    @property
    def seated(self) -> int:
        """How many have a place."""
        return sum(len(unit.people) for unit in self.units)

    @property
    def present(self) -> int:
        """How many of them are here, each counted once."""
        return sum(person.here for unit in self.units for person in unit.people)


def day_called(campaign: CampaignFacts, *, now: datetime) -> date:
    """Today if something takes place, else the last day on which something did, else the next."""
    held = [a for a in campaign.activities if a.schedule is not ScheduleState.CANCELLED]
    days = sorted({a.starts_at.date() for a in held or campaign.activities})
    today = now.astimezone(campaign.zone).date()
    return max((day for day in days if day <= today), default=days[0] if days else today)


def call(campaign: CampaignFacts, *, now: datetime) -> RollCall:
    """The roll call of the day, in seven statements whatever the number of people."""
    day = day_called(campaign, now=now)
    rows = _seated(campaign.id)
    passed, of_day = _passed(campaign, day, {row.id for row in rows})
    phones = phones_of([row.id for row in rows])
    paths = units.paths_of({row.unit_id for row in rows})
    by_unit = defaultdict[str, list[CalledPerson]](list)
    for row in rows:
        person = CalledPerson(
            row.id, row.arrival, row.name, phones.get(row.id, ""), tuple(passed.get(row.id, {}).items())
        )
        by_unit[paths.get(row.unit_id, "")].append(person)
    counts = Counter(point for one in passed.values() for point in one)
    return RollCall(
        day=day,
        of_day=of_day,
        points=tuple((point, counts[point.code]) for point in check_points.list_of(campaign.id)),
        units=tuple(CalledUnit(path, tuple(by_unit[path])) for path in sorted(by_unit, key=reading_key)),
        let_in=tuple(one for one in list_let_in(campaign.id) if one.registration_id not in passed),
    )


def list_let_in(campaign_id: int, *, activity_id: int | None = None) -> list[LetInPerson]:
    """People whom a phone let through and whom nobody has taken off, by time; for an activity, its own and those of all."""
    found = [one for one in let_in.list_of(campaign_id, activity_id=activity_id) if one.off_at is None]
    columns = (Registration.id, Person.name, Person.staff_no)
    rows = select(*columns).select_from(Person).outerjoin(Registration, _registered(campaign_id))
    ids = {one.registration_id for one in found if one.registration_id is not None}
    numbers = {one.staff_no for one in found if one.registration_id is None and one.staff_no}
    known = db.session.execute(rows.where(or_(Registration.id.in_(ids), Person.staff_no.in_(numbers)))).all()
    by_id = {row.id: row for row in known}
    by_number = {row.staff_no: row for row in known}
    listed = []
    for one in found:
        row = by_id.get(one.registration_id) or by_number.get(one.staff_no or "")
        id_, name, staff_no = row or (None, "", one.staff_no or "")
        listed.append(
            LetInPerson(
                one.device_id,
                one.nonce,
                id_,
                name,
                staff_no,
                str(one.shown),
                one.answered,
                one.at,
                one.check_point,
            )
        )
    return listed


def _registered(campaign_id: int) -> ColumnElement[bool]:
    return and_(Registration.person_id == Person.id, Registration.campaign_id == campaign_id)


def _seated(campaign_id: int) -> list[_Seated]:
    columns = (Registration.id, Registration.arrival, Person.name, Person.unit_id)
    rows = select(*columns).join(Person, Person.id == Registration.person_id)
    mine = (Registration.campaign_id == campaign_id, Registration.state == str(RegistrationState.SEATED))
    return [_Seated(*row) for row in db.session.execute(rows.where(*mine).order_by(Registration.arrival))]


@dataclass(frozen=True, slots=True)
class _Seated:
    id: int
    arrival: int
    name: str
    unit_id: int


def _passed(
    campaign: CampaignFacts, day: date, seated: Collection[int]
) -> tuple[dict[int, dict[str, datetime]], bool]:
    """The first time of each person with a place at each check point, by time; and whether they are of the day."""
    rows = select(Scan.registration_id, Scan.check_point, Scan.at).join(
        Registration, Registration.id == Scan.registration_id
    )
    scans = db.session.execute(
        rows.where(Registration.campaign_id == campaign.id, *COUNTS).order_by(Scan.at, Scan.id)
    ).all()
    since = datetime.combine(day, time(), campaign.zone)
    until = since + timedelta(days=1) + NIGHT
    of_day = [scan for scan in scans if since <= scan.at < until]
    found: dict[int, dict[str, datetime]] = {}
    for registration_id, point, at in of_day or scans:
        if registration_id is not None and registration_id in seated:
            found.setdefault(registration_id, {}).setdefault(point, at.astimezone(campaign.zone))
    return found, bool(of_day) or not scans


def phones_of(registration_ids: Collection[int]) -> dict[int, str]:
    """The number that each of these people gave, by registration; who gave none is left out."""
    rows = (
        select(Answer.registration_id, Answer.value)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.registration_id.in_(registration_ids), Question.kind == str(QuestionKind.PHONE))
        .order_by(Answer.registration_id, Question.position.desc(), Question.id)
    )
    return {id_: value for id_, value in db.session.execute(rows) if value}
