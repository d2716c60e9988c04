"""A roster file that comes under its whole path is shown and stored under the last part of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventreg.core.db.session import db
from eventreg.people.models import RosterUpload
from tests.rig import cast

from .test_roster_import import ADMINISTRATOR, FILE, bring, make_administrator


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../srv/li/名册.csv", "名册.csv"),
        ("D:/人事/名册.csv ", "名册.csv"),
        ("名" * 300 + ".csv", "名" * 116 + ".csv"),
    ],
)
def test_the_last_part_of_the_name_is_shown(
    app: Flask, client_for: Callable[..., FlaskClient], sent: str, kept: str
) -> None:
    make_administrator(app, cast.set_stage(app, now=cast.lately()).people[ADMINISTRATOR])
    client = client_for(ADMINISTRATOR)

    preview = client.get(bring(client, FILE, name=sent).location)

    assert f">{kept}<" in preview.text
    with app.app_context():
        assert db.session.scalars(select(RosterUpload.name)).all() == [kept]
        db.session.remove()
