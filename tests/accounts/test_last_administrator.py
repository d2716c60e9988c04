"""Two administrators take each other's role back at one instant: one of them stays (T42)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from eventreg.accounts import grants
from eventreg.accounts.models import RoleGrant
from eventreg.accounts.rules import Role
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import Stage

pytestmark = pytest.mark.race

ROUNDS = 12


def _two_administrators(app: Flask, stage: Stage) -> dict[int, int]:
    """Person → the grant that the other one is about to end."""
    now = utc_now()
    with app.app_context(), unit_of_work():
        db.session.execute(
            update(RoleGrant).values(until=now - timedelta(minutes=10), since=now - timedelta(hours=1))
        )
        for staff_no in ("A1", "B2"):
            since = now - timedelta(minutes=5)
            grants.grant(
                stage.people[staff_no], Role.ADMINISTRATOR, unit_id=None, actor=acting("test", since)
            )
    with app.app_context():
        return {stage.people[no]: grants.list_of(stage.people[no])[0].id for no in ("A1", "B2")}


def _play(app: Flask, end: Callable[[int, int], None], moves: dict[int, int]) -> list[str]:
    """What both got to hear; each ends the other's grant as soon as the other does."""
    barrier, said = threading.Barrier(2), list[str]()

    def player(person_id: int, grant_id: int) -> None:
        with app.app_context():
            barrier.wait(timeout=60)
            try:
                end(person_id, grant_id)
                said.append("ended")
            except Refused as refused:
                said.append(refused.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=player, args=move) for move in moves.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(said)


def _end(person_id: int, grant_id: int) -> None:
    now = utc_now()
    with unit_of_work():
        grants.end(grant_id, person_id=person_id, actor=acting("test", now))


def test_one_of_two_who_end_each_other_stays(app: Flask) -> None:
    stage = cast.set_stage(app)
    for _ in range(ROUNDS):
        moves = _two_administrators(app, stage)

        said = _play(app, _end, moves)

        with app.app_context():
            assert (said, len(grants.list_administrators(now=utc_now()))) == (
                ["ended", "grant.last_administrator"],
                1,
            )


def test_looking_before_locking_leaves_nobody(app: Flask) -> None:
    """The control: whoever looks first and writes later does not see that the other wrote too."""
    stage = cast.set_stage(app)
    moves, both_looked = _two_administrators(app, stage), threading.Barrier(2)

    def careless(person_id: int, grant_id: int) -> None:
        others = [held for held in grants.list_administrators(now=utc_now()) if held != person_id]
        db.session.rollback()
        both_looked.wait(timeout=60)
        if not others:
            raise Refused("grant.last_administrator")
        with unit_of_work():
            db.session.execute(update(RoleGrant).where(RoleGrant.id == grant_id).values(until=utc_now()))

    said = _play(app, careless, moves)

    with app.app_context():
        left = db.session.scalars(select(RoleGrant.id).where(grants.not_over(utc_now()))).all()
    assert (said, list(left)) == (["ended", "ended"], [])
