"""A value is read again exactly when something was committed since (ADR 26)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, make_url, select

from eventreg.core.clock import utc_now
from eventreg.core.db import read_cache
from eventreg.core.db.read_cache import cached_until_commit
from eventreg.core.db.session import close_all, db, insert_row, let_go, run, unit_of_work, version_now
from eventreg.core.trail.audit import AuditEntry
from tests.rig.statements import statements

COUNT = select(func.count()).select_from(AuditEntry)


def how_many() -> int:
    """The audit's rows, as a page would read them."""
    return cached_until_commit("test", "count", lambda: int(run(COUNT).scalar_one()))


def entry() -> None:
    with unit_of_work():
        insert_row(AuditEntry, at=utc_now(), by="test", action="test", subject="t:1", facts={})


def in_a_request(app: Flask, does: Callable[[], int]) -> int:
    with app.app_context():
        return does()


def test_while_nothing_is_committed_sqlite_is_not_asked_again(app: Flask) -> None:
    first = in_a_request(app, how_many)
    with statements(app, warm=True) as seen:
        assert [in_a_request(app, how_many) for _ in range(3)] == [first] * 3

    tells = "sqlite" in app.config["SQLALCHEMY_DATABASE_URI"]
    assert len(seen) == (0 if tells else 3)


def test_every_commit_is_seen_by_the_next_request(app: Flask) -> None:
    for _ in range(3):
        before = in_a_request(app, how_many)
        with app.app_context():
            entry()

        assert in_a_request(app, how_many) == before + 1


def test_a_commit_in_the_same_request_is_seen_after_it(app: Flask) -> None:
    with app.app_context():
        before = how_many()
        entry()

        assert how_many() == before + 1


def test_another_process_commit_is_seen(sqlite_app: Flask) -> None:
    before = in_a_request(sqlite_app, how_many)
    file = Path(make_url(sqlite_app.config["SQLALCHEMY_DATABASE_URI"]).database or "")
    with closing(sqlite3.connect(file)) as other:
        other.execute(
            "INSERT INTO audit_entry (at, by, action, subject, facts)"
            " VALUES ('2027-02-20 01:00:00', 'x', 'x', 'x', '{}')"
        )
        other.commit()

    assert in_a_request(sqlite_app, how_many) == before + 1


def test_what_is_undone_is_never_kept(app: Flask) -> None:
    before = in_a_request(app, how_many)
    with app.app_context(), pytest.raises(ZeroDivisionError):
        _fail_in_a_unit()

    assert in_a_request(app, how_many) == before


def _fail_in_a_unit() -> None:
    with unit_of_work():
        insert_row(AuditEntry, at=utc_now(), by="test", action="test", subject="t:1", facts={})
        assert how_many() > 0
        raise ZeroDivisionError


def _read_in_a_transaction_older_than_a_commit(app: Flask) -> tuple[int, int]:
    """What a request reads that began before another's commit, and what the one after it reads."""
    with app.app_context():
        run(COUNT)  # SQLite: what this request sees is settled now
        with app.app_context():
            entry()
        old = how_many()
        let_go()
    return old, in_a_request(app, how_many)


def test_what_an_old_transaction_sees_is_kept_for_nobody(app: Flask) -> None:
    before = in_a_request(app, how_many)

    assert _read_in_a_transaction_older_than_a_commit(app)[1] == before + 1


def test_the_control_that_keeps_it_as_new_is_seen(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    before = in_a_request(sqlite_app, how_many)
    monkeypatch.setattr(read_cache, "version_seen", version_now)

    assert _read_in_a_transaction_older_than_a_commit(sqlite_app) == (before, before)


def test_a_session_that_began_reading_keeps_nothing(app: Flask) -> None:
    with app.app_context():
        db.session.scalar(COUNT)
        with app.app_context():
            entry()
        how_many()
        after = in_a_request(app, how_many)

    assert after == in_a_request(app, lambda: int(run(COUNT).scalar_one()))


def test_a_file_that_cannot_be_asked_is_read(sqlite_app: Flask) -> None:
    first = in_a_request(sqlite_app, how_many)
    watch = sqlite_app.extensions["eventreg.commit_watch"]
    with sqlite_app.app_context():
        close_all()
    watch._file = Path("/nowhere/at/all")
    with statements(sqlite_app, warm=True) as seen:
        assert in_a_request(sqlite_app, how_many) == first

    assert len(seen) == 1
