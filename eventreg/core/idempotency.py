"""Idempotency keys: the same request asked again gets the same answer (law 12).

A key is written in the transaction of the work itself, so a duplicate waits for the first and then
finds its answer. A status and the id of the row that was made are stored, never a token.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from threading import Lock

from sqlalchemy import CheckConstraint, LargeBinary, String, and_, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime
from eventreg.core.db.constraints import stands_for
from eventreg.core.db.session import AnyRow, insert_row, run

from .errors import Busy, Refused


class ResultKind(StrEnum):
    """What a request that may be repeated makes: a row of the table of that name, or a batch of scans."""

    REGISTRATION = "registration"
    CAMPAIGN = "campaign"
    MESSAGE = "message"
    SCANS = "scans"


class RequestKey(Model):
    """One answered request. `scope` says whose key it is, and for a person also for what it is used.

    A scope is "person:7 campaign:3" or "token:2": a token has one space of keys for all its requests.
    `result_id` is the id of what the request made, a `result_kind`; it is NULL for a batch of scans.
    """

    __tablename__ = "request_key"
    __table_args__ = (
        CheckConstraint(
            f"result_kind IN ({', '.join(repr(str(k)) for k in ResultKind)})", name="result_kind"
        ),
        CheckConstraint("(result_kind = 'scans') = (result_id IS NULL)", name="result_id"),
    )

    scope: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    status: Mapped[int]
    result_kind: Mapped[str] = mapped_column(String(12))
    result_id: Mapped[int | None]
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


ANSWER = (
    RequestKey.body_hash,
    RequestKey.status,
    RequestKey.result_kind,
    RequestKey.result_id,
)
ASKED = and_(RequestKey.scope == bindparam("scope"), RequestKey.key == bindparam("key"))
KNOWN = select(*ANSWER).where(ASKED)


@dataclass(frozen=True, slots=True)
class IdempotentRequest:
    """A request that may be repeated, and what it makes. An empty key means that the client sent none."""

    scope: str
    key: str
    body: Mapping[str, object]
    makes: ResultKind

    @property
    def body_hash(self) -> bytes:
        """SHA-256 of the body, independent of the order of its fields."""
        whole = json.dumps(self.body, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(whole.encode()).digest()


@dataclass(frozen=True, slots=True)
class EarlierResult:
    """The result of an earlier request with the same key, and its HTTP status. A batch of scans has no id."""

    kind: ResultKind
    result_id: int | None
    status: int

    @property
    def row_id(self) -> int:
        """The id of the row that the request made. Raises LookupError for a batch of scans."""
        if self.result_id is None:
            raise LookupError(f"{self.kind} is no single row")
        return self.result_id


def find_answer(request: IdempotentRequest) -> EarlierResult | None:
    """The stored answer of this request, or None.

    Raises Refused("request.other_body") when the key was used with another body.
    """
    if not request.key:
        return None
    row = run(KNOWN, {"scope": request.scope, "key": request.key}).one_or_none()
    return None if row is None else answer_in(row, request)


def answer_in(row: AnyRow, request: IdempotentRequest) -> EarlierResult | None:
    """The same from a row of a statement that selects ANSWER and joins by ASKED."""
    if row.body_hash is None:
        return None
    if row.body_hash != request.body_hash:
        raise Refused("request.other_body", result_kind=row.result_kind, result_id=row.result_id)
    return EarlierResult(ResultKind(row.result_kind), row.result_id, row.status)


def keep_answer(request: IdempotentRequest, result_id: int | None, *, status: int, now: datetime) -> None:
    """Store the answer in the open unit of work; `result_id` is None for a batch of scans."""
    if request.key:
        insert_row(
            RequestKey,
            scope=request.scope,
            key=request.key,
            body_hash=request.body_hash,
            status=status,
            result_kind=request.makes,
            result_id=result_id,
            made_at=now,
        )


_working: set[tuple[str, str]] = set()
_turn = Lock()


@contextmanager
def at_work(request: IdempotentRequest) -> Iterator[None]:
    """Put this around the unit of work, so that a duplicate of a running request is answered 409 and not 503.

    A duplicate waits for the write lock like any other request. If it waits in vain while the first request
    with its key still runs in this process, this raises Refused("request.in_progress"). Otherwise Busy is
    passed on, because repeating the request is enough.
    """
    name = (request.scope, request.key)
    with _turn:
        first = bool(request.key) and name not in _working
        if first:
            _working.add(name)
    try:
        yield
    except Busy:
        if not first and name in _working:
            raise Refused("request.in_progress") from None
        raise
    finally:
        if first:
            _working.discard(name)


stands_for("pk_request_key", "request.other_body")  # two campaigns at one instant: two bodies
