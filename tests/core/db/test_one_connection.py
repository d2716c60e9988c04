"""What the Core and the ORM do in a request is one transaction on one connection (ADR 24)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.exc import DBAPIError

from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, insert_row, let_go, run, unit_of_work
from eventreg.core.errors import Busy
from eventreg.core.trail.audit import AuditEntry
from tests.rig.at_once import run_at_once

Way = Callable[[str], None]
COUNT = select(func.count()).select_from(AuditEntry)
OF = select(AuditEntry.action).where(AuditEntry.action == bindparam("action"))


def by_core(action: str) -> None:
    insert_row(AuditEntry, at=utc_now(), by="test", action=action, subject="test:1", facts={})


def by_orm(action: str) -> None:
    db.session.add(AuditEntry(at=utc_now(), by="test", action=action, subject="test:1", facts={}))


WAYS: list[tuple[Way, ...]] = [(by_core, by_orm), (by_orm, by_core), (by_core,), (by_orm,)]


def write(ways: tuple[Way, ...], *, fail: bool = False) -> None:
    """An entry by each of these ways, in one unit."""
    with unit_of_work():
        for number, way in enumerate(ways):
            way(f"entry {number}")
        if fail:
            db.session.flush()
            raise ZeroDivisionError


def kept(app: Flask) -> set[str]:
    """What is in the database, as another request sees it."""
    with app.app_context():
        return set(db.session.scalars(select(AuditEntry.action).where(AuditEntry.by == "test")))


def checked_out() -> int:
    """How many connections are in somebody's hands."""
    taken: int = db.engine.pool.checkedout()  # type: ignore[attr-defined]
    return taken


@pytest.mark.parametrize("ways", WAYS)
def test_both_ways_are_committed_together(app: Flask, ways: tuple[Way, ...]) -> None:
    with app.app_context():
        write(ways)

    assert kept(app) == {f"entry {number}" for number in range(len(ways))}


@pytest.mark.parametrize("ways", WAYS)
def test_both_ways_are_undone_together(app: Flask, ways: tuple[Way, ...]) -> None:
    with app.app_context(), pytest.raises(ZeroDivisionError):
        write(ways, fail=True)

    assert kept(app) == set()


def test_each_way_sees_what_the_other_wrote(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        by_core("first")
        assert db.session.scalar(OF, {"action": "first"}) == "first"
        by_orm("second")
        db.session.flush()
        assert run(OF, {"action": "second"}).scalar() == "second"
        assert checked_out() == 1


def test_a_session_left_over_from_reading_does_not_lose_what_the_core_writes(app: Flask) -> None:
    with app.app_context():
        assert db.session.scalar(COUNT) is not None
        with unit_of_work():
            by_core("kept")

    assert kept(app) == {"kept"}


def test_reading_by_both_ways_takes_one_connection_and_gives_it_back(app: Flask) -> None:
    with app.app_context():
        for ways in ((run, db.session.execute), (db.session.execute, run)):
            for way in ways:
                assert way(COUNT).scalar() is not None
            assert checked_out() == 1
            db.session.rollback()
            assert checked_out() == 0
        run(COUNT)
    with app.app_context():
        assert checked_out() == 0


def test_reading_by_the_core_alone_makes_no_session(app: Flask) -> None:
    with app.app_context():
        run(COUNT)

        assert not db.session.registry.has()


@pytest.mark.parametrize("end", [db.session.rollback, db.session.commit, db.session.close, let_go])
def test_what_is_read_after_an_end_is_read_anew(app: Flask, end: Callable[[], None]) -> None:
    with app.app_context():
        before = run(COUNT).scalar_one()
        with app.app_context(), unit_of_work():
            by_core("meanwhile")
        end()

        assert run(COUNT).scalar_one() == before + 1


def test_outside_a_unit_nothing_can_be_written_on_it(app: Flask) -> None:
    with app.app_context(), pytest.raises(DBAPIError, match=r"readonly|read-only"):
        run(insert(AuditEntry), {"at": utc_now(), "by": "test", "action": "x", "subject": "x", "facts": {}})


@pytest.mark.race
@pytest.mark.parametrize("contended", [True, False])
def test_who_shares_no_row_enters_beside_a_writer_where_the_database_lets_her(
    app: Flask, contended: bool
) -> None:
    """Of one process one unit is open, and on PostgreSQL four more that promise to share nothing."""
    entered: list[bool] = []

    def beside() -> None:
        try:
            with unit_of_work(wait=False, contended=contended):
                entered.append(True)
        except Busy:
            entered.append(False)

    with app.app_context(), unit_of_work():
        run_at_once(app, beside)
        postgresql = db.engine.dialect.name == "postgresql"

    assert entered == [postgresql and not contended]
