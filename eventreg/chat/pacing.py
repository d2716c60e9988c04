"""Find robots that have letters and whose service accepts a message now."""

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

TOO_FAR = timedelta(hours=1)  # `next_at` further ahead was stored before the clock was set back


@dataclass(frozen=True, slots=True)
class RobotCredentials:
    """What is needed to send to a robot; address and secret are encrypted. `is_on` is False when it was switched off."""

    id: int
    service: ChatService
    host: str
    address: bytes | None
    secret: bytes | None
    is_on: bool


def find_ready(*, now: datetime) -> int | None:
    """The next robot that may send now; None if there is none. Reads only."""
    turn = or_(Robot.next_at.is_(None), Robot.next_at <= now, Robot.next_at > now + TOO_FAR)
    rows = select(Robot.id).where(_waiting(now), turn)
    return db.session.scalar(rows.order_by(Robot.next_at.is_not(None), Robot.next_at, Robot.id).limit(1))


def is_waiting(*, now: datetime) -> bool:
    """Whether any robot has letters to send, now or later."""
    return db.session.scalar(select(Robot.id).where(_waiting(now)).limit(1)) is not None


def take_turn(robot_id: int, *, now: datetime) -> RobotCredentials | None:
    """Reserve one message of a robot; None when another process did, or the service is busy at this time."""
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
    """Send nothing to this robot before an instant, as its service asked."""
    run(update(Robot).where(Robot.id == robot_id).values(next_at=until))


def hold_host(host: str, *, until: datetime) -> None:
    """Call no robot of a silent host before an instant, so that not each message waits for it again."""
    sooner = or_(Robot.next_at.is_(None), Robot.next_at < until)
    run(update(Robot).where(Robot.host == host, sooner).values(next_at=until))


def _waiting(now: datetime) -> ColumnElement[bool]:
    return exists().where(Letter.lane == int(Lane.ROBOTS), Letter.robot_id == Robot.id, due.claimable(now))
