"""Requests for codes of one account at the same instant share one count; the control counts, then writes.

On SQLite the unit of work has the database to itself, so the control sees the race on PostgreSQL only.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventreg.accounts import confirming, counting, sign_in_codes
from eventreg.accounts.models import SignInCode
from eventreg.core.db.session import WRITERS, db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.core.request_slots import FairSlots
from eventreg.people import service as people
from tests.rig.cast import NOW, Stage
from tests.rig.sizes import SIZES

pytestmark = pytest.mark.race

AT_ONCE = 6
MOST = 5


@pytest.fixture(autouse=True)
def as_of_several_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The writers of one process stand in line on PostgreSQL; those of several processes do not."""
    monkeypatch.setitem(WRITERS, True, FairSlots(AT_ONCE))


def at_once(app: Flask, ask: object) -> int:
    """How many of some requests at one instant were not refused."""
    start, given = threading.Barrier(AT_ONCE), list[str]()

    def one() -> None:
        with app.app_context():
            db.session.scalar(select(1))  # the connection is there already
            db.session.rollback()
            start.wait()
            try:
                with unit_of_work():
                    given.append(ask())  # type: ignore[operator]
            except Refused:
                pass
            db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(given)


def sign_in(app: Flask, stage: Stage, now: datetime) -> int:
    """Ask for codes to sign in."""
    return at_once(
        app, lambda: sign_in_codes.ask("A1", address="::1", locale="zh-CN", keys=stage.keys, now=now)
    )


def confirm(app: Flask, stage: Stage, purpose: str) -> int:
    """Ask for codes that confirm an act."""

    def ask() -> str:
        person = people.person_facts(stage.people["A1"])
        how = {"kind": "signature_code", "facts": {"nomination": 1}, "locale": "zh-CN"}
        return confirming.ask(person, purpose, keys=stage.keys, now=NOW, **how)  # type: ignore[arg-type]

    return at_once(app, ask)


def test_one_of_some_requests_at_one_instant_gets_a_code(app: Flask, stage: Stage) -> None:
    rounds = [sign_in(app, stage, NOW + n * timedelta(hours=3)) for n in range(SIZES.race_rounds)]

    assert rounds == [1] * SIZES.race_rounds


def test_five_of_six_requests_to_confirm_at_one_instant_get_a_code(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirming, "CODES_TO_CONFIRM_AN_HOUR", MOST)

    assert confirm(app, stage, "signature:1") == MOST


def test_counting_first_and_writing_then_gives_too_many(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: how it was counted before."""

    def count_then_write(account: bytes, *, now: datetime) -> None:
        recent = (SignInCode.account == account, SignInCode.asked_at > now - timedelta(hours=1))
        asked = db.session.scalar(select(func.count()).where(*recent)) or 0
        if db.engine.dialect.name == "postgresql":
            time.sleep(0.5)
        if asked >= 1:
            raise Refused("sign_in.too_many_codes", again_at=now + timedelta(hours=1))

    monkeypatch.setattr(counting, "take_in_turn", count_then_write)
    with app.app_context():
        expected = AT_ONCE if db.engine.dialect.name == "postgresql" else 1

    assert sign_in(app, stage, NOW) == expected
