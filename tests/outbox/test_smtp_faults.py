"""A mail server that misbehaves at each step, workers that are killed: each letter once, none lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from eventreg.accounts import sign_in_codes
from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.delivery import delivering
from eventreg.delivery.mail.smtp import SmtpTimeouts
from eventreg.delivery.sender import Sender
from eventreg.outbox.rules import Lane
from tests.delivery.fault_server import DROP, SILENT, FaultServer, Script, Talk, fault_server
from tests.delivery.mail_rig import SHORT, mailing_app, post_letters, states
from tests.delivery.mail_server import self_signed
from tests.delivery.test_letters import deliver_all
from tests.rig import cast
from tests.rig.cast import NOW, Stage
from tests.rig.sizes import SIZES

from .smtp_faults import Tally, run

pytestmark = pytest.mark.kill

LETTERS = 3
ONCE = [f"x{n}@example.cn" for n in range(1, LETTERS + 1)]
CODE = "a1@example.cn"
GENEROUS = 20  # seconds; alone on a machine it takes 0.1
MINUTES = (0, 1, 3, 8, 23)  # when the tries of one letter are due


def at_first(fault: str, at: str, *, tries: int = 1) -> Script:
    """A fault at one step of each letter's first tries, and all well after that."""
    return lambda step, talk: fault if step == at and talk.tries <= tries else None


def first_line(fault: str, at: str) -> Script:
    """A fault of the first connections only."""
    return lambda step, talk: fault if step == at and talk.number <= 2 else None


@contextmanager
def three_letters(
    folder: Path, server: FaultServer, migrated: Path, waits: SmtpTimeouts = SHORT
) -> Iterator[Flask]:
    """An app with three letters that are due, and nothing else."""
    with (
        time_machine.travel(NOW, tick=False),
        mailing_app(folder, server.port, database=migrated, waits=waits) as app,
    ):
        stage = cast.set_stage(app)
        cast.sign_up(app, stage, "D4")
        post_letters(app, stage, "D4", LETTERS)
        yield app


def deliver_over(app: Flask, minutes: tuple[int, ...] = MINUTES) -> None:
    """Let the sender work at these minutes, as it would wake by itself."""
    for minute in minutes:
        with time_machine.travel(NOW + timedelta(minutes=minute), tick=False):
            deliver_all(app)


@pytest.mark.parametrize(
    ("script", "tries"),
    [
        pytest.param(lambda step, _talk: DROP if step == "quit" else None, {1}, id="drops at goodbye"),
        pytest.param(at_first("450 greylisted", "rcpt", tries=2), {3}, id="greylists twice"),
        pytest.param(first_line(SILENT, "banner"), {1, 2}, id="silent at the banner"),
        pytest.param(at_first(SILENT, "rcpt"), {2}, id="silent at the recipient"),
        pytest.param(at_first(SILENT, "dot"), {2}, id="silent after the dot"),
        pytest.param(first_line("421 busy", "banner"), {1, 2}, id="busy at the banner"),
        pytest.param(at_first("421 closing", "rcpt"), {1, 2}, id="closes at the recipient"),
        pytest.param(at_first("451 disk", "dot"), {2}, id="later after the dot"),
        pytest.param(at_first(DROP, "data"), {1, 2}, id="drops in the middle"),
        pytest.param(at_first(DROP, "dot"), {2}, id="drops after the dot"),
        pytest.param(at_first("nonsense", "rcpt"), {1, 2}, id="says what nobody understands"),
    ],
)
def test_each_fault_delays_and_nothing_is_lost_or_sent_twice(
    tmp_path: Path, migrated_file: Path, script: Script, tries: set[int]
) -> None:
    with fault_server(script) as server, three_letters(tmp_path, server, migrated_file) as app:
        deliver_over(app)

        assert sorted(taken.to for taken in server.taken) == ONCE
        found = states(app)
        assert {state for state, _tries in found.values()} == {"sent"}
        assert {n for _state, n in found.values()} <= tries


@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "dot"])
def test_a_5xx_is_final(tmp_path: Path, migrated_file: Path, step: str) -> None:
    with (
        fault_server(lambda at, _talk: "554 never" if at == step else None) as server,
        three_letters(tmp_path, server, migrated_file) as app,
    ):
        deliver_over(app)

        assert (server.taken, set(states(app).values())) == ([], {("failed", 1)})


def test_a_5xx_to_all_is_no_letters_fault(tmp_path: Path, migrated_file: Path) -> None:
    """A banner of 554 or a refused password says nothing of any letter: they wait."""
    with (
        fault_server(first_line("554 not you", "banner")) as server,
        three_letters(tmp_path, server, migrated_file) as app,
    ):
        deliver_over(app)

        assert {state for state, _tries in states(app).values()} == {"sent"}


def test_a_wrong_certificate_gets_nothing_until_it_is_right(tmp_path: Path, migrated_file: Path) -> None:
    wrong = self_signed(tmp_path, NOW)
    with fault_server(certificate=wrong) as server, three_letters(tmp_path, server, migrated_file) as app:
        deliver_over(app, (0, 1))
        before = list(server.taken)
        server.certificate = None
        deliver_over(app, (3, 8))

        assert (before, sorted(taken.to for taken in server.taken)) == ([], ONCE)


def test_a_server_that_is_gone_for_a_while_gets_all_once_it_is_back(
    tmp_path: Path, migrated_file: Path
) -> None:
    with fault_server() as server, three_letters(tmp_path, server, migrated_file) as app:
        server.refuse()
        deliver_over(app, (0, 1, 2))
        server.listen()
        deliver_over(app, (3, 8))

        assert sorted(taken.to for taken in server.taken) == ONCE


def test_a_server_that_thinks_long_is_waited_for(tmp_path: Path, migrated_file: Path) -> None:
    """45 seconds for an answer, of the minute that RFC 5321 grants at least; scaled down in small sizes."""
    scale = SIZES.slow_answer / 45

    def slow(step: str, _talk: Talk) -> None:
        if step in {"mail", "dot"}:
            server.wait_for(lambda: False, seconds=SIZES.slow_answer)

    waits = SmtpTimeouts(connect=15 * scale + 1, command=60 * scale, dot=600 * scale)
    with fault_server(slow) as server, three_letters(tmp_path, server, migrated_file, waits) as app:
        deliver_over(app, (0,))

        assert set(states(app).values()) == {("sent", 1)}


@contextmanager
def many_reminders(folder: Path, server: FaultServer, migrated: Path) -> Iterator[tuple[Flask, Stage]]:
    """An app with 10,000 letters that are due, and its sender at work."""
    with mailing_app(folder, server.port, database=migrated, waits=SmtpTimeouts(60, 60, 60)) as app:
        stage = cast.set_stage(app, now=utc_now())
        cast.sign_up(app, stage, "D4", now=utc_now())
        post_letters(app, stage, "D4", 10_000, now=utc_now())
        working = Sender(app)
        working.start()
        try:
            yield app, stage
        finally:
            server.refuse()
            working.stop()


def ask_code(app: Flask, stage: Stage, server: FaultServer) -> tuple[int, float]:
    """How many letters the server has taken between a request for a code and the code, and how many seconds passed."""
    with app.app_context(), unit_of_work():
        sign_in_codes.ask("A1", address="127.0.0.1", locale="zh-CN", keys=stage.keys, now=utc_now())
    asked, before = time.monotonic(), len(server.taken)
    assert server.wait_for(lambda: CODE in [taken.to for taken in server.taken], seconds=60)
    took = time.monotonic() - asked
    print(f"a code was taken {took:.2f} s after it was asked for")
    return [taken.to for taken in server.taken].index(CODE) - before, took


def test_a_silent_server_holds_up_no_code_while_10_000_reminders_wait(
    tmp_path: Path, migrated_file: Path
) -> None:
    """The ordinary lane sits in a silence; a code asked for meanwhile goes over its own line."""
    with (
        fault_server(lambda step, talk: SILENT if step == "dot" and talk.to[0] == "x" else None) as server,
        many_reminders(tmp_path, server, migrated_file) as (app, stage),
    ):
        stuck = server.wait_for(lambda: server.tries["x1@example.cn"] == 1)
        between, took = ask_code(app, stage, server)
        waiting = [state for state, _tries in states(app).values()]

    assert stuck is True
    assert between == 0
    assert [taken.to for taken in server.taken] == [CODE]
    assert waiting.count("claimed") + waiting.count("queued") == 10_000
    assert waiting.count("claimed") <= 51  # after five seconds one letter, and the next line's batch
    assert took < GENEROUS


def test_a_code_overtakes_10_000_reminders_that_are_going_out(tmp_path: Path, migrated_file: Path) -> None:
    """What goes before it is at most what was claimed already; it has a line of its own."""
    with (
        fault_server() as server,
        many_reminders(tmp_path, server, migrated_file) as (app, stage),
    ):
        going = server.wait_for(lambda: len(server.taken) >= 20)
        between, _took = ask_code(app, stage, server)

    lines = {taken.connection for taken in server.taken if taken.to == CODE}
    others = {taken.connection for taken in server.taken if taken.to != CODE}
    assert going is True
    assert between <= delivering.BATCH[Lane.ORDINARY]
    assert lines & others == set()


def test_without_a_lane_of_its_own_a_code_waits_for_all_of_them(tmp_path: Path, migrated_file: Path) -> None:
    """The control: an ordinary letter in the same place is not even claimed."""
    with (
        fault_server() as server,
        many_reminders(tmp_path, server, migrated_file) as (app, stage),
    ):
        going = server.wait_for(lambda: len(server.taken) >= 20)
        before = len(server.taken)
        cast.sign_up(app, stage, "A1", now=utc_now())
        overtaken = server.wait_for(lambda: len(server.taken) > before + 2 * delivering.BATCH[Lane.ORDINARY])

    assert going is True
    assert overtaken is True
    assert CODE not in [taken.to for taken in server.taken]


def test_killed_workers_lose_nothing_and_repeat_only_what_a_kill_cut_off(settings: Settings) -> None:
    share = 1 if settings.database_url.startswith("sqlite") else 3
    letters, kills = SIZES.letters // share, SIZES.mail_kills // share
    tally = run(settings, letters=letters, kills=kills)
    print(tally)

    assert (tally.kills, tally.lost, tally.unlike, tally.unsettled, tally.unexplained) == (kills, 0, 0, 0, 0)
    assert tally.twice <= kills


def test_marking_before_sending_is_caught(settings: Settings) -> None:
    assert run(settings, letters=60, kills=6, fault="mark_before_send").lost > 0


def test_the_tally_can_be_red() -> None:
    wrongs = [
        Tally(lost=1),
        Tally(unlike=1),
        Tally(unsettled=1),
        Tally(unexplained=1),
        Tally(kills=1, twice=2),
        Tally(kills=1, twice=1),
    ]

    assert [tally.red for tally in wrongs] == [True] * 5 + [False]
