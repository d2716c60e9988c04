"""Guards of the API: a bearer token with the scope, and a JSON body of limited size."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress

from flask import g, request
from werkzeug.exceptions import BadRequest, Unauthorized, UnsupportedMediaType

from eventreg.accounts import api_tokens
from eventreg.accounts.rules import ApiScope, Caller
from eventreg.core.actor import Actor
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Busy, Refused
from eventreg.web.app import current
from eventreg.web.app.gate import Guard
from eventreg.web.app.problems import Fault, Unfit

BODY_MOST = 32 * 1024
WITHOUT_BODY = frozenset({"api_registrations.confirm"})  # a body may be sent, and is checked then


def with_scope(scope: ApiScope, *, body_most: int = BODY_MOST) -> Guard:
    """A guard that admits tokens with this scope. Cookies are ignored; OPTIONS is answered to anybody."""

    def guard() -> None:
        if request.method == "OPTIONS":
            return
        who = _find_caller()
        if who is None:
            raise Unauthorized
        if scope not in who.scopes:
            raise Refused("request.scope_missing", scope=str(scope))
        g.caller = who
        _note_use(who)
        bare = request.endpoint in WITHOUT_BODY and not request.get_data()
        if request.method in {"POST", "PUT", "PATCH"} and not bare:
            _check_body(body_most)

    return guard


def caller() -> Caller:
    """The program that sent the request; call it only behind `with_scope`."""
    found: Caller = g.caller
    return found


def actor() -> Actor:
    """The program as an actor for services; call it only behind `with_scope`."""
    return Actor(caller().audit_name, current.now(), current.keys())


def _find_caller() -> Caller | None:
    shown = request.authorization
    if shown is None or shown.type != "bearer" or not shown.token:
        return None
    return api_tokens.find(shown.token, now=current.now())


def _note_use(who: Caller) -> None:
    """Store when the token was last used, at most once a minute, in its own unit of work; skipped if the database is busy."""
    if who.touch_due:
        with suppress(Busy), unit_of_work(wait=False):
            api_tokens.touch(who.token_id, now=current.now())


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of a body. Raises Unfit for a field that is given twice: nobody can tell which one is meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, times in Counter(name for name, _value in pairs).items() if times > 1)
        raise Unfit([Fault(twice[:80], "request.field_twice")])
    return found


def _check_body(most: int) -> None:
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    request.max_content_length = most
    try:
        json.loads(request.get_data(), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise BadRequest from None
