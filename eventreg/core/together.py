"""Rows that their unit of work does not look at, written together before it reads or commits (ADR 25).

PostgreSQL is asked once for all of them: each INSERT, and each UPDATE that goes along, is a part of one
statement (a data-modifying CTE), so the registration, its arrival number, the letter, the answers and the audit
row of a sign-up cost one way to the server and not one each. SQLite knows no such statement and has no way to
go; there they follow each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Insert, Select, Update, bindparam, insert, literal_column, select

from .columns import Model

What = type[Model] | Update  # a table to insert into, or a change with parameters
Step = tuple[What, dict[str, Any]]
Shape = tuple[What, tuple[str, ...]]  # the same, and the columns or parameters that are given


def write(connection: Connection, steps: Iterable[Step]) -> None:
    """Insert and change rows in the open transaction, in the order given. Raises IntegrityError as each would.

    On PostgreSQL what is written together sees the rows as they were before all of it: two steps must
    not change the same row.
    """
    together: list[Step] = []
    for shape, values in _by_shape(steps):
        if connection.dialect.name == "postgresql" and len(values) == 1 and _is_whole(shape):
            if isinstance(shape[0], Update) and any(isinstance(what, Update) for what, _ in together):
                together = _ask_once(connection, together)  # their parameters might have the same names
            together.append((shape[0], values[0]))
            continue
        together = _ask_once(connection, together)
        connection.execute(_statement(shape[0]), values if len(values) > 1 else values[0])
    _ask_once(connection, together)


def _ask_once(connection: Connection, steps: list[Step]) -> list[Step]:
    """Write them; nothing is left."""
    if len(steps) == 1:
        connection.execute(_statement(steps[0][0]), steps[0][1])
    elif steps:
        parameters = {
            _name(n, what, given): values[given] for n, (what, values) in enumerate(steps) for given in values
        }
        connection.execute(_all_of(tuple(_shape(step) for step in steps)), parameters)
    return []


def _by_shape(steps: Iterable[Step]) -> Iterator[tuple[Shape, list[dict[str, Any]]]]:
    """Steps that follow each other into the same columns of a table, or that are the same change."""
    for shape, those in groupby(steps, key=_shape):
        yield shape, [values for _, values in those]


def _shape(step: Step) -> Shape:
    return step[0], tuple(step[1])


@lru_cache(maxsize=64)
def _is_whole(shape: Shape) -> bool:
    """Whether no column is left to a default of Python's, which nobody fills in for a part of a statement."""
    what, given = shape
    if isinstance(what, Update):
        return True
    return all(column.default is None or column.name in given for column in what.__table__.columns)


@lru_cache(maxsize=64)
def _statement(what: What) -> Insert | Update:
    return what if isinstance(what, Update) else insert(what.__table__)  # type: ignore[arg-type]


@lru_cache(maxsize=64)
def _all_of(shapes: tuple[Shape, ...]) -> Select[Any]:
    parts = [_part(n, *shape).cte(f"part_{n}") for n, shape in enumerate(shapes)]
    return select(literal_column("1")).add_cte(*parts)


def _part(n: int, what: What, given: tuple[str, ...]) -> Insert | Update:
    made = _statement(what)
    if isinstance(made, Update):
        return made
    return made.values({column: bindparam(_name(n, what, column)) for column in given})


def _name(part: int, what: What, given: str) -> str:
    """A part's parameter: a column may be in several parts, a change's parameters have names of their own."""
    return given if isinstance(what, Update) else f"{given}_{part}"
