"""What all tests share: an app on each database, the cast, signed-in clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.config import Settings
from eventreg.core.db import db
from eventreg.factory import create_app
from tests.rig import cast, postgres
from tests.rig.clients import signed_in_client

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """One PostgreSQL for the whole run (of one worker)."""
    with postgres.throw_away() as running:
        yield running


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database; tests that use it run on both kinds."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'eventreg.db'}"
        return
    cluster: postgres.Cluster = request.getfixturevalue("cluster")
    url = cluster.fresh()
    yield url
    cluster.drop(url)


@pytest.fixture
def settings(tmp_path: Path, database: str) -> Settings:
    """Settings of an installation of its own."""
    return Settings(
        instance=tmp_path / "instance", database_url=database, base_url="http://localhost", scheduler=False
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole product, empty, on each database."""
    made = make_app(settings)
    yield made
    close(made)


@pytest.fixture
def sqlite_app(tmp_path: Path) -> Iterator[Flask]:
    """The whole product on SQLite, for what has nothing to do with the database."""
    url = f"sqlite:///{tmp_path / 'eventreg.db'}"
    made = make_app(
        Settings(
            instance=tmp_path / "instance", database_url=url, base_url="http://localhost", scheduler=False
        )
    )
    yield made
    close(made)


@pytest.fixture
def stage(app: Flask) -> cast.Stage:
    """The cast and the outing with two places."""
    return cast.set_stage(app)


@pytest.fixture
def client_for(app: Flask) -> Callable[..., FlaskClient]:
    """`client_for("A1")`: a browser in which somebody of the cast is signed in."""
    return lambda staff_no, **options: signed_in_client(app, staff_no, **options)


def make_app(settings: Settings, **changes: object) -> Flask:
    """An app whose templates complain about a name they do not know."""
    made = create_app(replace(settings, **changes) if changes else settings)  # type: ignore[arg-type]
    made.testing = True
    return made


def close(made: Flask) -> None:
    """Give the connections back, so that nothing stays open behind a test."""
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
