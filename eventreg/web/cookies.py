"""The session's cookie: Flask's own, with its signer made once and not twice a request."""

from __future__ import annotations

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class Cookies(SecureCookieSessionInterface):
    """One app's: its secret never changes while it runs."""

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer, made at the first cookie."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer
