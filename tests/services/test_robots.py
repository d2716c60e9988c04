"""Robots of group chats: told once, in one message, at their services' pace; and never a word about a person."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from eventreg.campaigns.service import campaigns_by_id
from eventreg.campaigns.wording import Words
from eventreg.config import Settings
from eventreg.core.db import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.outbox import mending, pausing
from eventreg.outbox.models import Letter
from eventreg.outbox.rules import Lane, Why
from eventreg.people.models import Person
from eventreg.post.robots import connection
from eventreg.post.robots.connection import Inside
from eventreg.post.sender import deliver_next
from eventreg.registrations.message_rules import Audience, To
from eventreg.season import moving, writing
from eventreg.season.robots import news, pacing, service
from eventreg.season.robots.models import Robot
from eventreg.season.robots.rules import News, Service, Target
from eventreg.season.robots.service import Wanted
from tests.conftest import close, make_app
from tests.rig import cast, sight
from tests.rig.cast import NOW, Stage
from tests.rig.plans import as_new, do

from .mail_server import free_port, self_signed
from .robot_server import SECRET, Group, group_chat

LATER = NOW + timedelta(minutes=3)  # past the window, and past a full hour: 飞书 has room again
CANARIES = ("王芳芳", "13912345678", "f6@example.cn")


@dataclass
class Chats:
    """An app whose robots write to a group on loopback."""

    app: Flask
    stage: Stage
    group: Group

    def add(self, kind: str, *, of_house: bool = False, wanted: frozenset[News] = frozenset(News)) -> int:
        """A robot of this service; its id."""
        campaign_id = None if of_house else self.stage.campaign_id
        secret = "" if kind == "wecom" else SECRET
        robot = Wanted(Service(kind), f"{kind}群", self.group.address(kind), secret, wanted)
        with self.app.app_context():
            listed = self.app.extensions["eventreg.settings"].robot_hosts
            with unit_of_work():
                service.add(
                    campaign_id,
                    robot,
                    seen=self.version,
                    listed=listed,
                    keys=self.stage.keys,
                    by="test",
                    now=NOW,
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
        do(self.app, "outing", moving.change_activity, hike.id, as_new(hike, starts_at=starts, ends_at=ends))

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


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For 127.0.0.1, its own authority."""
    return self_signed(tmp_path_factory.mktemp("tls"), NOW)


@pytest.fixture
def chats(settings: Settings, certificate: Path) -> Iterator[Chats]:
    """The outing with two places, and a chat service that an administrator listed."""
    with group_chat(certificate) as group:
        hosts = (f"127.0.0.1:{group.port}",)
        app = make_app(replace(settings, robot_hosts=hosts, robot_ca_file=str(certificate)))
        yield Chats(app, cast.set_stage(app), group)
        close(app)


@pytest.fixture
def on_sqlite(tmp_path: Path, migrated_file: Path, certificate: Path) -> Iterator[Chats]:
    """The same where the database has nothing to do with it."""
    (tmp_path / "eventreg.db").write_bytes(migrated_file.read_bytes())
    with group_chat(certificate) as group:
        url, hosts = f"sqlite:///{tmp_path / 'eventreg.db'}", (f"127.0.0.1:{group.port}",)
        app = make_app(
            Settings(tmp_path / "i", url, scheduler=False, robot_hosts=hosts, robot_ca_file=str(certificate))
        )
        yield Chats(app, cast.set_stage(app), group)
        close(app)


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_a_moved_date_reaches_each_service_signed(chats: Chats, kind: str) -> None:
    chats.add(kind)
    chats.move(days=1)
    early = chats.speak(NOW)

    assert (early, chats.speak(LATER)) == (0, 1)
    [(service_, text)] = chats.group.got
    assert (service_, "“徒步游”的日程有变" in text) == (kind, True)
    assert "http://localhost/campaigns/outing" in text
    assert chats.letters() == [("robot_activity", "sent", None, 1)]


def test_several_news_within_a_window_are_one_message(chats: Chats) -> None:
    chats.add("wecom")
    chats.move(days=1)
    for staff_no in ("A1", "B2", "C3"):
        cast.sign_up(chats.app, chats.stage, staff_no)
    with chats.app.app_context(), unit_of_work():
        told = [news.tell_places(now=NOW), news.tell_places(now=NOW)]

    assert (told, chats.speak(LATER), len(chats.group.got)) == ([1, 0], 2, 1)
    text = chats.group.got[0][1]
    assert text.startswith("**2 条新消息**")
    assert ("日程有变" in text, "名额报满了" in text) == (True, True)


def test_news_overtaken_by_news_are_not_told(on_sqlite: Chats) -> None:
    on_sqlite.add("wecom")
    on_sqlite.move(days=1)
    on_sqlite.move(days=2)
    on_sqlite.speak(LATER)

    assert [state for _kind, state, *_rest in on_sqlite.letters()] == ["withheld", "sent"]
    assert len(on_sqlite.group.got) == 1


def test_two_robots_hear_the_same_and_one_of_the_house_hears_of_all(on_sqlite: Chats) -> None:
    for kind, of_house in (("wecom", False), ("feishu", False), ("dingtalk", True)):
        on_sqlite.add(kind, of_house=of_house)
    on_sqlite.move(days=1)
    on_sqlite.speak(LATER)

    assert sorted(kind for kind, _text in on_sqlite.group.got) == ["dingtalk", "feishu", "wecom"]


def test_a_robot_hears_only_what_was_ticked(on_sqlite: Chats) -> None:
    on_sqlite.add("wecom", wanted=frozenset({News.MESSAGE}))
    on_sqlite.move(days=1)

    assert on_sqlite.letters() == []


def test_no_word_about_a_person_reaches_a_group(on_sqlite: Chats) -> None:
    """Names and numbers in all that an organiser and a person can type: only titles come through, without numbers."""
    chats = on_sqlite
    person = chats.stage.people["F6"]
    with chats.app.app_context(), unit_of_work():
        values = {"name": CANARIES[0], "phone": CANARIES[1]}
        db.session.execute(update(Person).where(Person.id == person).values(**values))
    for kind in ("wecom", "dingtalk", "feishu"):
        chats.add(kind)
    cast.sign_up(chats.app, chats.stage, "F6")
    chats.move(days=1)
    with chats.app.app_context(), unit_of_work():
        words = Words(f"见面会 {CANARIES[1]}", ("{{姓名}} {{单位}}", f"找{CANARIES[0]} {CANARIES[1]}"))
        to = Audience(To.SEATED)
        writing.send(chats.stage.campaign_id, to, words, confirmed=1, by=person, key="k", now=NOW)
    with chats.app.app_context(), unit_of_work():
        news.tell_places(now=NOW)
    chats.speak(LATER)

    told = json.dumps(chats.group.got, ensure_ascii=False) + "".join(chats.group.paths)
    assert len(chats.group.got) == 3
    assert ("见面会 …" in told, "给 1 人发了邮件" in told, "还剩 1 个名额" in told) == (True, True, True)
    assert [canary for canary in (*CANARIES, "客户服务班", "傅真") if canary in told] == []


@pytest.mark.parametrize(
    ("kind", "answer", "state", "trouble", "again_after"),
    [
        ("wecom", (200, '{"errcode":40058,"errmsg":"x"}'), "failed", "robot:40058", None),
        ("dingtalk", (200, '{"errcode":130101,"errmsg":"x"}'), "queued", "robot:130101", 10),
        ("feishu", (200, '{"code":11232,"msg":"x"}'), "queued", "robot:11232", 1),
        ("feishu", (200, '{"code":19021,"msg":"x"}'), "failed", "robot:19021", None),
        ("wecom", (302, ""), "failed", "robot:redirect", None),
        ("wecom", (503, ""), "queued", "robot:http 503", 1),
    ],
)
def test_an_error_is_tried_again_or_told(
    on_sqlite: Chats, kind: str, answer: tuple[int, str], state: str, trouble: str, again_after: int | None
) -> None:
    on_sqlite.add(kind)
    on_sqlite.move(days=1)
    on_sqlite.group.answers = [answer]
    on_sqlite.speak(LATER)
    calls = len(on_sqlite.group.paths)

    assert (calls, on_sqlite.letters()) == (1, [("robot_activity", state, trouble, 1)])
    if again_after is not None:
        on_sqlite.speak(LATER + timedelta(minutes=again_after, seconds=-20))
        early = len(on_sqlite.group.got)
        on_sqlite.speak(LATER + timedelta(minutes=again_after))
        assert (early, len(on_sqlite.group.got)) == (0, 1)


def test_a_wrong_secret_is_said_in_the_service_s_own_code(on_sqlite: Chats) -> None:
    robot = on_sqlite.add("feishu")
    with on_sqlite.app.app_context(), unit_of_work():
        wrong = on_sqlite.stage.keys.sealed("other")
        db.session.execute(update(Robot).where(Robot.id == robot).values(secret=wrong))
    on_sqlite.move(days=1)
    on_sqlite.speak(LATER)

    assert on_sqlite.letters() == [("robot_activity", "failed", "robot:19021", 1)]


def test_without_a_network_the_message_waits(chats: Chats, certificate: Path) -> None:
    chats.add("wecom")
    chats.move(days=1)
    settings: Settings = chats.app.extensions["eventreg.settings"]
    chats.app.extensions["eventreg.settings"] = replace(settings, robot_ca_file="")
    chats.speak(LATER)
    distrusted = chats.letters()
    with chats.app.app_context(), unit_of_work():
        nowhere = chats.stage.keys.sealed(f"https://127.0.0.1:{free_port()}/cgi-bin/webhook")
        port = chats.group.port
        known = db.session.scalars(select(Robot.address)).one()
        db.session.execute(update(Robot).values(address=nowhere))
        hosts = tuple(f"127.0.0.1:{n}" for n in range(1024, 65536) if n != port)
    chats.app.extensions["eventreg.settings"] = replace(settings, robot_hosts=hosts)
    chats.speak(LATER + timedelta(minutes=2))
    alone = chats.letters()
    with chats.app.app_context(), unit_of_work():
        db.session.execute(update(Robot).values(address=known))
    chats.app.extensions["eventreg.settings"] = settings
    chats.speak(LATER + timedelta(minutes=10))

    assert distrusted == [("robot_activity", "queued", "robot:tls", 1)]
    assert alone == [("robot_activity", "queued", "robot:network", 2)]
    assert (chats.letters()[0][1], len(chats.group.got)) == ("sent", 1)


def test_a_host_that_was_taken_off_the_list_is_not_called(on_sqlite: Chats) -> None:
    on_sqlite.add("wecom")
    on_sqlite.move(days=1)
    settings: Settings = on_sqlite.app.extensions["eventreg.settings"]
    on_sqlite.app.extensions["eventreg.settings"] = replace(settings, robot_hosts=())
    on_sqlite.speak(LATER)

    assert on_sqlite.letters() == [("robot_activity", "failed", "robot:host_unknown", 1)]
    assert on_sqlite.group.paths == []


def test_the_address_is_checked_where_it_is_connected_to(certificate: Path) -> None:
    """The control: the same call to the same listener goes through once an administrator listed the host."""
    with group_chat(certificate) as group:
        to, body = Target("127.0.0.1", group.port), b'{"msgtype":"markdown","markdown":{"content":"x"}}'
        with pytest.raises(Inside):
            connection.call(to, "/cgi-bin/x", body, listed=False, ca_file=str(certificate))
        refused = list(group.paths)
        reply = connection.call(to, "/cgi-bin/x", body, listed=True, ca_file=str(certificate))

        assert (refused, reply.status, group.paths) == ([], 200, ["/cgi-bin/x"])
        with pytest.raises(ssl.SSLError):
            connection.call(
                replace(to, host="localhost"), "/cgi-bin/x", body, listed=True, ca_file=str(certificate)
            )


def test_a_silent_service_is_given_up_and_holds_up_no_mail(on_sqlite: Chats) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        to = Target("127.0.0.1", silent.getsockname()[1])
        with pytest.raises(TimeoutError):
            connection.call(to, "/cgi-bin/x", b"{}", listed=True, wait=0.2)
    on_sqlite.add("wecom")
    on_sqlite.move(days=1)
    cast.sign_up(on_sqlite.app, on_sqlite.stage, "A1")
    with time_machine.travel(LATER, tick=False), on_sqlite.app.app_context():
        while deliver_next("test", Lane.ORDINARY):
            pass

    assert sight.letters(on_sqlite.app)[-1] == ("registration_seated", "sent")
    assert on_sqlite.letters()[0][1] == "queued"


def test_nothing_is_open_while_a_service_is_talked_to(chats: Chats) -> None:
    chats.add("wecom")
    chats.move(days=1)
    seen: list[bool] = []
    answer = chats.group.answer

    def while_talking(path: str, body: bytes) -> tuple[int, str]:
        with chats.app.app_context(), unit_of_work(wait=False):
            db.session.execute(update(Letter).values(trouble="written meanwhile"))
            seen.append(True)
        return answer(path, body)

    chats.group.answer = while_talking  # type: ignore[method-assign]
    chats.speak(LATER)

    assert seen == [True]
    assert chats.letters()[0][1] == "sent"


def test_a_pause_holds_robots_too(chats: Chats) -> None:
    chats.add("wecom")
    chats.move(days=1)
    with chats.app.app_context(), unit_of_work():
        pausing.pause(Why.WRONG, by="test", now=NOW)
    stood = chats.speak(LATER)
    with chats.app.app_context(), unit_of_work():
        pausing.resume(by="test", now=NOW)

    assert (stood, chats.speak(LATER)) == (0, 1)


def test_two_processes_share_one_pace(chats: Chats) -> None:
    robot = chats.add("wecom")
    chats.move(days=1)
    turns = []
    for at in (LATER, LATER, LATER + timedelta(seconds=3), LATER + timedelta(seconds=4)):
        with chats.app.app_context(), unit_of_work():
            turns.append(pacing.take_turn(robot, now=at) is not None)

    assert turns == [True, False, False, True]


@pytest.mark.parametrize("way", ["switch", "remove"])
def test_a_robot_that_is_off_or_gone_says_nothing(chats: Chats, way: str) -> None:
    robot = chats.add("wecom")
    chats.move(days=1)
    with chats.app.app_context():
        work: Callable[..., object] = getattr(service, way)
        more = {"on": False} if way == "switch" else {}
        seen = chats.version
        with unit_of_work():
            work(chats.stage.campaign_id, robot, seen=seen, by="test", now=NOW, **more)
    chats.speak(LATER)

    assert (chats.letters()[0][1:3], chats.group.got) == (("withheld", "robot:off"), [])
    if way == "remove":
        with chats.app.app_context():
            row = db.session.get_one(Robot, robot)
            assert (row.address, row.secret, row.mark, row.tail) == (None, None, None, "")
            assert service.list_robots(chats.stage.campaign_id) == []


def test_an_address_is_taken_once_and_five_are_the_most(on_sqlite: Chats) -> None:
    twice = [on_sqlite.add("wecom"), on_sqlite.add("wecom")]
    robot = Wanted(Service.WECOM, "群", "", "", frozenset({News.ACTIVITY}))
    listed = on_sqlite.app.extensions["eventreg.settings"].robot_hosts

    def add(n: int) -> bool:
        wanted, seen = replace(robot, address=f"{on_sqlite.group.address('wecom')}{n}"), on_sqlite.version
        with on_sqlite.app.app_context(), unit_of_work():
            return service.add(
                on_sqlite.stage.campaign_id,
                wanted,
                seen=seen,
                listed=listed,
                keys=on_sqlite.stage.keys,
                by="test",
                now=NOW,
            )

    more = [add(n) for n in range(4)]
    with pytest.raises(Refused) as said:
        add(4)

    assert (twice[0] == twice[1], more, said.value.code) == (True, [True] * 4, "robot.too_many")


def test_a_message_that_failed_is_sent_again(on_sqlite: Chats) -> None:
    on_sqlite.add("wecom")
    on_sqlite.move(days=1)
    on_sqlite.group.answers = [(200, '{"errcode":93000}')]
    on_sqlite.speak(LATER)
    failed = on_sqlite.letters()[0][1:3]
    with on_sqlite.app.app_context(), unit_of_work():
        id_ = db.session.scalars(select(Letter.id).where(Letter.channel == "robot")).one()
        again = mending.send_again(mending.lock_letter(id_, mine=None), None, by="test", now=LATER)
    on_sqlite.speak(LATER + timedelta(minutes=1))

    assert (failed, again, on_sqlite.letters()[0][1]) == (("failed", "robot:gone"), True, "sent")
