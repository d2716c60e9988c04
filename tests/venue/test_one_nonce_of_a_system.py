"""One scan that another system sends twice at one instant, by two processes: it takes no lock (law 13, I11).

On PostgreSQL both have looked for the nonce before either keeps it: that is made sure, not hoped for.
SQLite's writers come one after the other, so there the two only begin at one instant.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

import pytest

from eventreg.config import Settings
from eventreg.core.db.session import AnyRow, close_all, db
from eventreg.factory import create_app
from eventreg.venue import scans
from eventreg.venue.models import Admission, Scan
from eventreg.venue.scans import KnownScans
from eventreg.web.api.scans import views as page
from tests.api.program import Program, token_for
from tests.api.test_api_scans import scan, send
from tests.conftest import close, make_app
from tests.rig import sight
from tests.rig.sizes import SIZES

from .pairs import a_pair
from .test_two_desks import a_stage, ticket

pytestmark = pytest.mark.race

Asked = tuple[list[dict[str, Any]], str]  # a batch, and the key of its request if it has one
Round = tuple[Asked, Asked]  # what each of the two processes is sent
LATER = 0.02  # seconds in which a scan by itself has counted its ticket and a batch has not
LONGEST = 20.0  # seconds that one waits for the other to have looked


def _send(settings: Settings, bearer: str, pipe: Connection, barrier: Barrier, once: bool) -> None:
    """One of two processes that the same system reaches; each round it sends what it is told to."""
    app = create_app(settings)
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            _look_together(barrier)
    if once:
        vars(page)["MEANWHILE"] = set()
    gate = Program(app, bearer)
    pipe.send("ready")
    while (asked := pipe.recv()) is not None:
        batch, key = asked
        _look.fresh = True
        barrier.wait(timeout=LONGEST)
        said = send(gate, *batch, key=key).get_json()
        pipe.send(" ".join(one["verdict"] for one in said["results"]) if "results" in said else said["code"])
    with app.app_context():
        close_all()


_look = threading.local()


def _look_together(barrier: Barrier) -> None:
    """The first look of a request ends when the other process has had its own too; a batch's later still.

    A scan by itself reads one row with its look, a batch that is new none.
    """
    answers_in = scans._answers

    def answers(rows: Sequence[AnyRow]) -> KnownScans:
        if _look.fresh:
            _look.fresh = False
            with suppress(threading.BrokenBarrierError):
                barrier.wait(timeout=LONGEST)
            if not rows:
                time.sleep(LATER)
        return answers_in(rows)

    vars(scans)["_answers"] = answers


def played(
    settings: Settings, make: Callable[[str], Round], *, rounds: int, once: bool = False
) -> tuple[list[list[str]], int, int]:
    """What both are answered round by round, how many scans are kept, how many people are counted.

    Each round is made for the ticket of somebody who was not there before.
    """
    app = make_app(settings)
    stage, bearer = a_stage(app), token_for(app, "scans")
    assert (
        send(Program(app, bearer), scan("first", "")).status_code == 200
    )  # with it comes the system's device
    texts = [ticket(app, stage, f"X{n:04d}") for n in range(1, rounds + 1)]
    answers = []
    with a_pair(_send, settings, (bearer, bearer), fault=once) as servers:
        for text in texts:
            for pipe, asked in zip(servers, make(text), strict=True):
                pipe.send(asked)
            answers.append(sorted(pipe.recv() for pipe in servers))
    kept, counted = sight.count(app, Scan) - 1, sight.count(app, Admission)
    close(app)
    return answers, kept, counted


def _twice(text: str, *, key: str = "") -> Round:
    """The very same request."""
    one = [scan(f"nonce-{text[-22:]}", text)]
    return (one, key and f"{key}{text[-22:]}"), (one, key and f"{key}{text[-22:]}")


def _other_nonce(text: str, *, key: str = "") -> Round:
    """Two scans of one ticket."""
    (one, its_key), _ = _twice(text, key=key)
    return (one, its_key), ([one[0] | {"nonce": "other" + text[-22:]}], its_key)


def test_both_get_the_answer_of_the_first(settings: Settings) -> None:
    rounds = SIZES.nonce_rounds

    assert played(settings, _twice, rounds=rounds) == ([["admitted"] * 2] * rounds, rounds, rounds)


def test_with_one_key_too(settings: Settings) -> None:
    same = partial(_twice, key="k")

    assert played(settings, same, rounds=2) == ([["admitted"] * 2] * 2, 2, 2)


def test_one_key_for_two_scans_is_refused_to_the_second(settings: Settings) -> None:
    other = partial(_other_nonce, key="k")

    assert played(settings, other, rounds=2) == ([["admitted", "request.other_body"]] * 2, 2, 2)


def test_two_scans_of_one_ticket_count_once(settings: Settings) -> None:
    assert played(settings, _other_nonce, rounds=2) == ([["admitted", "repeated"]] * 2, 4, 2)


def test_a_batch_and_a_scan_by_itself_do_not_wait_for_each_other_for_ever(settings: Settings) -> None:
    def round_(text: str) -> Round:
        (one, _), (other, _) = _other_nonce(text)
        nobody = scan("nobody" + text[-22:], "nobody's")
        return (one, ""), ([nobody, *other], "")

    answers, kept, counted = played(settings, round_, rounds=SIZES.nonce_rounds)

    either = ["admitted", "refused repeated"], ["refused admitted", "repeated"]
    assert [answer for answer in answers if answer not in either] == []
    assert (kept, counted) == (3 * SIZES.nonce_rounds, SIZES.nonce_rounds)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_not_looking_again_is_caught(settings: Settings) -> None:
    """The control: where nobody looks again, the second is told to try once more."""
    assert played(settings, _twice, rounds=2, once=True) == ([["admitted", "scan.meanwhile"]] * 2, 2, 2)
