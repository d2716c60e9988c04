"""PostgreSQL goes and comes back under a load of sign-ups: 503 at most, nothing acknowledged lost (I27)."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db import connections
from eventreg.core.process_cache import clear_all
from tests.conftest import close, make_app
from tests.registrations.kill import Tally, Ticketless, crowd, judge
from tests.rig import cast, postgres
from tests.rig.sizes import SIZES

from .raw_requests import serving, sign_up

CLIENTS = 4
BETWEEN = 15  # sign-ups from one restart to the next, and after the last


@dataclass
class Load:
    """People who sign up one after the other and send again whatever was refused."""

    port: int
    people: list[Ticketless]
    tally: Tally = field(default_factory=Tally)
    statuses: Counter[int] = field(default_factory=Counter)
    stop: threading.Event = field(default_factory=threading.Event)

    def client(self) -> None:
        """Until she is in; then the next one."""
        while self.people and not self.stop.is_set():
            somebody = self.people.pop()
            while not self.stop.is_set():
                answer = sign_up(self.port, somebody)
                self.statuses[answer.status] += 1
                if answer.registered:
                    self.tally.acknowledged.add(somebody.person_id)
                    break
                self.stop.wait(0.05)

    def more(self) -> None:
        """Wait until some more were acknowledged."""
        enough, patience = len(self.tally.acknowledged) + BETWEEN, time.monotonic() + 60
        while len(self.tally.acknowledged) < enough:
            assert time.monotonic() < patience, f"nobody gets in any more: {self.statuses}"
            time.sleep(0.01)


@pytest.fixture
def durable() -> Iterator[postgres.Cluster]:
    """A cluster that keeps what it confirmed."""
    with postgres.throw_away(durable=True) as cluster:
        yield cluster


def play(cluster: postgres.Cluster, folder: Path, *, restarts: int, fault: str = "") -> Load:
    """Sign-ups without a pause, PostgreSQL restarted and crashed in turn; what came of it."""
    settings = Settings(
        instance=folder / "instance",
        database_url=cluster.fresh(),
        base_url="http://127.0.0.1",
        scheduler=False,
    )
    app = make_app(settings)
    stage = cast.set_stage(app, capacity=None, extra=300 * restarts + 300, now=utc_now())
    people = crowd(app, stage)
    close(app)
    with serving(settings, fault) as port:
        load = Load(port, people)
        clients = [threading.Thread(target=load.client) for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        try:
            for number in range(restarts):
                load.more()
                (cluster.restart, cluster.crash)[number % 2]()
            load.more()
        finally:
            load.stop.set()
            for client in clients:
                client.join(timeout=30)
    app = make_app(settings)
    judge(app, load.tally)
    close(app)
    return load


def test_a_restarted_database_loses_nobody_and_breaks_nothing(
    durable: postgres.Cluster, tmp_path: Path
) -> None:
    load = play(durable, tmp_path, restarts=SIZES.restarts)
    print(f"{dict(load.statuses)}, acknowledged {len(load.tally.acknowledged)}")

    assert set(load.statuses) == {303, 503}
    assert load.tally.red is False
    assert load.tally.lost == 0


def test_an_app_that_does_not_know_a_lost_database_is_caught(
    durable: postgres.Cluster, tmp_path: Path
) -> None:
    load = play(durable, tmp_path, restarts=1, fault="unmapped")

    assert load.statuses[500] > 0


@pytest.mark.parametrize(("rested", "statuses"), [(0.0, [200, 200]), (3600.0, [503, 200])])
def test_a_connection_that_rested_is_tried_before_it_is_used(
    durable: postgres.Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rested: float,
    statuses: list[int],
) -> None:
    """The second row is the control: whoever trusts the connection meets the lost one, once."""
    monkeypatch.setattr(connections, "RESTED", rested)
    app = make_app(Settings(instance=tmp_path, database_url=durable.fresh(), base_url="http://localhost"))
    client = app.test_client()
    assert client.get("/").status_code == 200
    clear_all(app)

    durable.restart()

    assert [client.get("/").status_code for _ in statuses] == statuses
    close(app)
