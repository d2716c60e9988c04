"""The current request: its visitor, its instant, its keys, and what its cookie carries.

The cookie holds a random token and the CSRF secret, signed; everything that can be revoked is a row in the database.
Signing in again as the same person keeps the CSRF secret, so that forms in other tabs work.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from flask import after_this_request, current_app, g, request, session
from werkzeug.wrappers import Response

from eventreg.accounts import browser_marks as marks
from eventreg.accounts import sessions
from eventreg.accounts.rules import Role, Visitor
from eventreg.campaigns import campaign_grants
from eventreg.campaigns.access import Reader
from eventreg.config import Settings
from eventreg.core.actor import Actor, person_actor
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Busy, Unusable
from eventreg.core.keyring.keys import Keys, keys_in_use
from eventreg.core.request_start import request_started_at as request_began
from eventreg.people import service as people
from eventreg.words import locale

TOKEN = "token"  # noqa: S105  (the name of a cookie field, not a secret)
ASKED = "asked"
KEPT = "kept"
CSRF_SECRET = "csrf_token"  # noqa: S105  (the field of the cookie in which Flask-WTF keeps it)
LANGUAGE = "language"
MARK_LIFE = 400 * 24 * 3600  # seconds: no browser keeps a cookie longer
KEPT_MOST = 2_900  # bytes of a sealed form: browsers accept cookies of 4 KB; a long remark needs 2.3 KB


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form that was not accepted, with what was typed: its address, the page it is on, its fields.

    `person` is the person of the session that the cookie named then, valid or ended; None if it named none.
    """

    person: int | None
    path: str
    page: str
    pairs: list[tuple[str, str]]

    @property
    def fields(self) -> dict[str, str]:
        """One value for each field; the first one if there are several."""
        return dict(reversed(self.pairs))


def now() -> datetime:
    """The instant of this request: the same for everything that it does."""
    at: datetime | None = g.get("now")
    if at is None:
        at = g.now = utc_now()
    return at


def request_start() -> datetime:
    """When this request started, which may be minutes before its body had arrived."""
    return request_began(request.environ, now=now())


def arrived() -> datetime:
    """The time at which this request had arrived completely; call it after the body was read."""
    return utc_now()


def keys() -> Keys:
    """The installation's keys: the same for the whole request, even if they are rotated meanwhile."""
    found: Keys | None = g.get("keys")
    if found is None:
        found = g.keys = keys_in_use()
    return found


def settings() -> Settings:
    """The settings of the installation."""
    found: Settings = current_app.extensions["eventreg.settings"]
    return found


def visitor() -> Visitor:
    """The visitor of this request, read once together with their roles (see `roles`)."""
    found: Visitor | None = g.get("visitor")
    if found is None:
        found, g.roles = campaign_grants.find_visitor(session.get(TOKEN, ""), now=now())
        g.visitor = found
    return found


def holder() -> int | None:
    """The person of the session that the cookie names, valid or ended; None if there is no such session."""
    token = session.get(TOKEN, "")
    return sessions.find_holder(token) if token else None


def ignore_cookie() -> None:
    """Treat this request as one without a visitor, whatever its cookie says; guards for bearer tokens call it first."""
    g.visitor, g.roles = Visitor(), frozenset()


def roles() -> frozenset[Role]:
    """The roles of the visitor besides employee; read together with the visitor."""
    visitor()
    found: frozenset[Role] = g.roles
    return found


def person_id() -> int:
    """The id of the signed-in person; call it only behind a guard that requires one."""
    found = visitor().person_id
    if found is None:
        raise RuntimeError("a view for signed-in people has no guard")
    return found


def actor(*, at: datetime | None = None) -> Actor:
    """The visitor as services take one, at the instant of the request; `at` is another instant, such as `arrived()`."""
    return Actor(visitor().audit_name, at or now(), keys())


def reader() -> Reader:
    """The visitor as rules of access take them; call it only behind a guard that requires somebody signed in."""
    return Reader(person_id(), roles(), now())


def note_visit(*, privileged: bool = False) -> None:
    """Update last-seen, at most once a minute, in its own unit of work; it is skipped if the database is busy.

    Opening a privileged page counts even if a public page was seen within the minute.
    """
    who = visitor()
    opens = privileged and who.elevated
    if who.session_id is None or not (who.touch_due or (opens and who.door_due)):
        return
    with suppress(Busy), unit_of_work(wait=False):
        sessions.touch(who.session_id, elevated=opens, now=now())


def sign_in(signed_in: int, *, way: str) -> str:
    """Create a session row for a person and end the one that this browser had; returns the token for `carry`.

    Call it inside a unit of work.
    """
    _keep_language(signed_in)
    before = visitor()
    if before.session_id is not None and before.person_id is not None:
        sessions.end(before.session_id, actor=person_actor(before.person_id, now=now()))
    g.signed_in = signed_in
    return sessions.begin(signed_in, browser=request.user_agent.string, way=way, now=now())


def _keep_language(person: int) -> None:
    """Letters use the language of the page: the one chosen before signing in, else the browser's on the first visit."""
    chosen = session.get(LANGUAGE)
    hers = people.person_facts(person).locale
    wish = chosen or hers or (locale.current() if request.accept_languages else None)
    if wish is not None and wish != hers:
        people.choose_locale(person, wish)


def carry(token: str) -> None:
    """Give the browser its new token. The CSRF secret and an unsent form stay where the same person signs in again.

    For another person both are dropped: somebody who planted the cookie (a page at another port) or used the browser
    before knows that secret, and may have filled in that form.
    """
    if holder() != g.signed_in:
        session.pop(CSRF_SECRET, None)
    session.pop(ASKED, None)
    session[TOKEN] = token
    session.permanent = True
    _mark_browser(g.signed_in)
    g.pop("visitor", None)
    g.pop("roles", None)


def browser_marks() -> list[str]:
    """The marks of the people who signed in in this browser before; signing out keeps them."""
    return marks.split(request.cookies.get(_mark_cookie(), ""))


def _mark_browser(person: int) -> None:
    """Mark this browser as one in which a person has signed in: its requests for codes are counted separately.

    An existing mark is renewed with the same number under the current key, so that the old key can be retired.
    """
    held = browser_marks()
    hers = [mark for mark in held if marks.find([mark], person, keys=keys())]
    others = [mark for mark in held if mark not in hers]
    number = marks.find(hers[:1], person, keys=keys())
    cookie = marks.joined([marks.make(person, keys=keys(), number=number), *others])

    def put(answer: Response) -> Response:
        answer.set_cookie(
            _mark_cookie(), cookie, max_age=MARK_LIFE, secure=settings().secure, httponly=True, samesite="Lax"
        )
        return answer

    after_this_request(put)


def _mark_cookie() -> str:
    return "__Host-eventreg-known" if settings().secure else "eventreg-known"


def forget() -> None:
    """Remove the token from the cookie; the service ends its row."""
    for name in (TOKEN, ASKED, KEPT, CSRF_SECRET):
        session.pop(name, None)
    g.visitor, g.roles = replace(Visitor(), locale=visitor().locale), frozenset()


def keep_form(path: str, pairs: list[tuple[str, str]], *, page: str) -> bool:
    """Keep an unsent form during a sign-in; False if it is too long for a cookie."""
    box = keys().sealed(json.dumps([holder(), path, page, pairs], ensure_ascii=False)).decode()
    if len(box) > KEPT_MOST:
        return False
    session[KEPT] = box
    return True


def kept_form() -> KeptForm | None:
    """The kept form; None also if it is another person's or was sealed under other keys."""
    box = session.get(KEPT)
    if not box:
        return None
    with suppress(Unusable, ValueError):
        person, path, page, pairs = json.loads(keys().opened(box.encode()))
        if person in {None, visitor().person_id}:
            return KeptForm(person, path, page, [(name, value) for name, value in pairs])
    return None


def drop_kept_form() -> None:
    """Remove the kept form: it was sent, or shown again."""
    session.pop(KEPT, None)
