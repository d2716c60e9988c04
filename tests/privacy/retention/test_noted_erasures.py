"""Erasures are noted beside the database, and known again by id and staff number."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg import retention_job
from eventreg.core.db.session import db, unit_of_work
from eventreg.people.models import Person
from eventreg.privacy.retention import erasing, noted
from eventreg.privacy.retention.models import ErasureRequest
from tests.people.test_roster_import import ADMINISTRATOR, make_administrator
from tests.privacy.test_my_data import NOW
from tests.rig import cast
from tests.rig.cast import Stage
from tests.rig.clients import send, signed_in_client


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing, and an administrator."""
    stage = cast.set_stage(app, now=NOW - timedelta(hours=1))
    make_administrator(app, stage.people[ADMINISTRATOR])
    return stage


@pytest.fixture
def office(app: Flask, stage: Stage) -> FlaskClient:
    """The administrator's browser."""
    return signed_in_client(app, ADMINISTRATOR)


def erased(app: Flask) -> int:
    with app.app_context():
        return db.session.query(ErasureRequest).count()


def test_an_erasure_leaves_a_line_with_the_mark_of_the_person(
    app: Flask, stage: Stage, office: FlaskClient
) -> None:
    me = stage.people["B2"]

    answer = send(office, f"/manage/people/{me}/erasure", asked="y")

    lines = noted.list_noted(Path(app.extensions["eventreg.settings"].instance))
    with app.app_context():
        mark = erasing.mark_of(me)
    assert (answer.status_code, erased(app)) == (303, 1)
    assert [(line.person_id, line.mark) for line in lines] == [(me, mark)]


def test_no_erasure_is_committed_that_could_not_be_noted(
    app: Flask, stage: Stage, office: FlaskClient
) -> None:
    """Otherwise a backup would bring back what somebody was told is gone. A folder lies where the list should be."""
    (Path(app.extensions["eventreg.settings"].instance) / noted.NAME).mkdir()

    answer = send(office, f"/manage/people/{stage.people['B2']}/erasure", asked="y")

    assert (answer.status_code, erased(app)) == (500, 0)


def test_who_gets_the_id_of_somebody_erased_is_left_alone(app: Flask, stage: Stage) -> None:
    """The person who was erased joined after the backup; the restored database gives their id to another."""
    instance = Path(app.extensions["eventreg.settings"].instance)
    with app.app_context():
        erased_mark = erasing.mark_of(stage.people["B2"])
    noted.note(instance, stage.people["A1"], mark=erased_mark, at=NOW)
    with app.app_context(), unit_of_work():
        row = db.session.get_one(Person, stage.people["A1"])
        row.left_at, row.email = NOW, "a@example.invalid"

    with app.app_context():
        retention_job.retain(NOW)
        assert db.session.get_one(Person, stage.people["A1"]).email == "a@example.invalid"
        assert db.session.query(ErasureRequest).count() == 0


def test_a_line_that_was_cut_off_costs_no_other(tmp_path: Path) -> None:
    noted.note(tmp_path, 1, mark="a", at=NOW)
    with (tmp_path / noted.NAME).open("ab") as file:
        file.write(b'{"person": 2')
    noted.note(tmp_path, 3, mark="c", at=NOW)

    assert noted.list_noted(tmp_path) == [
        noted.NotedErasure(1, "a", NOW),
        noted.NotedErasure(3, "c", NOW),
    ]
    assert (tmp_path / noted.NAME).stat().st_mode & 0o777 == 0o600
    assert noted.list_noted(tmp_path / "nowhere") == []
