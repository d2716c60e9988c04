"""Robots of group chats in trouble: error codes, no network, hosts that are not called, silence, a pause."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select, update

from eventreg.chat.models import Robot
from eventreg.chat.rules import RobotTarget
from eventreg.config import Settings
from eventreg.core.db.session import db, unit_of_work
from eventreg.delivery.chat import connection
from eventreg.delivery.chat.connection import InternalAddress
from eventreg.delivery.sender import deliver_next
from eventreg.outbox import pausing
from eventreg.outbox.models import Letter
from eventreg.outbox.rules import Lane, PauseReason
from tests.delivery.mail_server import free_port, self_signed
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import NOW

from .robot_rig import LATER, Chats, chatting, on_a_copy
from .robot_server import group_chat


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


@contextmanager
def silent_host(called: list[int]) -> Iterator[int]:
    """A port where every call is taken and none is answered."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        kept: list[socket.socket] = []

        def take() -> None:
            with suppress(OSError):
                while True:
                    kept.append(server.accept()[0])
                    called.append(len(kept))

        taking = threading.Thread(target=take, daemon=True)
        taking.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        taking.join()
        for line in kept:
            line.close()


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
        to, body = RobotTarget("127.0.0.1", group.port), b'{"msgtype":"markdown","markdown":{"content":"x"}}'
        with pytest.raises(InternalAddress):
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
        to = RobotTarget("127.0.0.1", silent.getsockname()[1])
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


def test_a_silent_host_is_left_alone_while_others_are_told(
    chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two robots of the silent host, one of another: in each of its waits the host is called once."""
    monkeypatch.setattr(connection, "WAIT", 0.5)
    called: list[int] = []
    with silent_host(called) as port:
        settings: Settings = chats.app.extensions["eventreg.settings"]
        hosts = (*settings.robot_hosts, f"localhost:{port}")
        chats.app.extensions["eventreg.settings"] = replace(settings, robot_hosts=hosts)
        robots = [chats.add("wecom"), chats.add("wecom", of_house=True)]
        chats.add("dingtalk")
        with chats.app.app_context(), unit_of_work():
            away = {
                "host": "localhost",
                "address": chats.stage.keys.sealed(f"https://localhost:{port}/quiet/robot"),
            }
            db.session.execute(update(Robot).where(Robot.id.in_(robots)).values(**away))
        chats.move(days=1)
        calls = []
        for minutes in (0, 0.5, 1, 2, 3, 4):
            chats.speak(LATER + timedelta(minutes=minutes))
            calls.append(len(called))
    told = {("queued", "robot:silent", 3), ("queued", None, 0), ("sent", None, 1)}

    assert (calls, [kind for kind, _text in chats.group.got]) == ([1, 1, 2, 2, 3, 3], ["dingtalk"])
    assert {letter[1:] for letter in chats.letters()} == told


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
        pausing.pause(PauseReason.WRONG, actor=acting("test", NOW))
    stood = chats.speak(LATER)
    with chats.app.app_context(), unit_of_work():
        pausing.resume(actor=acting("test", NOW))

    assert (stood, chats.speak(LATER)) == (0, 1)
