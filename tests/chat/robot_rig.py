"""An app whose robots write to a group on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine
from flask import Flask
from sqlalchemy import select

from eventreg.campaigns.service import campaigns_by_id
from eventreg.chat import service
from eventreg.chat.rules import ChatService, NewsKind
from eventreg.chat.service import NewRobot
from eventreg.config import Settings
from eventreg.core.db.session import db, unit_of_work
from eventreg.delivery.sender import deliver_next
from eventreg.outbox.models import Letter
from eventreg.outbox.rules import Lane
from eventreg.season import reschedule
from tests.conftest import close, make_app
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage
from tests.rig.plans import as_new, do

from .robot_server import SECRET, Group, group_chat

LATER = NOW + timedelta(minutes=3)  # past the window, and past a full hour: 飞书 has room again


@dataclass
class Chats:
    """An app whose robots write to a group on loopback."""

    app: Flask
    stage: Stage
    group: Group

    def add(
        self, kind: str, *, of_house: bool = False, wanted: frozenset[NewsKind] = frozenset(NewsKind)
    ) -> int:
        """A robot of this service; its id."""
        campaign_id = None if of_house else self.stage.campaign_id
        secret = "" if kind == "wecom" else SECRET
        robot = NewRobot(ChatService(kind), f"{kind}群", self.group.address(kind), secret, wanted)
        with self.app.app_context():
            listed = self.app.extensions["eventreg.settings"].robot_hosts
            with unit_of_work():
                service.add(
                    campaign_id,
                    robot,
                    seen=self.version,
                    listed=listed,
                    actor=acting("test", NOW, self.stage.keys),
                )
            return max(one.id for one in service.list_robots(campaign_id))

    @property
    def version(self) -> int:
        """Of the campaign, now."""
        with self.app.app_context():
            return campaigns_by_id({self.stage.campaign_id})[self.stage.campaign_id].version

    def move(self, *, days: int) -> None:
        """The hike on another day."""
        with self.app.app_context():
            campaign = campaigns_by_id({self.stage.campaign_id})[self.stage.campaign_id]
        hike = next(activity for activity in campaign.activities if activity.kind == "hike")
        starts, ends = (at + timedelta(days=days) for at in (hike.starts_at, hike.ends_at))
        do(
            self.app,
            "outing",
            reschedule.change_activity,
            hike.id,
            as_new(hike, starts_at=starts, ends_at=ends),
        )

    def speak(self, at: datetime) -> int:
        """Let every robot say what it has to at this instant; how many letters were dealt with."""
        dealt = 0
        with time_machine.travel(at, tick=False), self.app.app_context():
            while more := deliver_next("test", Lane.ROBOTS):
                dealt += more
        return dealt

    def letters(self) -> list[tuple[Any, ...]]:
        """(kind, state, trouble, attempts) of what robots have to say."""
        with self.app.app_context():
            columns = select(Letter.kind, Letter.state, Letter.trouble, Letter.attempts)
            rows = db.session.execute(columns.where(Letter.channel == "robot").order_by(Letter.id)).all()
            db.session.rollback()
        return [tuple(row) for row in rows]


@contextmanager
def chatting(settings: Settings, certificate: Path) -> Iterator[Chats]:
    """The outing with two places, and a chat service that an administrator listed."""
    with group_chat(certificate) as group:
        hosts = (f"127.0.0.1:{group.port}",)
        app = make_app(replace(settings, robot_hosts=hosts, robot_ca_file=str(certificate)))
        yield Chats(app, cast.set_stage(app), group)
        close(app)


def on_a_copy(folder: Path, migrated_file: Path) -> Settings:
    """Settings of an installation on SQLite."""
    (folder / "eventreg.db").write_bytes(migrated_file.read_bytes())
    return Settings(folder / "i", f"sqlite:///{folder / 'eventreg.db'}", scheduler=False)
