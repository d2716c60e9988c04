"""The outing with an organiser and an administrator, and forms of a plan as a browser sends them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventreg.accounts import grants as house
from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import token_in

OUTING = "/manage/campaigns/outing"
ClientFor = Callable[..., FlaskClient]


def organised(app: Flask, *, capacity: int = 2, extra: int = 0) -> Stage:
    """The outing, open since an hour; A1 organises it, B2 administers the house."""
    stage = cast.set_stage(app, capacity=capacity, extra=extra, now=cast.lately())
    now = utc_now() - timedelta(minutes=1)
    with app.app_context(), unit_of_work():
        campaign_grants.grant(stage.people["A1"], Role.ORGANISER, "outing", actor=acting("test", now))
        house.grant(stage.people["B2"], Role.ADMINISTRATOR, unit_id=None, actor=acting("test", now))
    return stage


def sent(client: FlaskClient, form_at: str, to: str | None = None, **fields: object) -> TestResponse:
    """Open the page with a form and send it with the version that it shows, and these fields."""
    page = client.get(form_at)
    version = page.text.split('name="version"')[1].split('value="')[1].split('"')[0]
    return client.post(to or form_at, data={"csrf_token": token_in(page), "version": version} | fields)


def made(client: FlaskClient, title: str = "健步走", start: str = "blank:outing") -> str:
    """A new draft's plan page."""
    page = client.get("/manage/new-campaign")
    form = {"csrf_token": token_in(page), "title": title, "start": start}
    answer = client.post("/manage/new-campaign", data=form)
    assert answer.status_code == 303
    return str(answer.location)
