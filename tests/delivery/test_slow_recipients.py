"""A few slow recipients hold up nobody else; the control is one line that gives nothing back, as it was before."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from eventreg.accounts import sign_in_codes
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.delivery import holding, sender
from eventreg.delivery.mail.smtp import SmtpTimeouts
from eventreg.outbox.rules import BURST, Lane
from tests.rig import cast
from tests.rig.sizes import SIZES

from .fault_server import SILENT, Talk, fault_server
from .mail_rig import mailing_app
from .slow_recipients import post_to, run


@pytest.mark.parametrize("domains", ["one", "many"])
@pytest.mark.parametrize("step", ["rcpt", "dot"])
def test_prompt_recipients_do_not_wait_for_slow_ones(tmp_path: Path, step: str, domains: str) -> None:
    """The figures are seconds of the full scale; the control waits for one silence after the other."""
    how = {"letters": SIZES.slow_letters, "every": 10, "step": step, "domains": domains}
    before = run(tmp_path / "before", **how, as_before=True)  # type: ignore[arg-type]
    now = run(tmp_path / "now", **how)  # type: ignore[arg-type]
    print(f"{step}, {domains} domain: before {before}, now {now}")

    assert (before.twice, now.twice) == (0, 0)
    assert now.median < before.median / 2
    assert now.longest < before.longest / 2


def ask_for_codes(app: Flask, stage: cast.Stage, *who: str) -> None:
    """Ask for a code for each of these, one after the other."""
    for staff_no in who:
        with app.app_context(), unit_of_work():
            sign_in_codes.ask(staff_no, address="127.0.0.1", locale="zh-CN", keys=stage.keys, now=utc_now())


@pytest.mark.parametrize("lines", [None, 1])
def test_a_silent_mailbox_holds_up_nobody_elses_code(
    tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch, lines: int | None
) -> None:
    """The control has one line for codes, as it was before."""
    monkeypatch.setattr(holding, "STALLS_AFTER", timedelta(seconds=0.2))
    if lines:
        monkeypatch.setitem(sender.LINES, Lane.CODES, lines)

    def silent_for_one(step: str, talk: Talk) -> str | None:
        return SILENT if step == "dot" and talk.to.startswith("a1") else None

    waits = SmtpTimeouts(60, 60, 60)
    with (
        fault_server(silent_for_one) as server,
        mailing_app(tmp_path, server.port, database=migrated_file, waits=waits) as app,
    ):
        stage = cast.set_stage(app, now=utc_now())
        ask_for_codes(app, stage, "A1", "B2", "C3")
        working = sender.Sender(app)
        working.start()
        came = server.wait_for(lambda: len(server.taken) == 2, seconds=3 if lines else 20)
        taken = [taken.to for taken in server.taken]
        server.refuse()
        working.stop()

    assert (came, taken) == ((False, []) if lines else (True, ["b2@example.cn", "c3@example.cn"]))


def test_a_rate_and_a_batch_hold_over_all_lines(tmp_path: Path, migrated_file: Path) -> None:
    """Four domains, so that four lines have something to do; the slowest rate lets a few letters go at once."""
    with (
        fault_server() as server,
        mailing_app(tmp_path, server.port, database=migrated_file, limits="?rate=60&batch=2") as app,
    ):
        stage = cast.set_stage(app, now=utc_now())
        cast.sign_up(app, stage, "D4", now=utc_now())
        people = [f"x{n}@domain{n % 4}.example.cn" for n in range(40)]
        began = time.monotonic()
        post_to(app, stage, people)
        working = sender.Sender(app)
        working.start()
        server.wait_for(lambda: False, seconds=4)
        working.stop()
        seconds = time.monotonic() - began
    carried = Counter(taken.connection for taken in server.taken)

    assert 4 <= len(server.taken) <= 1 + (seconds + BURST.total_seconds()) / 1.08
    assert max(carried.values()) <= 2
