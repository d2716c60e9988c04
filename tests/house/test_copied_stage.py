"""The stage that tests are given as a copy is the one that the product writes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, Table, select

from eventreg.config import Settings
from eventreg.core.db.session import db
from eventreg.core.trail import trail_check
from eventreg.models import METADATA
from tests.conftest import close, make_app
from tests.rig import cast, copies, sight
from tests.rig.reset import Spare


def _everything(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Table -> its rows, without those of the product's own, and without what signs a row: that is random."""
    with app.app_context():
        assert trail_check.verify().broken is None
        return {
            name: [tuple(row) for row in db.session.execute(_columns(table).order_by(*table.primary_key))]
            for name, table in METADATA.tables.items()
            if name not in copies.OF_ITS_OWN
        }


def _columns(table: Table) -> Select[Any]:
    return select(*(column for column in table.columns if column.name not in {"nonce", "mac"}))


@pytest.fixture
def another(request: pytest.FixtureRequest, app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """A second empty product on the same kind of database."""
    (tmp_path / "another").mkdir()
    settings: Settings = app.extensions["eventreg.settings"]
    if settings.database.startswith("sqlite"):
        copy = shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "another/eventreg.db")
        made = make_app(settings, instance=tmp_path / "another/instance", database_url=f"sqlite:///{copy}")
        yield made
        close(made)
        return
    spare: Spare = request.getfixturevalue("spare")
    url = spare.take()
    made = make_app(settings, instance=tmp_path / "another/instance", database_url=url)
    yield made
    close(made)
    spare.give_back(url)


def test_a_copy_is_what_the_product_writes(
    app: Flask, another: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cast, "_SET", {})
    written, copied = cast.set_stage(app), cast.set_stage(another)

    assert len([name for name, rows in _everything(app).items() if rows]) > 8
    assert _everything(another) == _everything(app)
    assert replace(copied, keys=written.keys) == written == cast.find_stage(app)
    assert copied.keys is another.extensions["eventreg.keys"]


def test_the_product_writes_the_same_whenever_it_is_asked(settings: Settings, tmp_path: Path) -> None:
    written = []
    for name in ("first", "second"):
        url = f"sqlite:///{tmp_path / name}.db"
        made = make_app(settings, instance=tmp_path / name, database_url=url)
        with made.app_context():
            cast.write_stage(2, extra=3, now=cast.NOW)
        written.append(_everything(made))
        close(made)

    assert written[0] == written[1]


def test_what_comes_after_a_copy_has_numbers_of_its_own(app: Flask) -> None:
    stage = cast.set_stage(app)
    receipts = [cast.sign_up(app, stage, staff_no) for staff_no in ("A1", "B2", "C3")]

    assert [receipt.arrival for receipt in receipts] == [1, 2, 3]
    assert sight.places(app) == {"A1": "seated", "B2": "seated", "C3": "waiting"}
    assert sight.drift(app) == []
