"""An answer that was stored before results had a kind is replayed after the upgrade."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from eventreg.commands.backups import MIGRATIONS
from eventreg.core.db.migrate import upgrade
from eventreg.core.db.session import db, init_database, unit_of_work
from eventreg.core.errors import Refused
from eventreg.core.idempotency import EarlierResult, IdempotentRequest, ResultKind, find_answer
from tests.conftest import close
from tests.rig.cast import NOW

BEFORE = "0020"
ROW = text(
    "INSERT INTO request_key (scope, key, body_hash, status, registration_id, made_at) "
    "VALUES (:scope, :key, :body_hash, :status, :id, :at)"
)
# What was stored by whom, and what it means: (scope, id in the old column, kind, id now, status).
STORED = [
    ("person:7 campaign:3", 11, ResultKind.REGISTRATION, 11, 201),
    ("token:2", 12, ResultKind.REGISTRATION, 12, 200),
    ("person:7 writes 3", 13, ResultKind.MESSAGE, 13, 201),
    ("person:7 drafts 0123456789abcdef", 14, ResultKind.CAMPAIGN, 14, 201),
    ("token:3", 0, ResultKind.SCANS, None, 200),
]


def asked(scope: str, makes: ResultKind) -> IdempotentRequest:
    return IdempotentRequest(scope, "k1", {"answers": {"1": "x"}}, makes)


@pytest.fixture
def upgraded(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """A database of the version before, with one answered request of each kind, brought to this version."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    if not database.startswith("sqlite"):
        url = request.getfixturevalue("cluster").fresh()
    app = Flask("eventreg")
    init_database(app, url, lock_file=tmp_path / "write.lock")
    with app.app_context():
        with unit_of_work():
            connection = db.session.connection()
            at = NOW if connection.dialect.name == "postgresql" else "2027-02-20 01:00:00.000000"
            upgrade(connection, MIGRATIONS, to=BEFORE)
            for scope, id_, makes, _result_id, status in STORED:
                answered = {"scope": scope, "key": "k1", "status": status, "id": id_, "at": at}
                connection.execute(ROW, answered | {"body_hash": asked(scope, makes).body_hash})
        with unit_of_work():
            upgrade(db.session.connection(), MIGRATIONS, to="head")
        yield app
    close(app)
    if not database.startswith("sqlite"):
        request.getfixturevalue("cluster").drop(url)


@pytest.mark.parametrize(("scope", "old_id", "kind", "result_id", "status"), STORED)
def test_an_old_answer_is_replayed(
    upgraded: Flask, scope: str, old_id: int, kind: ResultKind, result_id: int | None, status: int
) -> None:
    assert find_answer(asked(scope, kind)) == EarlierResult(kind, result_id, status)


def test_an_old_key_with_another_body_is_still_refused(upgraded: Flask) -> None:
    other = IdempotentRequest("person:7 campaign:3", "k1", {"answers": {}}, ResultKind.REGISTRATION)

    with pytest.raises(Refused, match=r"request\.other_body") as refused:
        find_answer(other)

    assert refused.value.facts == {"result_kind": "registration", "result_id": 11}
