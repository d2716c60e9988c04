"""Idempotency keys: the same request asked again gets the same answer (law 12).

A key is written in the work's own transaction, so a duplicate waits behind the first and then
finds its answer. What is kept is a status and the registration's id, never a token.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from sqlalchemy import LargeBinary, String, and_, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime
from eventreg.core.db.constraints import stands_for
from eventreg.core.db.session import AnyRow, add_row, run

from .errors import Busy, Refused


class RequestKey(Model):
    """One answered request: `scope` is whose key it is, and for a person for what.

    `registration_id` is what it led to: a registration, or the draft of a person's "drafts".

    "person:7 campaign:3" or "token:2": a token has one space of keys for all that it asks.
    """

    __tablename__ = "request_key"

    scope: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    status: Mapped[int]
    registration_id: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


ANSWER = (RequestKey.body_hash, RequestKey.status, RequestKey.registration_id.label("led_to"))
ASKED = and_(RequestKey.scope == bindparam("scope"), RequestKey.key == bindparam("key"))
KNOWN = select(*ANSWER).where(ASKED)


@dataclass(frozen=True, slots=True)
class IdempotentRequest:
    """A request that may be repeated. An empty key means that the client sent none."""

    scope: str
    key: str
    body: Mapping[str, object]

    @property
    def body_hash(self) -> bytes:
        """SHA-256 of what was asked for, whatever the order of its fields."""
        whole = json.dumps(self.body, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(whole.encode()).digest()


@dataclass(frozen=True, slots=True)
class EarlierResult:
    """The result of an earlier request with the same key, and its HTTP status."""

    registration_id: int
    status: int


def find_answer(request: IdempotentRequest) -> EarlierResult | None:
    """What this request already led to, or None.

    Raises Refused("request.other_body") when the key was used for something else.
    """
    if not request.key:
        return None
    row = run(KNOWN, {"scope": request.scope, "key": request.key}).one_or_none()
    return None if row is None else answer_in(row, request)


def answer_in(row: AnyRow, request: IdempotentRequest) -> EarlierResult | None:
    """The same from a row that somebody else's statement joined by ANSWER and ASKED; None where it found none."""
    if row.body_hash is None:
        return None
    if row.body_hash != request.body_hash:
        raise Refused("request.other_body", registration_id=row.led_to)
    return EarlierResult(row.led_to, row.status)


def keep_answer(request: IdempotentRequest, registration_id: int, *, status: int, now: datetime) -> None:
    """Remember the answer in the open unit; `registration_id` is 0 when it is about no single one."""
    if request.key:
        add_row(
            RequestKey,
            scope=request.scope,
            key=request.key,
            body_hash=request.body_hash,
            status=status,
            registration_id=registration_id,
            made_at=now,
        )


_working: set[tuple[str, str]] = set()
_turn = Lock()


@contextmanager
def at_work(request: IdempotentRequest) -> Iterator[None]:
    """Around the unit of work: say 409 and not 503 when the first with this key holds the lock.

    A duplicate waits for the first like anybody else. Raises Refused("request.in_progress") when
    it waited in vain and the first is still at work in this process; Busy stays Busy otherwise,
    because then another try is all it takes.
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
