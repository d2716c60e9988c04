"""Browsers for tests: signed in without a letter, with the form's token at hand."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.people.service import get_person_by_staff_no
from eventreg.web.app.current import TOKEN

from .cast import begin_session


class Browser(FlaskClient):
    """A client that says where its forms come from, as browsers do: from pages of ours."""

    def __init__(self, app: Flask, *args: Any, **options: Any) -> None:
        super().__init__(app, *args, **options)
        settings: Settings = app.extensions["eventreg.settings"]
        self.environ_base["HTTP_ORIGIN"] = settings.base_url


def signed_in_client(app: Flask, staff_no: str, *, since: datetime | None = None) -> FlaskClient:
    """A client that holds a session of this person, begun at `since` or now."""
    with app.app_context():
        person_id = get_person_by_staff_no(staff_no).id
    token = begin_session(app, person_id, now=since or utc_now())
    client = app.test_client()
    with client.session_transaction() as session:
        session[TOKEN] = token
    return client


def token_in(page: TestResponse) -> str:
    """The CSRF token of a page's form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    if found is None:
        raise AssertionError(f"no form with a token in this page ({page.status_code})")
    return found[1]


def form_of(page: TestResponse) -> dict[str, object]:
    """What a sign-up page's form would send untouched but for the consent: token, key, versions, notice."""
    data: dict[str, object] = {"csrf_token": token_in(page)}
    for name in ("idempotency_key", "form_version", "answers_version", "consent"):
        tags = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page.text)
        for tag in tags:
            data[name] = re.search(r'value="([^"]*)"', tag)[1]  # type: ignore[index]
    return data


def send(client: FlaskClient, form_at: str, to: str | None = None, **fields: object) -> TestResponse:
    """Open the page at `form_at` and send its form with these fields."""
    return client.post(to or form_at, data=form_of(client.get(form_at)) | fields)
