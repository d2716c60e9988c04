"""The session cookie: Flask's own, with a signer that a clock set back does not disturb, and never set for a request of another site."""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, Response, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from eventreg.core.keyring import key_watch
from eventreg.web.forms import returned_forms

SAFE = {"GET", "HEAD", "OPTIONS"}


class FutureTolerantSigner(TimestampSigner):
    """A signer that accepts a cookie dated in the future; the session's row decides how long the cookie is valid."""

    def unsign(
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False
    ) -> Any:
        """The value, with its signing time if asked for. Raises SignatureExpired for old cookies only."""
        value, at = super().unsign(signed_value, return_timestamp=True)
        if max_age is not None and self.get_timestamp() - at.timestamp() > max_age:
            raise SignatureExpired(f"older than {max_age} s", payload=value, date_signed=at)
        return (value, at) if return_timestamp else value


class SessionCookies(SecureCookieSessionInterface):
    """The session cookies of one app. A key rotation is noticed before a cookie is read."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie with the current keys."""
        key_watch.notice_file()
        return super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Flask's, with a signer that accepts cookies dated in the future."""
        serializer = super().get_signing_serializer(app)
        if serializer is not None:
            serializer.signer = FutureTolerantSigner
        return serializer

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        """Set, renew or clear the cookie, unless a page of another site made the request.

        With such a request a browser sends no cookie of ours, but stores the one that the answer sets: any page of the web
        could sign its visitors out.
        """
        if may_set_cookies():
            super().save_session(app, session, response)


def may_set_cookies() -> bool:
    """Whether the request is a navigation by link or address, or comes from a page of the product."""
    if request.method in SAFE:
        foreign = request.headers.get("Sec-Fetch-Site") in returned_forms.FOREIGN
        return not foreign or request.headers.get("Sec-Fetch-Mode") == "navigate"
    return bool(g.get("csrf_valid")) or returned_forms.came_from_our_page()
