"""Two desks scan one paper at one instant: it is received once, and both are told so.

The control plants the look and the database's own promise out: the same judge must see two receipts.
"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.core.trail import audit
from eventreg.nominations.papers import service
from eventreg.nominations.papers.models import PaperReceipt
from tests.rig import awards
from tests.rig.actors import acting
from tests.rig.at_once import run_at_once
from tests.rig.awards import Contest
from tests.rig.cast import NOW, Stage
from tests.rig.papers import handed_in, printed

pytestmark = pytest.mark.race

DESKS = ("F6", "D4", "E5", "C3")


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    """The award with one place for each of two departments."""
    return awards.set_award(app, stage)


def scanned(app: Flask, contest: Contest) -> tuple[list[str], int, int]:
    """Every desk records the paper at once: what each was told, receipts, audit rows."""
    named = printed(app, handed_in(app, contest))
    told: list[str] = []

    def work(who: str) -> None:
        try:
            with unit_of_work():
                received = service.receive(
                    named, None, copies=1, remark="", actor=acting(contest.person(who), NOW)
                )
            told.append("received" if received.fresh else "was there")
        except Refused as refused:
            told.append(refused.code)

    run_at_once(app, *(lambda who=who: work(who) for who in DESKS))
    with app.app_context():
        entries = audit.list_about([f"nomination:{named.nomination_id}"])
        noted = sum(entry.action == "nomination.paper_received" for entry in entries)
        return sorted(told), db.session.query(PaperReceipt).count(), noted


def test_a_paper_is_received_once(app: Flask, contest: Contest) -> None:
    assert scanned(app, contest) == (["received", "was there", "was there", "was there"], 1, 1)


def test_the_database_repeats_the_promise(
    app: Flask, contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_find", lambda _nomination, _version: None)

    assert scanned(app, contest) == (["paper.received_meanwhile"] * 3 + ["received"], 1, 1)


def test_the_control_that_does_not_look_receives_it_again(
    app: Flask, contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_find", lambda _nomination, _version: None)
    with app.app_context(), unit_of_work():
        db.session.execute(text("DROP INDEX uq_paper_receipt_standing"))

    assert scanned(app, contest) == (["received"] * 4, 4, 4)
