"""Rows that are inserted past the session belong to the unit of work like all others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, make_url, select, update

from eventreg.accounts.models import SignInCode
from eventreg.campaigns.models import PrivacyNotice
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, insert_row, let_go, run, unit_of_work
from eventreg.core.errors import Refused
from eventreg.core.idempotency import RequestKey
from eventreg.core.trail import audit, seals, trail_check
from eventreg.core.trail.audit import AuditEntry
from tests.rig.actors import acting

COUNT = select(func.count()).select_from(AuditEntry).where(AuditEntry.by == "test")


def entry(action: str) -> None:
    audit.record(action, "test:1", actor=acting("test", utc_now()), n=[1, None])


def key(name: str = "one") -> None:
    insert_row(
        RequestKey,
        scope="test",
        key=name,
        body_hash=b"1",
        status=201,
        result_kind="message",
        result_id=7,
        made_at=utc_now(),
    )


def notice(version: str) -> None:
    insert_row(PrivacyNotice, version=version, paragraphs=["一", "二"], made_at=utc_now())


def mail_code() -> None:
    """A row one of whose columns is left to a default of Python's."""
    hashes = dict.fromkeys(("browser_hash", "code_hash", "account", "network"), b"1")
    insert_row(SignInCode, **hashes, asked_at=utc_now(), expires_at=utc_now(), tries_left=5)


def _write(*steps: Callable[[], object]) -> None:
    with unit_of_work():
        for step in steps:
            step()


def kept(app: Flask) -> list[str]:
    """The actions in the database, as another request sees them, in the order of their numbers."""
    mine = select(AuditEntry.action).where(AuditEntry.by == "test").order_by(AuditEntry.id)
    with app.app_context():
        return list(db.session.scalars(mine))


@pytest.mark.parametrize("read", [lambda: run(COUNT).scalar(), lambda: db.session.scalar(COUNT)])
def test_a_read_in_the_unit_sees_them(app: Flask, read: Callable[[], int]) -> None:
    with app.app_context(), unit_of_work():
        entry("seen")
        key()
        assert read() == 1
        entry("seen too")

    assert kept(app) == ["seen", "seen too"]


def test_the_orm_writes_after_them(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        entry("first")
        db.session.add(AuditEntry(at=utc_now(), by="test", action="second", subject="t:1", facts={}))
        db.session.flush()
        entry("third")

    assert kept(app) == ["first", "second", "third"]


def test_a_broken_promise_is_named_and_nothing_of_the_unit_stays(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        key()

    with app.app_context(), pytest.raises(Refused, match=r"request.other_body"):
        _write(lambda: entry("nobody's"), key)
    with app.app_context(), unit_of_work():
        entry("the next unit's")

    assert kept(app) == ["the next unit's"]


def test_a_unit_that_fails_leaves_none_to_the_next(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(ZeroDivisionError):
            _write(lambda: entry("lost with its unit"), lambda: 1 / 0)
        with unit_of_work():
            key()

    assert kept(app) == []


def test_outside_a_unit_there_is_nobody_to_write_them(app: Flask) -> None:
    with app.app_context(), pytest.raises(RuntimeError, match="inside a unit"):
        entry("nobody's")


def test_what_only_reads_is_in_no_transaction_on_postgresql(app: Flask) -> None:
    """SQLite's is a snapshot and costs no way to a server."""
    with app.app_context():
        for read in (lambda: run(COUNT), lambda: db.session.execute(COUNT)):
            read().close()
            driver: Any = db.session.connection().connection.driver_connection
            if db.engine.dialect.name == "postgresql":
                assert driver.info.transaction_status.name == "IDLE"
            else:
                assert driver.in_transaction
            let_go()
        with unit_of_work():
            driver = db.session.connection().connection.driver_connection
            if db.engine.dialect.name == "postgresql":
                assert driver.info.transaction_status.name == "INTRANS"
            else:
                assert driver.in_transaction


@pytest.mark.parametrize("at_once", [1, 2, 500])
def test_the_chain_is_walked_to_its_end_however_many_links_are_read_at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    with app.app_context():
        with unit_of_work():
            for n in range(5):
                entry(f"entry {n}")
        with unit_of_work():
            sealed = seals.seal(now=utc_now())
        monkeypatch.setattr(trail_check, "LINKS", at_once)
        whole = trail_check.verify()
        with unit_of_work():
            last = select(func.max(AuditEntry.id)).scalar_subquery()
            db.session.execute(update(AuditEntry).where(AuditEntry.id == last).values(action="forged"))
        broken = trail_check.verify()

    assert (whole.sealed, whole.broken) == (sealed, None)
    assert broken.sealed == sealed
    assert broken.broken is not None


def test_whoever_only_reads_runs_no_checkpoint(sqlite_app: Flask) -> None:
    """The database file changes when a commit moves the log into it, and never by reading or closing a connection."""
    url = make_url(sqlite_app.config["SQLALCHEMY_DATABASE_URI"])
    file = Path(url.database or "")
    with sqlite_app.app_context():
        with unit_of_work():
            entry("written")
        before = file.read_bytes()
        with db.engine.connect() as kept:  # the last connection to be closed would be alone
            kept.exec_driver_sql("SELECT 1")
            for _ in range(3):
                run(COUNT)
                let_go()
            assert file.read_bytes() == before
            assert file.with_name(f"{file.name}-wal").stat().st_size > 0
