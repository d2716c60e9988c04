"""Writes whose result a unit of work does not need are sent as one batch before it reads or commits (ADR 25, 30).

PostgreSQL gets one statement for all of them: each INSERT and each UPDATE is a data-modifying CTE in it, so
the registration, its arrival number, the letter, the answers and the audit row of a sign-up cost one round trip
and not one each. SQLite has no such statement and no round trip; there the writes are executed one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Insert, Select, Update, bindparam, func, insert, literal_column, select

from eventreg.core.errors import Refused

from .base import Model


@dataclass(frozen=True, slots=True)
class BatchedUpdate:
    """An UPDATE with parameters, built once; with a `refusal` it must change exactly `expected_rows` rows."""

    statement: Update
    expected_rows: int = 0
    refusal: str = ""


What = type[Model] | BatchedUpdate
Step = tuple[What, dict[str, Any]]
Shape = tuple[What, tuple[str, ...]]  # the same, and the columns or parameters that are given


def write(connection: Connection, steps: Iterable[Step]) -> None:
    """Insert and update rows in the open transaction, in the order given. Raises IntegrityError as each would.

    Raises Refused if an update changes another number of rows than expected. On PostgreSQL each step of a
    batch sees the rows as they were before the batch: two steps must not change the same row.
    """
    batch: list[Step] = []
    for shape, values in _by_shape(steps):
        what = shape[0]
        if connection.dialect.name == "postgresql" and len(values) == 1 and _is_whole(shape):
            if not _fits(what, values[0], batch):
                batch = _execute_as_one(connection, batch)
            batch.append((what, values[0]))
            continue
        batch = _execute_as_one(connection, batch)
        if isinstance(what, BatchedUpdate):
            for one in values:
                _execute(connection, what, one)
        else:
            connection.execute(_into(what), values if len(values) > 1 else values[0])
    _execute_as_one(connection, batch)


def _fits(what: What, values: dict[str, Any], batch: list[Step]) -> bool:
    """Whether no other update of the batch has a parameter of the same name."""
    taken = {name for change, given in batch if isinstance(change, BatchedUpdate) for name in given}
    return not isinstance(what, BatchedUpdate) or taken.isdisjoint(values)


def _execute_as_one(connection: Connection, steps: list[Step]) -> list[Step]:
    """Execute the batch as one statement; returns the next batch, which is empty."""
    if len(steps) == 1:
        _execute(connection, *steps[0])
    elif steps:
        parameters = {
            _name(n, what, given): values[given] for n, (what, values) in enumerate(steps) for given in values
        }
        counts = connection.execute(_all_of(tuple(_shape(step) for step in steps)), parameters).one()
        checked = [what for what, _ in steps if isinstance(what, BatchedUpdate) and what.refusal]
        for change, count in zip(checked, counts[1:], strict=True):
            _check(change, count)
    return []


def _execute(connection: Connection, what: What, values: dict[str, Any]) -> None:
    if isinstance(what, BatchedUpdate):
        _check(what, connection.execute(what.statement, values).rowcount)
    else:
        connection.execute(_into(what), values)


def _check(change: BatchedUpdate, rows: int) -> None:
    if change.refusal and rows != change.expected_rows:
        raise Refused(change.refusal)


def _by_shape(steps: Iterable[Step]) -> Iterator[tuple[Shape, list[dict[str, Any]]]]:
    """Group consecutive steps that fill the same columns of a table, or that are the same update."""
    for shape, group in groupby(steps, key=_shape):
        yield shape, [values for _, values in group]


def _shape(step: Step) -> Shape:
    return step[0], tuple(step[1])


@lru_cache(maxsize=64)
def _is_whole(shape: Shape) -> bool:
    """Whether no column needs a Python-side default: SQLAlchemy does not fill those in inside a CTE."""
    what, given = shape
    if isinstance(what, BatchedUpdate):
        return True
    return all(column.default is None or column.name in given for column in what.__table__.columns)


@lru_cache(maxsize=64)
def _into(model: type[Model]) -> Insert:
    return insert(model.__table__)  # type: ignore[arg-type]


@lru_cache(maxsize=64)
def _all_of(shapes: tuple[Shape, ...]) -> Select[Any]:
    """One statement for the batch; it returns 1 and the row count of each update that is checked."""
    counts, parts = [], []
    for n, (what, given) in enumerate(shapes):
        if isinstance(what, BatchedUpdate) and what.refusal:
            parts.append(what.statement.returning(literal_column("1").label("one")).cte(f"part_{n}"))
            counts.append(select(func.count()).select_from(parts[-1]).scalar_subquery())
        elif isinstance(what, BatchedUpdate):
            parts.append(what.statement.cte(f"part_{n}"))
        else:
            columns: dict[str, Any] = {column: bindparam(_name(n, what, column)) for column in given}
            parts.append(_into(what).values(columns).cte(f"part_{n}"))
    return select(literal_column("1"), *counts).add_cte(*parts)


def _name(part: int, what: What, given: str) -> str:
    """The name of a parameter: columns repeat between inserts, so they get a number; names of an update are unique."""
    return given if isinstance(what, BatchedUpdate) else f"{given}_{part}"
