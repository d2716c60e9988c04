"""Writes that a unit does not read are sent as one batch: one statement on PostgreSQL, none lost (ADR 25)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, func, select, update

from eventreg.accounts.models import SignInCode
from eventreg.campaigns.models import PrivacyNotice
from eventreg.core.clock import utc_now
from eventreg.core.db.base import next_id
from eventreg.core.db.batched_writes import BatchedUpdate
from eventreg.core.db.session import add_change, add_row, db, let_go, run, unit_of_work
from eventreg.core.errors import Refused
from eventreg.core.idempotency import RequestKey
from eventreg.core.trail import audit, seals, trail_check
from eventreg.core.trail.audit import AuditEntry
from tests.rig.actors import acting
from tests.rig.statements import statements

COUNT = select(func.count()).select_from(AuditEntry).where(AuditEntry.by == "test")


def entry(action: str) -> None:
    audit.record(action, "test:1", actor=acting("test", utc_now()), n=[1, None])


def key(name: str = "one") -> None:
    add_row(
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
    add_row(PrivacyNotice, version=version, paragraphs=["一", "二"], made_at=utc_now())


def mail_code() -> None:
    """A row one of whose columns is left to a default of Python's."""
    hashes = dict.fromkeys(("browser_hash", "code_hash", "account", "network"), b"1")
    add_row(SignInCode, **hashes, asked_at=utc_now(), expires_at=utc_now(), tries_left=5)


def _write(*steps: Callable[[], object]) -> None:
    with unit_of_work():
        for step in steps:
            step()


def kept(app: Flask) -> list[str]:
    """The actions in the database, as another request sees them, in the order of their numbers."""
    mine = select(AuditEntry.action).where(AuditEntry.by == "test").order_by(AuditEntry.id)
    with app.app_context():
        return list(db.session.scalars(mine))


def test_rows_of_several_tables_cost_one_statement_where_there_is_a_way_to_the_server(app: Flask) -> None:
    with statements(app) as seen, app.app_context():
        _write(lambda: entry("a"), key, lambda: notice("n1"))

    assert len(seen) == (1 if "postgresql" in app.config["SQLALCHEMY_DATABASE_URI"] else 3)
    with app.app_context():
        row = db.session.execute(select(RequestKey.key, RequestKey.body_hash, RequestKey.status)).one()
        assert tuple(row) == ("one", b"1", 201)
        assert db.session.scalars(
            select(PrivacyNotice.paragraphs).where(PrivacyNotice.version == "n1")
        ).one() == ["一", "二"]
        assert db.session.scalars(select(AuditEntry.facts).where(AuditEntry.by == "test")).one() == {
            "n": [1, None]
        }


def test_rows_of_one_table_follow_each_other_in_the_order_given(app: Flask) -> None:
    actions = [f"entry {n:03}" for n in range(300)]
    with statements(app) as seen, app.app_context(), unit_of_work():
        for action in actions[:-1]:
            entry(action)
        key()
        entry(actions[-1])
        mail_code()

    assert kept(app) == actions
    assert len(seen) <= 4
    with app.app_context():
        assert db.session.scalar(select(SignInCode.purpose)) == "sign_in"


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


_RENAME = update(AuditEntry).where(AuditEntry.action == bindparam("old")).values(action=bindparam("new"))
RENAME = BatchedUpdate(_RENAME)
RENAME_ONE = BatchedUpdate(_RENAME, expected_rows=1, refusal="test.not_one")


def test_a_change_goes_along_with_the_rows(app: Flask) -> None:
    with app.app_context():
        _write(lambda: entry("a"))
        with statements(app) as seen:
            _write(lambda: add_change(RENAME, old="a", new="b"), key, lambda: entry("c"))

    assert kept(app) == ["b", "c"]
    assert len(seen) == (1 if "postgresql" in app.config["SQLALCHEMY_DATABASE_URI"] else 3)


def test_two_changes_of_one_kind_keep_their_own_values_and_their_order(app: Flask) -> None:
    with app.app_context():
        _write(lambda: entry("a"))
        _write(
            lambda: add_change(RENAME, old="a", new="b"), key, lambda: add_change(RENAME, old="b", new="c")
        )
        _write(*(lambda n=n: add_change(RENAME, old=n, new=n + n) for n in ("c", "cc")))

    assert kept(app) == ["cccc"]


@pytest.mark.parametrize("along", [[], [key, lambda: entry("b")]], ids=["alone", "with rows"])
def test_a_change_that_has_to_meet_a_row_is_refused_where_there_is_none_or_are_two(
    app: Flask, along: list[Callable[[], object]]
) -> None:
    with app.app_context():
        _write(lambda: entry("two"), lambda: entry("two"), lambda: entry("one"))
        for old in ("none", "two"):
            with pytest.raises(Refused, match=r"test.not_one"):
                _write(*along, partial(add_change, RENAME_ONE, old=old, new="c"))
        assert kept(app) == ["two", "two", "one"]
        _write(*along, lambda: add_change(RENAME_ONE, old="one", new="c"))

    assert kept(app) == ["two", "two", "c"] + ["b"] * bool(along)


def test_outside_a_unit_nothing_changes(app: Flask) -> None:
    with app.app_context(), pytest.raises(RuntimeError, match="inside a unit"):
        add_change(RENAME, old="a", new="b")


def test_the_next_id_is_the_one_that_a_row_gets(app: Flask) -> None:
    with app.app_context():
        _write(lambda: entry("a"))
        with unit_of_work():
            given: int = run(select(next_id(AuditEntry))).scalar_one()
            add_row(AuditEntry, id=given, at=utc_now(), by="test", action="b", subject="t:1", facts={})
        _write(lambda: entry("c"))
        ids = dict(db.session.execute(select(AuditEntry.action, AuditEntry.id)).all())

    assert (ids["b"], ids["c"]) == (given, given + 1)


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
