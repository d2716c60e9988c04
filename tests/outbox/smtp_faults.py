"""SIGKILL of the workers while letters go to a server that misbehaves: each letter once, none lost (I7).

usage: python -m tests.outbox.smtp_faults LETTERS KILLS      prints letters, kills, lost, twice
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db
from eventreg.outbox.models import Letter
from tests.conftest import close, make_app
from tests.delivery.fault_server import DROP, FaultServer, Talk, fault_server
from tests.delivery.mail_rig import post_letters
from tests.rig import cast

from .mail_worker import MailWorker

WORKERS = 3  # two at work while the next one comes up
PATIENCE = 120.0  # seconds without any letter after which a run is given up


@dataclass
class Tally:
    """What a run found. `unlike` are letters that went under two Message-IDs.

    A repeat is explained when the copy before it was the last that its line carried: there the
    worker was killed, with the 250 on its way or not yet committed.
    """

    letters: int = 0
    kills: int = 0
    lost: int = 0
    twice: int = 0
    unexplained: int = 0
    unlike: int = 0
    unsettled: int = 0

    @property
    def red(self) -> bool:
        """Whether a promise was broken."""
        wrongs = (self.lost, self.unlike, self.unsettled, self.unexplained)
        return any(wrongs) or self.twice > self.kills


def moody(step: str, talk: Talk) -> str | None:
    """Greylists every fifth, ends the line on some, drops others in the middle, thinks a little."""
    number = sum(map(ord, talk.to))
    if step == "rcpt" and number % 5 == 0 and talk.tries <= 2:
        return "450 greylisted, come again"
    if step == "rcpt" and number % 11 == 0 and talk.tries == 1:
        return "421 too much for me"
    if step == "data" and number % 7 == 0 and talk.tries == 1:
        return DROP
    if step == "dot":
        time.sleep(0.002)
    return DROP if step == "quit" else None


def run(settings: Settings, *, letters: int, kills: int, fault: str = "", seed: int = 308) -> Tally:
    """Kill workers at random instants of the work until it is done."""
    luck, tally = random.Random(seed), Tally(letters=letters)
    with fault_server(moody) as server:
        settings = replace(settings, smtp_url=f"smtp://127.0.0.1:{server.port}")
        app = make_app(settings)
        stage = cast.set_stage(app, now=utc_now())
        cast.sign_up(app, stage, "D4", now=utc_now())  # who has no mailbox: no letter of her own goes
        post_letters(app, stage, "D4", letters, now=utc_now())
        workers = [MailWorker(settings, fault) for _ in range(WORKERS)]
        while tally.kills < kills:
            _kill_one(server, workers, tally, luck, apart=letters // kills)
            workers.append(MailWorker(settings, fault))
        _wait_for_the_end(app, server)
        for worker in workers:
            worker.kill()
        judge(app, server, tally)
        close(app)
    return tally


def _kill_one(
    server: FaultServer, workers: list[MailWorker], tally: Tally, luck: random.Random, *, apart: int
) -> None:
    """After a few more letters, and a moment that hits any step of the next."""
    enough = len(server.taken) + luck.randint(1, max(1, apart))
    server.wait_for(lambda: len(server.taken) >= enough, seconds=5)
    time.sleep(luck.uniform(0, 0.06))
    if not workers[0].is_up(within=60):
        raise AssertionError("the worker did not come up")
    up = [worker for worker in workers if worker.is_up()]
    struck = luck.choice(up)
    workers.remove(struck)
    struck.kill()
    tally.kills += 1


def _wait_for_the_end(app: Flask, server: FaultServer) -> None:
    """Until nothing is left to do, or nothing has happened for long."""
    until, seen = time.monotonic() + PATIENCE, 0
    while _open(app) and time.monotonic() < until:
        server.wait_for(lambda: False, seconds=0.1)
        if len(server.taken) > seen:
            until, seen = time.monotonic() + PATIENCE, len(server.taken)


def _open(app: Flask) -> int:
    with app.app_context():
        going = Letter.state.in_(("queued", "claimed"))
        found = db.session.scalar(select(func.count()).select_from(Letter).where(going)) or 0
        db.session.rollback()
        return found


def judge(app: Flask, server: FaultServer, tally: Tally) -> Tally:
    """Compare what the server has acknowledged with what was posted, letter by letter."""
    got = Counter(taken.to for taken in server.taken)
    ids = {(taken.to, taken.message_id) for taken in server.taken}
    with app.app_context():
        rows = db.session.execute(
            select(Letter.address, Letter.message_id).where(Letter.address.is_not(None))
        )
        posted = {(str(to), id_) for to, id_ in rows}
        unsettled = select(func.count()).select_from(Letter).where(Letter.state.not_in(("sent", "withheld")))
        tally.unsettled = db.session.scalar(unsettled) or 0
        db.session.rollback()
    tally.lost = len({to for to, _id in posted} - set(got))
    tally.twice = sum(got.values()) - len(got)
    tally.unlike = len(ids - posted)
    last_of_line = {taken.connection: n for n, taken in enumerate(server.taken)}
    last_copy = {taken.to: n for n, taken in enumerate(server.taken)}
    tally.unexplained = sum(
        n not in (last_copy[taken.to], last_of_line[taken.connection]) for n, taken in enumerate(server.taken)
    )
    return tally


def main() -> None:
    """Run on SQLite and print the tally."""
    letters, kills = map(int, sys.argv[1:3])
    fault = sys.argv[3] if len(sys.argv) > 3 else ""
    with tempfile.TemporaryDirectory() as folder:
        tally = run(
            Settings(instance=Path(folder), scheduler=False), letters=letters, kills=kills, fault=fault
        )
    print(tally)
    raise SystemExit(1 if tally.red else 0)


if __name__ == "__main__":
    main()
