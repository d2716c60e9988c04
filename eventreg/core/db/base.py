"""The base of all models: declarative base with named constraints, UTC datetimes, ids known before the INSERT."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Integer, MetaData
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """Base of every table. All constraints are named, so that migrations can change them."""

    metadata = MetaData(naming_convention=NAMES)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database, on every database alike.

    A naive datetime is refused at once: it would be another instant on another machine.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class NextId(FunctionElement[int]):
    """The id of the next row of a table, before it is inserted: what is written with it can name it.

    PostgreSQL's sequence gives it to nobody else, so an id that is not used is left out. SQLite has one
    writer: inside a unit of work it is the id that an INSERT would give.
    """

    type = Integer()
    inherit_cache = True
    name = "next_id"


def next_id(model: type[Model]) -> NextId:
    """`NextId` of a table whose key is one integer."""
    return NextId(model.__table__.c.id)


@compiles(NextId, "postgresql")
def _of_sequence(element: NextId, _compiler: Any, **_more: Any) -> str:
    (column,) = element.clauses
    return f"(SELECT nextval('{column.table.name}_id_seq'))"  # once, however many rows are read


@compiles(NextId, "sqlite")
def _of_rows(element: NextId, _compiler: Any, **_more: Any) -> str:
    (column,) = element.clauses
    return f"(SELECT coalesce(max(id), 0) + 1 FROM {column.table.name})"  # noqa: S608
