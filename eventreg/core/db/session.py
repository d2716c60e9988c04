"""The database, and the one way to change it: `with unit_of_work():` (laws 1 and 2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

from blinker import Signal
from flask import Flask, current_app, g
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, CursorResult, Executable, Insert, Row, insert, make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from eventreg.core import disk, request_slots
from eventreg.core.errors import DiskFull
from eventreg.core.files import private_file

from .base import Model
from .commit_watch import CommitWatch
from .connections import engine_options, for_writing, prepare
from .constraints import refusal_for
from .errors import find_busy
from .write_lock import AT_ONCE, BRIEF, PATIENCE, hold_write_lock

CONNECTION = "eventreg_connection"  # this request's open connection
SEEN = "eventreg_seen"  # the database's version before that was opened


class OneConnection(Session):
    """A session on the request's connection: what the Core and the ORM do is one transaction.

    Ending the session's transaction, however it is ended, ends that one's and gives the connection back.
    """

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **more: Any) -> Any:
        """The request's connection while it is open, else the engine."""
        opened: Connection | None = g.get(CONNECTION)
        if bind is None and opened is not None and not opened.closed:
            return opened
        return super().get_bind(mapper=mapper, clause=clause, bind=bind, **more)

    def commit(self) -> None:
        """Commit what the session and the connection wrote."""
        super().commit()
        _commit_and_give_back()

    def rollback(self) -> None:
        """Roll back what the session and the connection wrote."""
        super().rollback()
        _give_back()

    def close(self) -> None:
        """Release all rows and the connection."""
        super().close()
        _give_back()


db = SQLAlchemy(
    metadata=Model.metadata,
    session_options={
        "class_": OneConnection,
        "expire_on_commit": False,
        "join_transaction_mode": "control_fully",
    },
)
WATCH = "eventreg.commit_watch"
# On PostgreSQL, by whether they ask for a row that many ask for: such a row is slower the more connections do,
# and of the others some may wait for the disk at once.
WRITERS = {True: request_slots.FairSlots(), False: request_slots.FairSlots(4)}
AnyRow = Row[*tuple[Any, ...]]

committed = Signal("a unit of work was committed: there may be letters to send")

_inside: ContextVar[bool] = ContextVar("inside_a_unit_of_work", default=False)


def init_database(app: Flask, url: str, *, lock_file: Path) -> None:
    """Bind the app to its database; outside a unit of work every connection is read-only."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    app.config["SQLALCHEMY_RECORD_QUERIES"] = False
    app.extensions["eventreg.lock_file"] = lock_file
    watch: CommitWatch | None = None
    if (file := make_url(url).database) and url.startswith("sqlite"):
        private_file(Path(file))
        watch = CommitWatch(Path(file))
    app.extensions[WATCH] = watch
    db.init_app(app)
    app.teardown_appcontext(lambda _error: _give_back())
    with app.app_context():
        prepare(db.engine)


@contextmanager
def unit_of_work(*, wait: bool = True, contended: bool = True) -> Iterator[None]:
    """One transaction around one service call: all of it is written, or none.

    The session is rolled back first, so nothing read before (by a guard, by a form) can be
    mistaken for the truth under the lock. `contended=False` promises that the unit changes no row that many
    requests change: it then does not queue with those that do (SQLite has one queue for all).

    Raises Busy when the database cannot be had within `write_lock.PATIENCE` (with `wait=False`: at
    once), DiskFull when the disk has no room, Refused when a constraint says what a rule would have said,
    and RuntimeError when it is nested: two commits would not be one fact.
    """
    if _inside.get():
        raise RuntimeError("a unit of work is already open: the edge opens one, services none")
    token = _inside.set(True)
    try:
        with ExitStack() as stack:
            _begin(stack, wait=wait, contended=contended)
            yield
            if db.session.registry.has():
                db.session.commit()
            else:
                _commit_and_give_back()
        disk.note_written()
        committed.send()
    except IntegrityError as error:
        raise refusal_for(error) from error
    except (SQLAlchemyError, OSError) as error:
        trouble = find_busy(error)
        if isinstance(trouble, DiskFull):
            disk.note_refused()
        raise trouble or error from error
    finally:
        _inside.reset(token)


def run(
    statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """Execute in the open transaction by the Core, past the session: for statements that were built once.

    Nothing of the session is flushed before and no row of it is refreshed after. Where most of a
    request's time is the ORM's, as at a sign-up, this halves it. A request that reads by such
    statements alone never makes a session: making and ending one costs as much as three reads.
    """
    connection: Connection | None = g.get(CONNECTION)
    if connection is None or connection.closed:
        begun = db.session.registry.has() and db.session().in_transaction()
        if not begun:
            setattr(g, SEEN, version_now())
        connection = db.session.connection() if begun else db.engine.connect()
        setattr(g, CONNECTION, connection)
    return connection.execute(statement, parameters)


def _commit_and_give_back() -> None:
    connection: Connection | None = g.get(CONNECTION)
    if connection is not None and connection.in_transaction():  # else the session has committed it
        connection.commit()
    _give_back()


def _give_back() -> None:
    """Close the request's connection, if one is open: what was not committed is undone, the next read is new."""
    connection: Connection | None = g.pop(CONNECTION, None)
    g.pop(SEEN, None)
    if connection is not None:
        connection.close()


def let_go() -> None:
    """Close the session of this context and give its connection back."""
    db.session.remove()
    _give_back()


def close_all() -> None:
    """Close all connections of this process, also the one that watches the file."""
    let_go()
    db.engine.dispose()
    watch: CommitWatch | None = current_app.extensions[WATCH]
    if watch is not None:
        watch.close()


def _roll_back() -> None:
    """End what is open, and forget what was read; where there is no session, none is made for it."""
    if db.session.registry.has():
        db.session.rollback()
    else:
        _give_back()


def insert_row(model: type[Model], **values: object) -> None:
    """Insert a row by the Core, past the session; it cannot be used as an object. For the hot path."""
    if not _inside.get():
        raise RuntimeError("rows are inserted inside a unit of work")
    run(_into(model), values)


@lru_cache(maxsize=64)
def _into(model: type[Model]) -> Insert:
    """The INSERT of a table, built once. `inline`: the new id is not asked for."""
    return insert(model.__table__).inline()  # type: ignore[arg-type]


def version_now() -> int | None:
    """A number that every commit to the database changes; None where the database has none (see `read_cache`)."""
    watch: CommitWatch | None = current_app.extensions[WATCH]
    return None if watch is None else watch.version()


def version_seen() -> int | None:
    """A lower bound for the database version this request reads; None if it was not noted before the first read."""
    seen: int | None = g.get(SEEN)
    return seen


def is_writing() -> bool:
    """Whether a unit of work is open: what is read now may be rolled back."""
    return _inside.get()


def _begin(stack: ExitStack, *, wait: bool, contended: bool) -> None:
    _roll_back()
    request_slots.release_slot()
    patience = PATIENCE
    if db.engine.dialect.name == "sqlite":
        lock_file = current_app.extensions["eventreg.lock_file"]
        patience = stack.enter_context(hold_write_lock(lock_file, patience=None if wait else AT_ONCE))
    else:
        stack.enter_context(WRITERS[contended].slot(patience=PATIENCE if wait else BRIEF))
    stack.callback(_roll_back)  # the connection is read-only again before the next writer begins
    connection = db.engine.connect()
    setattr(g, CONNECTION, connection)
    for_writing(connection, patience=patience).begin()
    if not wait and db.engine.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(BRIEF * 1000)}")
