"""Who waits for a child process holds no connection of the database meanwhile: there are only so many."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.core import sandbox
from eventreg.core.db.session import db, unit_of_work
from tests.nominations.files.test_materials import bring
from tests.nominations.test_nomination_pages import QUOTAS, begun
from tests.people.test_roster_import import ADMINISTRATOR, make_administrator
from tests.people.test_roster_import import bring as bring_roster
from tests.rig import awards, cast, handed_in
from tests.rig.actors import acting
from tests.rig.clients import token_in

SHEET = handed_in.packed({"[Content_Types].xml": b"<Types/>"})


@pytest.fixture
def held(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many connections were taken each time that a child began."""
    counted: list[int] = []
    begun: Callable[..., int] = sandbox._status

    def counting(*asked: Any) -> int:
        counted.append(db.engine.pool.checkedout())  # type: ignore[attr-defined]
        return begun(*asked)

    monkeypatch.setattr(sandbox, "_status", counting)
    return counted


def test_no_connection_is_held_while_a_file_is_read_or_a_document_made(
    app: Flask, client_for: Callable[..., FlaskClient], held: list[int]
) -> None:
    since = cast.lately()
    stage = cast.set_stage(app, now=since)
    contest = awards.set_award(app, stage, now=since)
    make_administrator(app, stage.people[ADMINISTRATOR])
    with app.app_context(), unit_of_work():
        campaign_grants.grant(stage.people["A1"], Role.ORGANISER, "award", actor=acting("test", since))
    contact, organiser = client_for("B2"), client_for("A1")
    draft = begun(contact, contest)

    answers = [contact.get(f"{draft}/form.{kind}").status_code for kind in ("pdf", "docx")]
    answers.append(bring(contact, draft, handed_in.paper("Deeds"), "a.pdf").status_code)
    answers.append(bring_roster(client_for(ADMINISTRATOR), SHEET, name="a.xlsx").status_code)
    form = {"csrf_token": token_in(organiser.get(QUOTAS)), "file": (io.BytesIO(SHEET), "a.xlsx")}
    answers.append(organiser.post(f"{QUOTAS}/file", data=form).status_code)

    assert (answers, held) == ([200, 200, 303, 422, 422], [0, 0, 0, 0, 0])
