"""Processes that play races: started once, each with its own app on one database.

A round is a list of moves a player; all players wait at a barrier and then make theirs as fast
as they can. What each move led to comes back; nobody's exception stays hidden.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import update

from eventreg.campaigns.models import Pool
from eventreg.config import Settings
from eventreg.core.db.session import close_all, db, unit_of_work
from eventreg.factory import create_app
from eventreg.registrations import participants, seating
from eventreg.registrations import service as registrations
from eventreg.registrations.models import Registration
from eventreg.registrations.service import Application, RegistrationSource
from eventreg.season import withdrawing
from tests.rig.actors import acting
from tests.rig.cast import NOW
from tests.rig.forks import FORKS


@dataclass(frozen=True)
class Move:
    """One thing to do: "register" a person (with a key), or "withdraw" what she registered."""

    what: str
    person_id: int
    key: str = ""


@dataclass(frozen=True)
class Made:
    """What a move led to; `error` is a traceback, or empty."""

    move: Move
    registration_id: int = 0
    state: str = ""
    arrival: int = 0
    position: int | None = None
    error: str = ""


@dataclass(frozen=True)
class Round:
    """The stage of one round."""

    campaign_id: int
    notice_id: int


class Players:
    """`count` processes; use as a context manager."""

    def __init__(self, settings: Settings, *, count: int, fault: str = "") -> None:
        self.barrier = FORKS.Barrier(count)
        self.pipes: list[Connection] = []
        self.processes = []
        for _ in range(count):
            ours, theirs = FORKS.Pipe()
            process = FORKS.Process(target=_play, args=(settings, theirs, self.barrier, fault), daemon=True)
            process.start()
            self.pipes.append(ours)
            self.processes.append(process)
        for pipe in self.pipes:
            pipe.recv()  # ready

    def play(self, stage: Round, moves: list[list[Move]]) -> list[Made]:
        """One round: `moves` by player; what each move led to."""
        for pipe, mine in zip(self.pipes, moves, strict=True):
            pipe.send((stage, mine))
        return [made for pipe in self.pipes for made in pipe.recv()]

    def stop(self) -> None:
        """End the processes that we started."""
        for pipe in self.pipes:
            pipe.send(None)
        for process in self.processes:
            process.join(timeout=20)
            if process.is_alive():
                process.kill()


@contextmanager
def players(settings: Settings, *, count: int, fault: str = "") -> Iterator[Players]:
    """Start players, stop them afterwards."""
    made = Players(settings, count=count, fault=fault)
    try:
        yield made
    finally:
        made.stop()


def _play(settings: Settings, pipe: Connection, barrier: Barrier, fault: str) -> None:
    app = create_app(settings)
    before = FAULTS[fault]()
    with app.app_context():
        pipe.send("ready")
        while (task := pipe.recv()) is not None:
            stage, moves = task
            barrier.wait(timeout=60)
            pipe.send([_make(app, stage, move, before) for move in moves])
        close_all()


def _make(app: Flask, stage: Round, move: Move, before: Callable[[int], None]) -> Made:
    keys = app.extensions["eventreg.keys"]
    try:
        if move.what == "withdraw":
            registration_id = _latest(stage.campaign_id, move.person_id)
            db.session.rollback()
            with unit_of_work():
                state = withdrawing.withdraw(
                    registration_id, person_id=move.person_id, actor=acting("race", NOW, keys)
                )
            return Made(move, registration_id, str(state))
        before(stage.campaign_id)
        wish = Application(
            move.person_id,
            {},
            stage.notice_id,
            True,
            RegistrationSource.WEB,
            move.key,
        )
        with unit_of_work():
            got = registrations.register(stage.campaign_id, wish, actor=acting(move.person_id, NOW, keys))
        return Made(move, got.id, str(got.state), got.arrival, got.position)
    except Exception:
        return Made(move, error=traceback.format_exc())


def _latest(campaign_id: int, person_id: int) -> int:
    mine = (Registration.campaign_id == campaign_id, Registration.person_id == person_id)
    row = db.session.query(Registration.id).filter(*mine).order_by(Registration.id.desc()).first()
    if row is None:
        raise AssertionError("nothing to withdraw")
    return int(row[0])


def _nothing() -> Callable[[int], None]:
    return lambda _campaign_id: None


def _stale_read() -> Callable[[int], None]:
    """Planted fault: what is free is read before the lock, and taken without looking again."""
    seen: dict[int, Any] = {}
    honest = participants.get_newcomer

    def look_early(campaign_id: int) -> None:
        seen[campaign_id] = _unlocked_pools(campaign_id)
        db.session.rollback()

    def take_blindly(pool_ids: tuple[int, ...]) -> None:
        for pool_id in pool_ids:
            db.session.execute(update(Pool).where(Pool.id == pool_id).values(taken=Pool.taken + 1))

    def as_seen(person_id: int, campaign_id: int, request: Any, **how: Any) -> Any:
        return replace(honest(person_id, campaign_id, request, **how), pools=seen[campaign_id])

    vars(participants)["get_newcomer"] = as_seen
    vars(seating)["take"] = take_blindly
    return look_early


def _unlocked_pools(campaign_id: int) -> list[Any]:
    from eventreg.campaigns.service import pool_facts

    rows = db.session.query(Pool).filter(Pool.campaign_id == campaign_id).order_by(Pool.id)
    return [pool_facts(row) for row in rows.populate_existing()]


def _forgetful() -> Callable[[int], None]:
    """Planted fault: nobody looks whether the person or the request has been here before."""
    honest = participants.get_newcomer
    vars(participants)["get_newcomer"] = lambda *a, **how: replace(
        honest(*a, **how), live_id=None, known=None
    )
    return lambda _campaign_id: None


FAULTS: dict[str, Callable[[], Callable[[int], None]]] = {
    "": _nothing,
    "stale_read": _stale_read,
    "forgetful": _forgetful,
}
