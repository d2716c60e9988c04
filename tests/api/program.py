"""What a program does at the API: requests with a bearer token, and nothing of a browser."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from flask import Flask
from werkzeug.test import TestResponse

from eventreg.accounts import api_tokens
from eventreg.accounts.rules import ApiScope
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from tests.rig.actors import acting

REGISTRATIONS = "/api/v1/campaigns/outing/registrations"
_numbers = count(1)


def token_for(app: Flask, *scopes: str, days: int = 1) -> str:
    """A fresh token with these scopes."""
    wanted = [ApiScope(scope) for scope in scopes]
    with app.app_context(), unit_of_work():
        name = f"program {next(_numbers)}"
        return api_tokens.make(name, wanted, owner="", actor=acting("test", utc_now()), days=days)


@dataclass(frozen=True)
class Program:
    """A caller with a token; each request is a client of its own, so no cookie is ever kept."""

    app: Flask
    token: str

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """One request; a body is sent as JSON."""
        sent = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"} | dict(headers or {})
        if key:
            sent["Idempotency-Key"] = key
        data = None if body is None else json.dumps(body).encode()
        kind = None if body is None else "application/json"
        sent_as = sent.pop("Content-Type", kind)
        return self.app.test_client(use_cookies=False).open(
            path, method=method, data=data, content_type=sent_as, headers=sent
        )

    def get(self, path: str) -> TestResponse:
        """A GET."""
        return self.ask("GET", path)

    def register(self, staff_no: str, *, key: str = "", **more: object) -> TestResponse:
        """Ask for a registration in the outing."""
        return self.ask("POST", REGISTRATIONS, {"staff_no": staff_no, "answers": {}} | more, key=key)

    def withdraw(self, registration_id: int) -> TestResponse:
        """Give one up."""
        return self.ask("DELETE", f"/api/v1/registrations/{registration_id}")
