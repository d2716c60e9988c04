"""Whose turn it is: a robot with something to say that its service would take now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select, update

from eventreg.core.db.session import db, run
from eventreg.outbox import due
from eventreg.outbox.models import Letter
from eventreg.outbox.rules import Lane

from .models import Robot
from .rules import ChatService, after_message, calm

TOO_FAR = timedelta(hours=1)  # a turn further ahead was set before the clock was set back


@dataclass(frozen=True, slots=True)
class RobotCredentials:
    """How to send to a robot; address and secret are sealed. `is_on` is False once somebody has turned it off."""

    id: int
    service: ChatService
    host: str
    address: bytes | None
    secret: bytes | None
    is_on: bool


def find_ready(*, now: datetime) -> int | None:
    """The robot whose turn is next; None while there is nothing to say, or nobody to hear it. Reads only."""
    turn = or_(Robot.next_at.is_(None), Robot.next_at <= now, Robot.next_at > now + TOO_FAR)
    rows = select(Robot.id).where(_waiting(now), turn)
    return db.session.scalar(rows.order_by(Robot.next_at.is_not(None), Robot.next_at, Robot.id).limit(1))


def is_waiting(*, now: datetime) -> bool:
    """Whether any robot has something to say, now or when its turn comes."""
    return db.session.scalar(select(Robot.id).where(_waiting(now)).limit(1)) is not None


def take_turn(robot_id: int, *, now: datetime) -> RobotCredentials | None:
    """Take a robot's turn, for one message; None when another process took it or the service is crowded now."""
    rows = select(Robot).where(Robot.id == robot_id).with_for_update()
    robot = db.session.scalar(rows.execution_options(populate_existing=True))
    if robot is None or (robot.next_at is not None and now < robot.next_at <= now + TOO_FAR):
        return None
    service = ChatService(robot.service)
    if (later := calm(service, now)) > now:
        robot.next_at = later
        return None
    robot.next_at = after_message(service, now)
    return RobotCredentials(robot.id, service, robot.host, robot.address, robot.secret, robot.is_on)


def hold(robot_id: int, *, until: datetime) -> None:
    """Its service wants to hear nothing before then."""
    run(update(Robot).where(Robot.id == robot_id).values(next_at=until))


def hold_host(host: str, *, until: datetime) -> None:
    """It is silent: no robot of this host is called before then, so that each message does not wait for it anew."""
    sooner = or_(Robot.next_at.is_(None), Robot.next_at < until)
    run(update(Robot).where(Robot.host == host, sooner).values(next_at=until))


def _waiting(now: datetime) -> ColumnElement[bool]:
    return exists().where(Letter.lane == int(Lane.ROBOTS), Letter.robot_id == Robot.id, due.claimable(now))
