"""Rows that their unit of work does not look at, written together before it reads or commits (ADR 25, 30).

PostgreSQL is asked once for all of them: each INSERT, and each change that goes along, is a part of one
statement (a data-modifying CTE), so the registration, its arrival number, the letter, the answers and the audit
row of a sign-up cost one way to the server and not one each. SQLite knows no such statement and has no way to
go; there they follow each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Insert, Select, Update, bindparam, func, insert, literal_column, select

from .columns import Model
from .errors import Refused


@dataclass(frozen=True, slots=True)
class Change:
    """An UPDATE with parameters, built once; with a `refusal` it has to meet so many rows."""

    statement: Update
    meets: int = 0
    refusal: str = ""


What = type[Model] | Change
Step = tuple[What, dict[str, Any]]
Shape = tuple[What, tuple[str, ...]]  # the same, and the columns or parameters that are given


def write(connection: Connection, steps: Iterable[Step]) -> None:
    """Insert and change rows in the open transaction, in the order given. Raises IntegrityError as each would.

    Raises Refused where a change does not meet the rows that it has to. On PostgreSQL what is written
    together sees the rows as they were before all of it: two steps must not change the same row.
    """
    together: list[Step] = []
    for shape, values in _by_shape(steps):
        what = shape[0]
        if connection.dialect.name == "postgresql" and len(values) == 1 and _is_whole(shape):
            if not _fits(what, values[0], together):
                together = _ask_once(connection, together)
            together.append((what, values[0]))
            continue
        together = _ask_once(connection, together)
        if isinstance(what, Change):
            for one in values:
                _ask(connection, what, one)
        else:
            connection.execute(_into(what), values if len(values) > 1 else values[0])
    _ask_once(connection, together)


def _fits(what: What, values: dict[str, Any], together: list[Step]) -> bool:
    """Whether its parameters are not another change's too."""
    taken = {name for change, given in together if isinstance(change, Change) for name in given}
    return not isinstance(what, Change) or taken.isdisjoint(values)


def _ask_once(connection: Connection, steps: list[Step]) -> list[Step]:
    """Write them; nothing is left."""
    if len(steps) == 1:
        _ask(connection, *steps[0])
    elif steps:
        parameters = {
            _name(n, what, given): values[given] for n, (what, values) in enumerate(steps) for given in values
        }
        met = connection.execute(_all_of(tuple(_shape(step) for step in steps)), parameters).one()
        have_to = [what for what, _ in steps if isinstance(what, Change) and what.refusal]
        for change, count in zip(have_to, met[1:], strict=True):
            _check(change, count)
    return []


def _ask(connection: Connection, what: What, values: dict[str, Any]) -> None:
    if isinstance(what, Change):
        _check(what, connection.execute(what.statement, values).rowcount)
    else:
        connection.execute(_into(what), values)


def _check(change: Change, met: int) -> None:
    if change.refusal and met != change.meets:
        raise Refused(change.refusal)


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
    if isinstance(what, Change):
        return True
    return all(column.default is None or column.name in given for column in what.__table__.columns)


@lru_cache(maxsize=64)
def _into(model: type[Model]) -> Insert:
    return insert(model.__table__)  # type: ignore[arg-type]


@lru_cache(maxsize=64)
def _all_of(shapes: tuple[Shape, ...]) -> Select[Any]:
    """The statement that does all; beside a 1 it answers how many rows those met that have to."""
    met, parts = [], []
    for n, (what, given) in enumerate(shapes):
        if isinstance(what, Change) and what.refusal:
            parts.append(what.statement.returning(literal_column("1").label("one")).cte(f"part_{n}"))
            met.append(select(func.count()).select_from(parts[-1]).scalar_subquery())
        elif isinstance(what, Change):
            parts.append(what.statement.cte(f"part_{n}"))
        else:
            columns: dict[str, Any] = {column: bindparam(_name(n, what, column)) for column in given}
            parts.append(_into(what).values(columns).cte(f"part_{n}"))
    return select(literal_column("1"), *met).add_cte(*parts)


def _name(part: int, what: What, given: str) -> str:
    """A part's parameter: a column may be in several parts, a change's parameters have names of their own."""
    return given if isinstance(what, Change) else f"{given}_{part}"
