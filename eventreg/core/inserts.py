"""Rows that their unit of work does not look at, written together before it reads or commits (ADR 25).

PostgreSQL is asked once for all of them: each INSERT is a part of one statement (a data-modifying CTE),
so the letter, the answers and the audit row of a sign-up cost one way to the server and not one each.
SQLite knows no such statement and has no way to go; there they follow each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Insert, Select, bindparam, insert, literal_column, select

from .columns import Model

Row = tuple[type[Model], dict[str, Any]]
Shape = tuple[type[Model], tuple[str, ...]]  # a table, and the columns that are given


def write(connection: Connection, rows: Iterable[Row]) -> None:
    """Insert rows in the open transaction, in the order given. Raises IntegrityError as each INSERT would."""
    together: list[Row] = []
    for shape, values in _by_shape(rows):
        if len(values) == 1 and connection.dialect.name == "postgresql" and _is_whole(shape):
            together.append((shape[0], values[0]))
            continue
        _ask_once(connection, together)
        together = []
        connection.execute(_into(shape[0]), values if len(values) > 1 else values[0])
    _ask_once(connection, together)


def _ask_once(connection: Connection, rows: list[Row]) -> None:
    if len(rows) == 1:
        connection.execute(_into(rows[0][0]), rows[0][1])
    elif rows:
        parameters = {_name(n, column): row[column] for n, (_, row) in enumerate(rows) for column in row}
        connection.execute(_all_of(tuple(_shape(row) for row in rows)), parameters)


def _by_shape(rows: Iterable[Row]) -> Iterator[tuple[Shape, list[dict[str, Any]]]]:
    """Rows that follow each other into the same columns of a table."""
    for shape, those in groupby(rows, key=_shape):
        yield shape, [values for _, values in those]


def _shape(row: Row) -> Shape:
    return row[0], tuple(row[1])


@lru_cache(maxsize=64)
def _is_whole(shape: Shape) -> bool:
    """Whether no column is left to a default of Python's, which nobody fills in for a part of a statement."""
    table, given = shape[0].__table__, shape[1]
    return all(column.default is None or column.name in given for column in table.columns)


@lru_cache(maxsize=64)
def _into(model: type[Model]) -> Insert:
    return insert(model.__table__)  # type: ignore[arg-type]


@lru_cache(maxsize=64)
def _all_of(shapes: tuple[Shape, ...]) -> Select[Any]:
    parts = [
        _into(model).values({column: bindparam(_name(n, column)) for column in given}).cte(f"part_{n}")
        for n, (model, given) in enumerate(shapes)
    ]
    return select(literal_column("1")).add_cte(*parts)


def _name(part: int, column: str) -> str:
    return f"{column}_{part}"
