"""Robots of group chats: told once, in one message, at their services' pace; and never a word about a person."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from eventreg.campaigns.wording import LetterWords
from eventreg.chat import news, pacing, service
from eventreg.chat.models import Robot
from eventreg.chat.rules import ChatService, NewsKind
from eventreg.chat.service import NewRobot
from eventreg.config import Settings
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.outbox import resend
from eventreg.outbox.models import Letter
from eventreg.people.models import Person
from eventreg.registrations.message_rules import AudienceKind, MessageAudience
from eventreg.season import announcements
from tests.delivery.mail_server import self_signed
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import NOW

from .robot_rig import LATER, Chats, chatting, on_a_copy

CANARIES = ("王芳芳", "13912345678", "f6@example.cn")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For 127.0.0.1, its own authority."""
    return self_signed(tmp_path_factory.mktemp("tls"), NOW)


@pytest.fixture
def on_sqlite(tmp_path: Path, migrated_file: Path, certificate: Path) -> Iterator[Chats]:
    """A chat service and the outing, where the database has nothing to do with it."""
    with chatting(on_a_copy(tmp_path, migrated_file), certificate) as made:
        yield made


@pytest.fixture
def chats(settings: Settings, certificate: Path) -> Iterator[Chats]:
    """The same on each database."""
    with chatting(settings, certificate) as made:
        yield made


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_a_moved_date_reaches_each_service_signed(chats: Chats, kind: str) -> None:
    chats.add(kind)
    chats.move(days=1)
    early = chats.speak(NOW)

    assert (early, chats.speak(LATER)) == (0, 1)
    [(service_, text)] = chats.group.got
    assert service_ == kind
    assert "“徒步游”的日程有变" in text
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
    assert "日程有变" in text
    assert "名额已报满" in text


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
    on_sqlite.add("wecom", wanted=frozenset({NewsKind.MESSAGE}))
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
        words = LetterWords(f"见面会 {CANARIES[1]}", ("{{姓名}} {{单位}}", f"找{CANARIES[0]} {CANARIES[1]}"))
        to = MessageAudience(AudienceKind.SEATED)
        announcements.send(
            chats.stage.campaign_id, to, words, confirmed=1, actor=acting(person, NOW), key="k"
        )
    with chats.app.app_context(), unit_of_work():
        news.tell_places(now=NOW)
    chats.speak(LATER)

    told = json.dumps(chats.group.got, ensure_ascii=False) + "".join(chats.group.paths)
    assert len(chats.group.got) == 3
    assert "见面会 …" in told
    assert "给 1 人发了邮件" in told
    assert "还剩 1 个名额" in told
    assert [canary for canary in (*CANARIES, "客户服务班", "傅真") if canary in told] == []


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
            work(chats.stage.campaign_id, robot, seen=seen, actor=acting("test", NOW), **more)
    chats.speak(LATER)

    assert (chats.letters()[0][1:3], chats.group.got) == (("withheld", "robot:off"), [])
    if way == "remove":
        with chats.app.app_context():
            row = db.session.get_one(Robot, robot)
            assert (row.address, row.secret, row.mark, row.tail) == (None, None, None, "")
            assert service.list_robots(chats.stage.campaign_id) == []


def test_an_address_is_taken_once_and_five_are_the_most(on_sqlite: Chats) -> None:
    twice = [on_sqlite.add("wecom"), on_sqlite.add("wecom")]
    robot = NewRobot(ChatService.WECOM, "群", "", "", frozenset({NewsKind.ACTIVITY}))
    listed = on_sqlite.app.extensions["eventreg.settings"].robot_hosts

    def add(n: int) -> bool:
        wanted, seen = replace(robot, address=f"{on_sqlite.group.address('wecom')}{n}"), on_sqlite.version
        with on_sqlite.app.app_context(), unit_of_work():
            return service.add(
                on_sqlite.stage.campaign_id,
                wanted,
                seen=seen,
                listed=listed,
                actor=acting("test", NOW, on_sqlite.stage.keys),
            )

    more = [add(n) for n in range(4)]
    with pytest.raises(Refused) as said:
        add(4)

    assert twice[0] == twice[1]
    assert more == [True] * 4
    assert said.value.code == "group_robot.too_many"


def test_a_message_that_failed_is_sent_again(on_sqlite: Chats) -> None:
    on_sqlite.add("wecom")
    on_sqlite.move(days=1)
    on_sqlite.group.answers = [(200, '{"errcode":93000}')]
    on_sqlite.speak(LATER)
    failed = on_sqlite.letters()[0][1:3]
    with on_sqlite.app.app_context(), unit_of_work():
        id_ = db.session.scalars(select(Letter.id).where(Letter.channel == "robot")).one()
        again = resend.send_again(resend.lock_letter(id_, mine=None), None, actor=acting("test", LATER))
    on_sqlite.speak(LATER + timedelta(minutes=1))

    assert failed == ("failed", "robot:gone")
    assert again is True
    assert on_sqlite.letters()[0][1] == "sent"
