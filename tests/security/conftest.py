"""One world a database, made once and put back after each test that changed it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eventreg.config import Settings
from eventreg.core.db.session import db
from eventreg.factory import create_app
from tests.rig.postgres import Cluster
from tests.security.world import World, on_postgresql, on_sqlite


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def whole_world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The demo company on each database."""
    folder = tmp_path_factory.mktemp("instance")
    if request.param == "sqlite":
        yield from _until_done(on_sqlite(folder))
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    yield from _until_done(on_postgresql(folder, cluster.fresh()))


@pytest.fixture
def world(whole_world: World) -> Iterator[World]:
    """A world that a test may change."""
    yield whole_world
    whole_world.restore()


@pytest.fixture
def https_world(tmp_path: Path) -> Iterator[World]:
    """An empty product behind https."""
    settings = Settings(instance=tmp_path, base_url="https://events.example.cn", scheduler=False)
    yield from _until_done(World(create_app(settings), lambda: None))


def _until_done(world: World) -> Iterator[World]:
    yield world
    with world.app.app_context():
        db.session.remove()
        db.engine.dispose()
