"""The rows and seals of the audit trail as a check reads them: all of them, whatever somebody has put into the tables.

SQLite takes text where a number belongs, and PostgreSQL knows dates that Python does not. What cannot be read is
told as such, in its place, instead of ending the check.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.orm import InstrumentedAttribute

from eventreg.core.db.session import db

from .audit import AuditEntry, AuditSeal

HASH = 32  # bytes


@dataclass(frozen=True, slots=True)
class TrailRow:
    """A row of the trail; `entry` is None where its content cannot be read."""

    number: int
    entry: AuditEntry | None


@dataclass(frozen=True, slots=True)
class SealLink:
    """A seal with its row. `hash` is None where the seal cannot be read; `row` is None where there is none."""

    number: int
    hash: bytes | None
    entry_id: int
    row: TrailRow | None


def read_links(most: int) -> Iterator[SealLink]:
    """Every seal by number, the lowest first, which may be below 1; `most` of them in memory."""
    for numbers in _batches(select(AuditSeal.id), AuditSeal.id, most):
        here = AuditSeal.id.in_(numbers)
        sound = select(AuditSeal.id, AuditSeal.hash, AuditSeal.entry_id).where(here, _is_sound_seal())
        read = {number: (hash_, entry_id) for number, hash_, entry_id in db.session.execute(sound)}
        rows = read_rows([entry_id for _hash, entry_id in read.values()])
        for number in numbers:
            hash_, entry_id = read.get(number, (None, 0))
            yield SealLink(number, hash_, entry_id, rows.get(entry_id))
        _forget(rows)


def read_unsealed(most: int) -> Iterator[TrailRow]:
    """Rows without a seal by number, the lowest first; `most` of them in memory."""
    return read_those(select(AuditEntry.id).outerjoin(AuditSeal).where(AuditSeal.id.is_(None)), most)


def read_those(query: Select[int], most: int) -> Iterator[TrailRow]:
    """The rows whose numbers a query finds, the lowest first; `most` of them in memory."""
    for numbers in _batches(query, AuditEntry.id, most):
        rows = read_rows(numbers)
        yield from rows.values()
        _forget(rows)


def read_rows(numbers: Sequence[int]) -> dict[int, TrailRow]:
    """The rows of these numbers that are there, in their order."""
    sound = select(AuditEntry).where(AuditEntry.id.in_(numbers), _is_sound_row())
    try:
        read = {entry.id: entry for entry in db.session.scalars(sound)}
    except (ValueError, TypeError, OverflowError, RecursionError, DataError, OperationalError):
        read = {number: entry for number in numbers if (entry := _read_one(number)) is not None}
    there = select(AuditEntry.id).where(AuditEntry.id.in_(numbers)).order_by(AuditEntry.id)
    return {number: TrailRow(number, read.get(number)) for number in db.session.scalars(there)}


def _forget(rows: Mapping[int, TrailRow]) -> None:
    """Whatever else the session holds stays: a unit of work may be open."""
    for row in rows.values():
        if row.entry is not None and row.entry in db.session:
            db.session.expunge(row.entry)


def _read_one(number: int) -> AuditEntry | None:
    try:
        return db.session.scalar(select(AuditEntry).where(AuditEntry.id == number, _is_sound_row()))
    except (ValueError, TypeError, OverflowError, RecursionError, DataError):
        return None
    except OperationalError as error:
        if "decode" not in str(error):  # SQLite's word for text that is not UTF-8; others tell of the server
            raise
        return None


def _batches(query: Select[int], column: InstrumentedAttribute[int], most: int) -> Iterator[list[int]]:
    some = list(db.session.scalars(query.order_by(column).limit(most)))
    while some:
        yield some
        some = list(db.session.scalars(query.where(column > some[-1]).order_by(column).limit(most)))


def _is_sound_seal() -> ColumnElement[bool]:
    whole = (func.length(AuditSeal.hash) == HASH) & AuditSeal.entry_id.is_not(None)
    return whole & _has_types("blob", AuditSeal.hash) & _has_types("integer", AuditSeal.entry_id)


def _is_sound_row() -> ColumnElement[bool]:
    texts = _has_types("text", AuditEntry.at, AuditEntry.by, AuditEntry.action, AuditEntry.subject)
    json = _has_types("text", AuditEntry.facts)
    return texts & json & _has_types("blob null", AuditEntry.nonce, AuditEntry.mac)


def _has_types(kinds: str, *columns: InstrumentedAttribute[object]) -> ColumnElement[bool]:
    """PostgreSQL keeps to the types of its columns."""
    if db.engine.dialect.name != "sqlite":
        return true()
    found: ColumnElement[bool] = true()
    for column in columns:
        found = found & func.typeof(column).in_(kinds.split())
    return found
