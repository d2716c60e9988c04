"""The robots of a campaign as its organiser keeps them, and of the house, an administrator's.

`campaign_id` None stands for the house. Changes of a campaign's go through its lock and version.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.models import Campaign
from eventreg.campaigns.plan import planning
from eventreg.campaigns.rules import check_version
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.keyring.keys import fingerprint_of
from eventreg.core.trail import audit
from eventreg.outbox import service as outbox
from eventreg.outbox.models import Letter, Postbox
from eventreg.outbox.rules import Lane, LetterState
from eventreg.outbox.service import Recipient

from .models import Robot
from .news import HOUSE_LOCALE
from .rules import MOST, SECRET_MOST, ChatService, NewsKind, target

TEST = "robot_test"
UNDER_WAY = (str(LetterState.QUEUED), str(LetterState.CLAIMED))


@dataclass(frozen=True, slots=True)
class NewRobot:
    """A robot to be added, as it was typed."""

    service: ChatService
    name: str
    address: str
    secret: str
    news: frozenset[NewsKind]


@dataclass(frozen=True, slots=True)
class RobotFacts:
    """A robot as pages show it: of its address the host and the last four characters, no more.

    `last` is where its latest message stands, with the trouble and the number of attempts.
    """

    id: int
    service: ChatService
    name: str
    host: str
    tail: str
    signed: bool
    news: frozenset[NewsKind]
    is_on: bool
    last: tuple[str, str, int] | None


def list_robots(campaign_id: int | None) -> list[RobotFacts]:
    """Those that were not taken away, by name; two statements."""
    rows = db.session.scalars(_mine(campaign_id).order_by(Robot.name, Robot.id)).all()
    newest = (
        select(func.max(Letter.id))
        .where(Letter.robot_id.in_([row.id for row in rows]))
        .group_by(Letter.robot_id)
    )
    letters = select(Letter.robot_id, Letter.state, Letter.trouble, Letter.attempts)
    found = db.session.execute(letters.where(Letter.id.in_(newest)))
    last = {id_: (state, trouble or "", attempts) for id_, state, trouble, attempts in found}
    return [_facts(row, last.get(row.id)) for row in rows]


def add(
    campaign_id: int | None, wanted: NewRobot, *, seen: int, listed: Collection[str], actor: Actor
) -> bool:
    """Add a robot; False when one with this address is there already.

    Raises what `rules.target` does, Refused("group_robot.too_many"), ("group_robot.secret_form"), ("group_robot.no_news")
    or ("plan.changed_meanwhile").
    """
    campaign = _lock(campaign_id)
    found = target(wanted.address, wanted.service, listed=listed)
    mark = fingerprint_of(wanted.address)
    robots = list(db.session.scalars(_mine(campaign_id)))
    if any(robot.mark == mark for robot in robots):
        return False
    _check(campaign, seen=seen)
    if len(robots) >= MOST:
        raise Refused("group_robot.too_many", most=MOST)
    if not wanted.secret.isascii() or len(wanted.secret) > SECRET_MOST:
        raise Refused("group_robot.secret_form")
    row = Robot(
        campaign_id=campaign_id,
        service=str(wanted.service),
        name=wanted.name,
        address=actor.keys.sealed(wanted.address),
        secret=actor.keys.sealed(wanted.secret) if wanted.secret else None,
        mark=mark,
        host=found.host,
        tail=wanted.address[-4:],
        news=_news(campaign_id, wanted.news),
        is_on=True,
        made_by=actor.audit_name,
        made_at=actor.now,
    )
    db.session.add(row)
    db.session.flush()
    _note(campaign, "robot_added", row, actor=actor)
    return True


def choose(
    campaign_id: int | None, robot_id: int, news: Collection[NewsKind], *, seen: int, actor: Actor
) -> bool:
    """What it is told from now on; False when that is so already. Raises Refused("group_robot.no_news")."""
    campaign, row = _lock(campaign_id), _get(campaign_id, robot_id)
    wanted = _news(campaign_id, news)
    if row.news == wanted:
        return False
    _check(campaign, seen=seen)
    row.news = wanted
    _note(campaign, "robot_changed", row, actor=actor)
    return True


def switch(campaign_id: int | None, robot_id: int, *, on: bool, seen: int, actor: Actor) -> bool:
    """Silence it or let it speak again; False when it is so. What it did not say meanwhile is not made up for."""
    campaign, row = _lock(campaign_id), _get(campaign_id, robot_id)
    if row.is_on == on:
        return False
    _check(campaign, seen=seen)
    row.is_on = on
    _note(campaign, "robot_switched", row, actor=actor, on=on)
    return True


def remove(campaign_id: int | None, robot_id: int, *, seen: int, actor: Actor) -> None:
    """Take it away, its address and secret with it; what it has not said it does not say."""
    campaign, row = _lock(campaign_id), _get(campaign_id, robot_id)
    _check(campaign, seen=seen)
    row.is_on, row.gone_at = False, actor.now
    row.address = row.secret = row.mark = None
    row.tail = ""
    _note(campaign, "robot_removed", row, actor=actor)


def send_test(campaign_id: int | None, robot_id: int, *, actor: Actor) -> bool:
    """Let it say that it works; False while an earlier test is under way. Raises Refused("group_robot.off")."""
    campaign, row = _lock(campaign_id), _get(campaign_id, robot_id)
    if not row.is_on:
        raise Refused("group_robot.off")
    here = (Letter.robot_id == robot_id, Letter.kind == TEST, Letter.state.in_(UNDER_WAY))
    if db.session.scalar(select(Letter.id).where(*here).limit(1)) is not None:
        return False
    outbox.post(
        TEST,
        Recipient(None, None, campaign.lang if campaign else HOUSE_LOCALE, robot_id=robot_id),
        key=f"{TEST}:{robot_id}:{actor.now:%Y%m%dT%H%M%S%f}",
        facts={"campaign": campaign_id},
        campaign_id=campaign_id,
        now=actor.now,
        lane=Lane.ROBOTS,
    )
    return True


def _mine(campaign_id: int | None) -> Select[Robot]:
    return select(Robot).where(Robot.campaign_id == campaign_id, Robot.gone_at.is_(None))


def _get(campaign_id: int | None, robot_id: int) -> Robot:
    rows = _mine(campaign_id).where(Robot.id == robot_id).with_for_update()
    row = db.session.scalar(rows.execution_options(populate_existing=True))
    if row is None:
        raise NotFound("robot")
    return row


def _lock(campaign_id: int | None) -> Campaign | None:
    """The campaign's row, locked; of the house the one row that stands for its letters. Raises NotFound for a draft."""
    if campaign_id is None:
        db.session.execute(select(Postbox.id).with_for_update())
        return None
    campaign, window = campaigns.lock_window(campaign_id)
    if not window.published:
        raise NotFound("campaign")
    return campaign


def _check(campaign: Campaign | None, *, seen: int) -> None:
    if campaign is not None:
        check_version(campaign.version, seen=seen)


def _news(campaign_id: int | None, wanted: Collection[NewsKind]) -> list[str]:
    """In one order; the house hears nothing of places, each campaign has its own."""
    news = [str(one) for one in NewsKind if one in wanted and (campaign_id or one is not NewsKind.PLACES)]
    if not news:
        raise Refused("group_robot.no_news")
    return news


def _note(campaign: Campaign | None, change: str, row: Robot, *, actor: Actor, **facts: object) -> None:
    if campaign is not None:
        planning.note(campaign, change, actor=actor, robot=row.id, **facts)
        return
    audit.record(f"season.{change}", f"robot:{row.id}", actor=actor, **facts)


def _facts(row: Robot, last: tuple[str, str, int] | None) -> RobotFacts:
    return RobotFacts(
        id=row.id,
        service=ChatService(row.service),
        name=row.name,
        host=row.host,
        tail=row.tail,
        signed=row.secret is not None,
        news=frozenset(NewsKind(code) for code in row.news),
        is_on=row.is_on,
        last=last,
    )
