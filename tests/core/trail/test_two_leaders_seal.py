"""Two processes that both think they lead seal at one instant: each row has one seal, none is left out."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import text

from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.trail import seals, trail_check
from eventreg.core.trail.audit import AuditEntry
from tests.rig import cast
from tests.rig.cast import Stage

pytestmark = pytest.mark.race

LEADERS = 3


def seal_at_once(app: Flask) -> list[str]:
    """All of them at one instant; the errors."""
    failed: list[str] = []
    gate = threading.Barrier(LEADERS)

    def lead() -> None:
        with app.app_context():
            gate.wait()
            try:
                with unit_of_work(contended=False):  # else the process lets one in at a time
                    seals.seal(now=utc_now())
            except Exception as error:
                failed.append(type(error).__name__)
            db.session.remove()

    threads = [threading.Thread(target=lead) for _ in range(LEADERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def found(app: Flask) -> tuple[list[int], int | None]:
    with app.app_context():
        numbers = list(db.session.scalars(text("SELECT id FROM audit_seal ORDER BY id")))
        return numbers, trail_check.verify().broken


def test_leaders_take_turns(app: Flask, stage: Stage) -> None:
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)

        assert seal_at_once(app) == []
    numbers, broken = found(app)
    assert (numbers, broken) == (list(range(1, len(numbers) + 1)), None)


def test_control_without_the_lock_they_meet(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL both number from the same head, and the key of the seals lets one through. SQLite has one writer."""
    if "sqlite" in app.config["SQLALCHEMY_DATABASE_URI"]:
        return
    cast.sign_up(app, stage, "A1")
    meeting, link, met = threading.Barrier(LEADERS, timeout=20), seals.link, set[int]()

    def together(key: bytes, number: int, before: bytes, entry: AuditEntry) -> bytes:
        """Each has read the head and the rows when it makes its first seal."""
        if threading.get_ident() not in met:
            met.add(threading.get_ident())
            meeting.wait()
        return link(key, number, before, entry)

    monkeypatch.setattr(seals, "one_at_a_time", lambda: None)
    monkeypatch.setattr(seals, "link", together)
    failed = seal_at_once(app)
    monkeypatch.undo()

    assert len(failed) == LEADERS - 1
    assert found(app)[1] is None
