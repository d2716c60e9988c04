"""Errors for programs: RFC 9457 problem details with our refusal code, worded for whoever asks."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import make_response, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from eventreg.core.db.errors import find_busy
from eventreg.core.db.session import db
from eventreg.core.errors import Busy, DiskFull, NotFound, Refused
from eventreg.words import refusals

log = logging.getLogger("eventreg.web")

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5
FULL_RETRY_SECONDS = 60
UNFIT = {
    "request.other_body",
    "registration.left",
    "scan.too_many",
    "typed.marks",
}  # 422; other refusals are 409
CODES = {
    400: "request.malformed",
    401: "request.no_token",
    403: "request.scope_missing",
    404: "not_found",
    405: "request.method",
    413: "request.too_large",
    415: "request.not_json",
    422: "request.invalid",
    429: "request.too_many",
    503: "request.busy",
    507: "request.disk_full",
}
KNOWN = frozenset(refusals.SENTENCES)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field; `path` names it, as in "answers.phone"."""

    path: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


class Unfit(Exception):
    """The body reads well and cannot be taken: 422, with a fault a field."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__()
        self.faults = list(faults)


def answer(error: Exception) -> Response:
    """The problem details of any error; what is no refusal is logged whole and told without a trace."""
    db.session.rollback()
    if isinstance(error, Unfit):
        return _unfit(error.faults)
    if isinstance(error, NotFound):
        return problem(404, "not_found")
    if isinstance(error, Refused):
        return problem(_status(error.code), error.code, error.facts)
    if isinstance(error, HTTPException):
        return _http(error)
    if trouble := find_busy(error):
        return _later(trouble)
    return problem(500, "request.failed", request_id=note_broken(error))


def problem(
    status: int,
    code: str,
    facts: Mapping[str, object] | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> Response:
    """One answer of problem details."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": refusals.say(code, facts or {}),
        "code": code,
        **more,
    }
    told = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")  # a field's name may be anything
    made = make_response(told, status, dict(headers or {}))
    made.content_type = MEDIA_TYPE
    return made


def _later(trouble: Busy) -> Response:
    """Another try may do; where the disk is full, somebody has to make room first."""
    status, seconds = (507, FULL_RETRY_SECONDS) if isinstance(trouble, DiskFull) else (503, RETRY_SECONDS)
    return problem(status, CODES[status], headers={"Retry-After": str(seconds)})


def note_broken(error: Exception) -> str:
    """Log our own fault whole; returns the id under which it stands there."""
    request_id = secrets.token_hex(4)
    log.error("web.broken", exc_info=error, extra={"request_id": request_id, "path": request.path})
    return request_id


def _status(code: str) -> int:
    if code == "request.scope_missing":
        return 403
    return 422 if code in UNFIT else 409


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    status = error.code or 500
    if status == 422:
        messages = getattr(error, "data", {}).get("messages", {})
        return _unfit([fault for part in messages.values() for fault in _faults(part)])
    headers = {name: value for name, value in error.get_headers() if name in {"Allow", "WWW-Authenticate"}}
    if status in {429, 503}:
        headers["Retry-After"] = str(RETRY_SECONDS)
    return problem(status, CODES.get(status, "request.failed"), headers=headers)


def _unfit(faults: list[Fault]) -> Response:
    """422; the code of the whole is that of its faults when they all say the same."""
    codes = {fault.code for fault in faults}
    code, facts = (faults[0].code, faults[0].facts) if len(codes) == 1 else (CODES[422], {})
    errors = [
        {"field": one.path, "code": one.code, "detail": refusals.say(one.code, one.facts)} for one in faults
    ]
    return problem(422, code, facts, errors=errors)


def _faults(messages: Any, path: tuple[str, ...] = ()) -> Iterator[Fault]:
    """What marshmallow says, field by field; schemas word their messages in our codes."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            inside = () if name in {"key", "value", "_schema"} else (str(name),)
            yield from _faults(inner, (*path, *inside))
        return
    code = messages[0] if messages[0] in KNOWN else "request.wrong_type"
    yield Fault(".".join(path), code)
