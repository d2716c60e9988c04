"""The session's cookie: Flask's own, with its signer made once and not twice a request."""

from __future__ import annotations

from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from eventreg.core import key_watch


class Cookies(SecureCookieSessionInterface):
    """One app's. Its keys change only when somebody rotates them, which is noticed before a cookie is read."""

    def __init__(self) -> None:
        self._made: tuple[tuple[Any, Any], URLSafeTimedSerializer | None] | None = None

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie with the keys of now."""
        key_watch.notice_file()
        return super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer, made at the first cookie and when the keys have changed."""
        secrets = app.config["SECRET_KEY"], app.config["SECRET_KEY_FALLBACKS"]
        made = self._made
        if made is None or made[0] != secrets:
            made = self._made = secrets, super().get_signing_serializer(app)
        return made[1]
