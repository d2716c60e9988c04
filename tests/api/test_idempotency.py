"""Law 12: the same key and body get the same answer, another body 422, and one registration is made."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.config import Settings
from eventreg.core.db import session
from eventreg.core.db.session import db
from eventreg.core.idempotency import RequestKey
from eventreg.registrations import letters
from eventreg.registrations.models import Registration
from tests.conftest import close, make_app
from tests.rig import cast, sight
from tests.rig.cast import Stage
from tests.rig.postgres import Cluster

from .program import Program, token_for


def test_the_same_request_gets_the_same_answer_with_its_ticket(app: Flask, program: Program) -> None:
    answers = [program.register("A1", key="k1", answers={"remark": "x"}) for _ in range(3)]

    assert [a.status_code for a in answers] == [201] * 3
    assert len({a.data for a in answers}) == 1
    assert answers[0].get_json()["ticket"] is not None
    assert sight.letters(app) == [("registration_seated", "queued")]
    assert sight.counters(app) == {"waiting": 0, "last_arrival": 1, "taken": 1}


def test_no_token_is_kept_with_the_key(app: Flask, program: Program) -> None:
    made = program.register("A1", key="k1").get_json()
    ticket = made["ticket"]["token"]
    with app.app_context():
        row = db.session.scalars(select(RequestKey)).one()

    assert row.status == 201
    assert row.scope.startswith("token:")
    assert (row.result_kind, row.result_id) == ("registration", made["id"])
    assert ticket.encode() not in row.body_hash
    assert ticket not in f"{row.scope} {row.key}"


@pytest.mark.parametrize("other", [{"staff_no": "B2"}, {"answers": {"remark": "x"}}])
def test_another_body_is_422(app: Flask, program: Program, other: dict[str, Any]) -> None:
    program.register("A1", key="k1")
    answer = program.ask(
        "POST", "/api/v1/campaigns/outing/registrations", {"staff_no": "A1", "answers": {}} | other, key="k1"
    )

    assert (answer.status_code, answer.get_json(force=True)["code"]) == (422, "request.other_body")
    assert sight.places(app) == {"A1": "seated"}


def test_a_key_is_the_token_s_own(app: Flask, program: Program) -> None:
    program.register("A1", key="k1")

    assert Program(app, token_for(app, "registrations")).register("B2", key="k1").status_code == 201


def test_a_request_sent_again_after_withdrawal_takes_no_new_place(app: Flask, program: Program) -> None:
    first = program.register("A1", key="k1")
    found = program.register("A1", key="k2")
    program.withdraw(first.get_json()["id"])

    again = [program.register("A1", key=key) for key in ("k1", "k2")]

    assert [a.status_code for a in (first, found, *again)] == [201, 200, 201, 200]
    assert [(a.get_json()["state"], a.get_json()["ticket"]) for a in again] == [("withdrawn", None)] * 2
    assert sight.count(app, Registration) == 1


def test_a_refused_request_may_be_asked_again_with_its_key(app: Flask, program: Program) -> None:
    assert program.register("Z9", key="k1").status_code == 422
    assert program.register("A1", key="k1").status_code == 201


@pytest.mark.parametrize("key", ["", "k" * 65, "k k", "é"])
def test_a_key_that_is_none_is_422(program: Program, key: str) -> None:
    answer = program.ask(
        "POST",
        "/api/v1/campaigns/outing/registrations",
        {"staff_no": "A1", "answers": {}},
        headers={"Idempotency-Key": key},
    )

    assert (answer.status_code, answer.get_json(force=True)["code"]) == (422, "request.key_form")


@pytest.mark.race
def test_equal_requests_at_one_instant_make_one_registration(app: Flask, program: Program) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: program.register("A1", key="k1"), range(8)))

    assert {(a.status_code, a.data) for a in answers} == {(201, answers[0].data)}
    assert sight.counters(app) == {"waiting": 0, "last_arrival": 1, "taken": 1}
    assert sight.drift(app) == []


@pytest.mark.race
def test_one_key_for_many_people_at_one_instant_registers_one(app: Flask, program: Program) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda who: program.register(who, key="k1"), ("A1", "B2", "C3", "D4")))

    assert sorted(a.status_code for a in answers) == [201, 422, 422, 422]
    assert sight.count(app, Registration) == 1


def _impatient(tmp_path: Any, url: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Flask, Stage]:
    """An app on PostgreSQL that waits 0.3 s for a lock."""
    monkeypatch.setattr(session, "PATIENCE", 0.3)
    settings = Settings(instance=tmp_path, database_url=url, base_url="http://localhost", scheduler=False)
    app = make_app(settings)
    return app, cast.set_stage(app, now=cast.lately())


def test_409_only_while_the_first_with_that_key_is_at_work(
    cluster: Cluster, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = cluster.fresh()
    app, _stage = _impatient(tmp_path, url, monkeypatch)
    program = Program(app, token_for(app, "registrations"))
    inside, go_on, honest = threading.Event(), threading.Event(), letters.post_letter

    def slow(*args: Any, **named: Any) -> Any:
        inside.set()
        go_on.wait(20)
        return honest(*args, **named)

    monkeypatch.setattr(letters, "post_letter", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(program.register, "A1", key="k1")
        inside.wait(20)
        same, other = program.register("A1", key="k1"), program.register("B2", key="k2")
        without = program.register("B2")
        go_on.set()
        made = first.result()
    after = program.register("A1", key="k1")

    assert [(a.status_code, a.get_json(force=True)["code"]) for a in (same, other, without)] == [
        (409, "request.in_progress"),
        (503, "request.busy"),
        (503, "request.busy"),
    ]
    assert (made.status_code, after.status_code, after.data) == (201, 201, made.data)
    close(app)
    cluster.drop(url)
