"""A fixed cast and stage: one small company, one campaign with a few places, one instant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from flask import Flask

from eventreg.accounts import sessions
from eventreg.campaigns import writing
from eventreg.campaigns.inputs import NewActivity, NewCampaign, NewPool, NewQuestion, NewSeason
from eventreg.campaigns.kinds import Contest, Hike
from eventreg.campaigns.rules import Intake, PoolScope, ScheduleState
from eventreg.campaigns.service import campaigns_by_id, get_campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.keyring.keys import Keys
from eventreg.people import service as people
from eventreg.people.rules import RosterRow
from eventreg.registrations import service as registrations
from eventreg.registrations.capacity import change_places
from eventreg.registrations.reading import find_live
from eventreg.registrations.service import Application, RegistrationSource, SignUpResult
from eventreg.season import withdrawing
from tests.rig import copies
from tests.rig.actors import acting

NOW = datetime(2027, 2, 20, 1, 0, tzinfo=UTC)
UNTIL_CLOSED = timedelta(days=9, hours=9)
UNTIL_THE_DAY = timedelta(days=11, hours=15)
CLOSES = NOW + UNTIL_CLOSED
DAY = NOW + UNTIL_THE_DAY  # 4 March 2027, 00:00 in Shanghai
BEGUN = DAY + timedelta(
    days=1
)  # the outing has no hour: it has begun when its day is over, if nobody is scanned in

NAMES = {
    "A1": ("安娜", "female", "营销部/客户服务班"),
    "B2": ("薄言", "male", "营销部/客户服务班"),
    "C3": ("陈雨桐", "female", "营销部/抄核收班"),
    "D4": ("邓力", "male", "城关供电所/运维一班"),
    "E5": ("鄂兰", "female", "城关供电所/运维一班"),
    "F6": ("傅真", "female", "城关供电所"),
}
NO_MAILBOX = {"D4"}


@dataclass(frozen=True)
class Stage:
    """What a test finds: the campaign's ids, and each person's id by staff number."""

    campaign_id: int
    notice_id: int
    people: dict[str, int]
    keys: Keys


_LATELY = utc_now() - timedelta(hours=1)
_SET: dict[tuple[str, int | None, int, datetime], tuple[list[str], Stage]] = {}


def roster_rows(extra: int = 0) -> list[RosterRow]:
    """The cast as a roster file's rows, and `extra` more people (X0001…)."""
    rows = [
        RosterRow(n, no, name, gender, unit, email=_mail(no))
        for n, (no, (name, gender, unit)) in enumerate(NAMES.items(), 2)
    ]
    rows += [
        RosterRow(100 + n, f"X{n:04d}", f"职工{n}", "女", "办公室", email=_mail(f"X{n:04d}"))
        for n in range(1, extra + 1)
    ]
    return rows


def set_stage(app: Flask, *, capacity: int | None = 2, extra: int = 0, now: datetime = NOW) -> Stage:
    """A company and the outing with `capacity` places, published at `now`.

    The product writes a stage once a run for each kind of database; whoever then begins with it has it copied.
    """
    with app.app_context():
        key, keys = (db.engine.dialect.name, capacity, extra, now), app.extensions["eventreg.keys"]
        if now not in {NOW, _LATELY} or not copies.is_empty():  # no other test could use it
            write_stage(capacity, extra=extra, now=now)
            return find_stage(app)
        if key not in _SET:
            before = copies.taken()
            write_stage(capacity, extra=extra, now=now)
            _SET[key] = [it for it in copies.taken() if it not in before], find_stage(app)
            return find_stage(app)
        statements, stage = _SET[key]
        with unit_of_work():
            copies.write(statements)
        return replace(stage, people=dict(stage.people), keys=keys)


def lately() -> datetime:
    """An hour or two ago; the same instant for all tests of a run but those that moved their clock."""
    now = utc_now()
    return _LATELY if timedelta(0) < now - _LATELY < timedelta(hours=3) else now - timedelta(hours=1)


def write_stage(capacity: int | None, *, extra: int, now: datetime) -> None:
    """Let the product write it."""
    with unit_of_work():
        people.import_roster(roster_rows(extra), company="禾川农电", actor=acting("test", now))
        season_id = writing.make_season(season())
        notice_id = writing.make_notice("2027-01", ("用途：当天签到。",), now=now)
        campaign = outing(capacity, published_at=now)
        writing.publish(campaign, season_id=season_id, notice_id=notice_id, actor=acting("test", now))


def find_stage(app: Flask, slug: str = "outing") -> Stage:
    """The stage that was set before, maybe by another process."""
    with app.app_context():
        campaign = get_campaign(slug)
        ids = {person.staff_no: person.id for person in people.list_employed()}
    return Stage(campaign.id, campaign.notice_id, ids, app.extensions["eventreg.keys"])


def season() -> NewSeason:
    """The season all tests play in."""
    return NewSeason(
        "2027 年三八",
        "三月",
        "三项活动。",
        "禾川三八",
        "禾川农电 党群工作部",
        "8206",
        DAY.date(),
        slug="season",
    )


def outing(
    capacity: int | None,
    *,
    slug: str = "outing",
    accepts: Intake = Intake.REGISTRATIONS,
    published_at: datetime = NOW,
) -> NewCampaign:
    """The plan's outing with another number of places; its dates follow its publication."""
    day = published_at + UNTIL_THE_DAY
    activities = (
        NewActivity("hike", "徒步游", day, day + timedelta(days=1), False, ScheduleState.TENTATIVE, Hike()),
        NewActivity(
            "contest", "风筝赛", day, day + timedelta(days=1), False, ScheduleState.TENTATIVE, Contest()
        ),
    )
    return NewCampaign(
        slug=slug,
        title="踏春嘉年华、健康伴我行",
        intro="走一段路，放一次风筝。",
        audience="全体职工",
        accepts=accepts,
        closes_at=published_at + UNTIL_CLOSED,
        retain_until=DAY.date() + timedelta(days=100),
        defaults=("deadline",),
        capacity=capacity,
        questions=(
            NewQuestion("phone", "phone", "手机号", "11 位数字"),
            NewQuestion("remark", "paragraph", "备注", "例如饮食"),
        ),
        activities=activities,
    )


def application(stage: Stage, staff_no: str, *, key: str = "") -> Application:
    """What somebody of the cast asks for."""
    person_id = stage.people[staff_no]
    return Application(person_id, {}, stage.notice_id, True, RegistrationSource.WEB, key)


def sign_up(app: Flask, stage: Stage, staff_no: str, *, now: datetime = NOW, key: str = "") -> SignUpResult:
    """Register somebody in a unit of work of its own, as the edge does."""
    with app.app_context(), unit_of_work():
        return registrations.register(
            stage.campaign_id,
            application(stage, staff_no, key=key),
            actor=acting(stage.people[staff_no], now, stage.keys),
        )


def withdraw(app: Flask, stage: Stage, staff_no: str, *, now: datetime = NOW) -> None:
    """Withdraw somebody's live registration."""
    person_id = stage.people[staff_no]
    with app.app_context():
        live = find_live(stage.campaign_id, person_id)
        if live is None:
            raise AssertionError(f"{staff_no} has no live registration")
        with unit_of_work():
            withdrawing.withdraw(live.id, person_id=person_id, actor=acting("test", now, stage.keys))


def set_capacity(app: Flask, stage: Stage, capacity: int | None, *, now: datetime = NOW) -> list[int]:
    """Set the places of all anew; None is without bound. Returns who was seated by it."""
    with app.app_context():
        seen = campaigns_by_id({stage.campaign_id})[stage.campaign_id].version
        bounds = [] if capacity is None else [NewPool(PoolScope.TOTAL, capacity)]
        with unit_of_work():
            return change_places(stage.campaign_id, bounds, seen=seen, actor=acting("test", now, stage.keys))


def begin_session(app: Flask, person_id: int, *, now: datetime) -> str:
    """A signed-in browser's token, without the letter."""
    with app.app_context(), unit_of_work():
        return sessions.begin(person_id, browser="test", way="test", now=now)


def _mail(staff_no: str) -> str:
    return "" if staff_no in NO_MAILBOX else f"{staff_no.lower()}@example.cn"
