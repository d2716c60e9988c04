"""A line to the mail server: kept over a batch, opened again when it broke, hung up when idle."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from eventreg.config import BadSetting, Settings, smtp_limits
from eventreg.delivery.mail.message import LetterMail
from eventreg.delivery.mail.smtp import SmtpTimeouts
from eventreg.delivery.sender import Sender
from eventreg.outbox.rules import BURST, MINUTE, SendOutcome, after, turn
from tests.rig import cast
from tests.rig.cast import NOW

from .fault_server import DRIP, DROP, SILENT, Talk, fault_server
from .mail_rig import mailing_app, post_letters, states
from .test_letters import deliver_all


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """The sender reads the clock: let it read the cast's instant."""
    with time_machine.travel(NOW, tick=True):
        yield


def test_one_line_carries_a_batch(tmp_path: Path, migrated_file: Path) -> None:
    with fault_server() as server, mailing_app(tmp_path, server.port, database=migrated_file) as app:
        stage = cast.set_stage(app)
        cast.sign_up(app, stage, "A1")
        post_letters(app, stage, "A1", 60)
        deliver_all(app)

        assert ({t.connection for t in server.taken}, len(server.taken)) == ({1}, 61)


def test_a_line_carries_so_many_letters_and_no_more(tmp_path: Path, migrated_file: Path) -> None:
    with (
        fault_server() as server,
        mailing_app(tmp_path, server.port, database=migrated_file, limits="?batch=4") as app,
    ):
        stage = cast.set_stage(app)
        cast.sign_up(app, stage, "A1")
        post_letters(app, stage, "A1", 9)
        deliver_all(app)

        assert [t.connection for t in server.taken] == [1, 1, 1, 1, 2, 2, 2, 2, 3, 3]


@pytest.mark.parametrize("how", [DROP, "421 idle for too long"])
def test_a_letter_on_a_line_that_the_server_had_closed_goes_at_once_over_a_new_one(
    tmp_path: Path, migrated_file: Path, how: str
) -> None:
    def closes_after_two(step: str, talk: Talk) -> str | None:
        return how if step == "mail" and talk.letters == 2 else None

    with (
        fault_server(closes_after_two) as server,
        mailing_app(tmp_path, server.port, database=migrated_file) as app,
    ):
        stage = cast.set_stage(app)
        cast.sign_up(app, stage, "A1")
        post_letters(app, stage, "A1", 5)
        deliver_all(app)

        assert [t.connection for t in server.taken] == [1, 1, 2, 2, 3, 3]
        assert set(states(app).values()) == {("sent", 1)}


def test_a_refused_recipient_leaves_the_line_to_the_next(tmp_path: Path, migrated_file: Path) -> None:
    def nobody(step: str, talk: Talk) -> str | None:
        return "550 nobody" if step == "rcpt" and talk.to.startswith("x2") else None

    with fault_server(nobody) as server, mailing_app(tmp_path, server.port, database=migrated_file) as app:
        stage = cast.set_stage(app)
        cast.sign_up(app, stage, "A1")
        post_letters(app, stage, "A1", 3)
        deliver_all(app)

        assert [(t.to, t.connection) for t in server.taken[1:]] == [
            ("x1@example.cn", 1),
            ("x3@example.cn", 1),
        ]


def test_without_a_server_one_letter_is_tried_and_the_rest_wait_untried(
    tmp_path: Path, migrated_file: Path
) -> None:
    with fault_server() as server, mailing_app(tmp_path, server.port, database=migrated_file) as app:
        stage = cast.set_stage(app)
        cast.sign_up(app, stage, "A1")
        deliver_all(app)
        post_letters(app, stage, "A1", 4)
        server.refuse()
        deliver_all(app)

        assert states(app) == {
            "x1@example.cn": ("queued", 1),
            "x2@example.cn": ("queued", 0),
            "x3@example.cn": ("queued", 0),
            "x4@example.cn": ("queued", 0),
        }


def _soon(what: Callable[[], bool], *, seconds: float) -> bool:
    """Whether it comes to be so within these seconds."""
    patience, pause = time.monotonic() + seconds, threading.Event()
    while time.monotonic() < patience:
        if what():
            return True
        pause.wait(0.02)
    return False


def test_a_lane_without_a_server_rests_and_is_not_woken_by_its_own_work(
    tmp_path: Path, migrated_file: Path
) -> None:
    with fault_server() as server, mailing_app(tmp_path, server.port, database=migrated_file) as app:
        stage = cast.set_stage(app)
        cast.sign_up(app, stage, "A1")
        deliver_all(app)
        post_letters(app, stage, "A1", 20)
        server.refuse()
        sender = Sender(app)
        sender.start()
        first = _soon(lambda: sum(tries for _state, tries in states(app).values()) == 1, seconds=10)
        second = _soon(lambda: sum(tries for _state, tries in states(app).values()) > 1, seconds=1)
        sender.stop()

    assert first is True
    assert second is False


def test_after_the_final_dot_it_waits_longer_than_for_a_command(tmp_path: Path, migrated_file: Path) -> None:
    def thinks(step: str, _talk: Talk) -> str | None:
        if step == "dot":
            server.wait_for(lambda: False, seconds=0.9)
        return None

    waits = SmtpTimeouts(connect=5, command=0.4, dot=30)
    with (
        fault_server(thinks) as server,
        mailing_app(tmp_path, server.port, database=migrated_file, waits=waits) as app,
    ):
        stage = cast.set_stage(app)
        cast.sign_up(app, stage, "A1")
        deliver_all(app)

        assert len(server.taken) == 1


@pytest.mark.parametrize("step", ["ehlo", "rcpt", "dot"])
def test_an_answer_without_an_end_is_silence(tmp_path: Path, migrated_file: Path, step: str) -> None:
    waits = SmtpTimeouts(connect=5, command=0.4, dot=0.6)
    with (
        fault_server(lambda at, _t: DRIP if at == step else None) as server,
        mailing_app(tmp_path, server.port, database=migrated_file, waits=waits) as app,
    ):
        stage = cast.set_stage(app)
        cast.sign_up(app, stage, "A1")
        post_letters(app, stage, "A1", 1)
        deliver_all(app)

        assert (states(app)["x1@example.cn"][0], server.taken) == ("queued", [])


def test_silence_at_goodbye_is_nobodys_trouble(tmp_path: Path, migrated_file: Path) -> None:
    with (
        fault_server(lambda step, _t: SILENT if step == "quit" else None) as server,
        mailing_app(tmp_path, server.port, database=migrated_file) as app,
    ):
        stage = cast.set_stage(app)
        cast.sign_up(app, stage, "A1")
        post_letters(app, stage, "A1", 1)
        deliver_all(app)

        assert states(app) == {"x1@example.cn": ("sent", 1)}


def test_a_rate_lets_no_minute_see_more(tmp_path: Path, migrated_file: Path) -> None:
    with (
        fault_server() as server,
        mailing_app(tmp_path, server.port, database=migrated_file, limits="?rate=20") as app,
    ):
        stage = cast.set_stage(app)
        cast.sign_up(app, stage, "A1")
        post_letters(app, stage, "A1", 40)
        seen = []
        for second in range(0, 121, 5):
            with time_machine.travel(NOW + timedelta(seconds=second), tick=False):
                deliver_all(app)
            seen.append((second, len(server.taken)))

    counts = dict(seen)
    assert max(counts[s + 55] - counts.get(s - 5, 0) for s in range(0, 61, 5)) in {19, 20}
    assert counts[120] in {37, 38, 39}


def test_a_turn_shares_what_the_last_one_left() -> None:
    first = turn(None, rate=60, most=50, now=NOW)
    left = after(first, first.letters, rate=60)

    assert [turn(left, rate=60, most=50, now=NOW + timedelta(seconds=s)).letters for s in (0, 1, 4)] == [
        0,
        1,
        4,
    ]
    assert turn(left, rate=60, most=2, now=NOW + MINUTE).letters == 2
    assert turn(left, rate=60, most=50, now=NOW - timedelta(hours=2)).letters == first.letters
    assert timedelta(0) < left - NOW <= (MINUTE + BURST) / 60


@pytest.mark.parametrize("url", ["?rate=0", "?rate=many", "?batch=", "?speed=3", "?rate=１２"])
def test_a_limit_that_is_none_is_refused_at_start(url: str) -> None:
    with pytest.raises(BadSetting, match="EVENTREG_SMTP_URL"):
        Settings(smtp_url=f"smtp://mail.example.cn{url}")


def test_limits_stand_in_the_address() -> None:
    assert smtp_limits("smtp://mail.example.cn:587?rate=60&batch=50") == {"rate": 60, "batch": 50}


def test_the_server_is_told_an_address_in_another_script_as_ascii(
    tmp_path: Path, migrated_file: Path
) -> None:
    with fault_server() as server, mailing_app(tmp_path, server.port, database=migrated_file) as app:
        delivery = app.extensions["eventreg.delivery"]
        with app.app_context():
            message = LetterMail("s", recipients=["li@例子.cn"], body="b", html="<p>h</p>")
            handed = delivery.hand_over(message, message.msgId, now=NOW)
            delivery.hang_up()

        assert (handed.outcome, [taken.to for taken in server.taken]) == (
            SendOutcome.ACCEPTED,
            ["li@xn--fsqu00a.cn"],
        )
