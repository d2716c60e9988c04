"""What all tests share: an app on each database, the cast, signed-in clients."""

from __future__ import annotations

import atexit
import functools
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine, make_url

from eventreg.config import PROJECT, Settings
from eventreg.core.db.connections import prepare
from eventreg.core.db.migrate import migrate
from eventreg.core.db.session import close_all
from eventreg.factory import create_app
from tests.rig import cast, memory, postgres, reset
from tests.rig.clients import Browser, signed_in_client
from tests.rig.reset import Spare

pytest_plugins = ["tests.rig.browser.fixtures"]  # browsers, for the tests of any room that ask for one
DATABASES = ("sqlite", "postgresql")


def pytest_configure() -> None:
    """Before the first temporary folder is made, and the first process started."""
    memory.use()
    # We start the product a hundred times: to compile it once is enough.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # Hypothesis fails an example that takes longer than 200 ms, and examples that are drawn slowly. On two cores
    # that several workers share, any process pauses for longer than that: it says nothing about our code.
    hypothesis.settings.register_profile(
        "shared machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("shared machine")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Workers begin at equal shares: the first with the browsers, which want the processor, the second with what
    mostly waits for processes. They would else all wait at once, or all want what the others want.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "2"))
    first = [item for item in items if item.get_closest_marker("browser")]
    waiting = [item for item in items if _waits(item) and item not in first]
    chosen = {*first, *waiting}
    rest = [item for item in items if item not in chosen]
    share = max(0, len(items) // workers - len(first))
    items[:] = [*first, *rest[:share], *waiting, *rest[share:]]


def _waits(item: pytest.Item) -> bool:
    """Whether a test starts processes and mostly waits for them."""
    return "serving" in item.path.parts or any(map(item.get_closest_marker, ("race", "kill")))


def pytest_collection_finish() -> None:
    """What was loaded and collected stays: the collector of garbage need not go through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """One PostgreSQL for the whole run (of one worker)."""
    with postgres.throw_away() as running:
        yield running


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database of our schema, to be copied: migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("migrated") / "eventreg.db"
    _migrated(f"sqlite:///{file}", lock_file=file.with_suffix(".lock"))
    return file


@pytest.fixture
def installed(tmp_path: Path, migrated_file: Path) -> Path:
    """The instance folder of a product that has its database and will not have to migrate."""
    folder = tmp_path / "installed"
    folder.mkdir(mode=0o700)
    shutil.copy(migrated_file, folder / "eventreg.db")
    return folder


@pytest.fixture(scope="session")
def migrated_name(cluster: postgres.Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of the same on PostgreSQL, a template."""
    url = cluster.fresh()
    _migrated(url, lock_file=tmp_path_factory.mktemp("migrated") / "lock")
    reset.keep(url)
    return make_url(url).database or ""


@pytest.fixture(scope="session")
def spare(cluster: postgres.Cluster, migrated_name: str) -> Spare:
    """Empty PostgreSQL databases of our schema, each used by one test after the other."""
    return Spare(cluster, migrated_name)


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of our schema with nothing in it; tests that use it run on both kinds."""
    if request.param == "sqlite":
        yield _copied(request.getfixturevalue("migrated_file"), tmp_path)
        return
    pool: Spare = request.getfixturevalue("spare")
    url = pool.take()
    yield url
    pool.give_back(url)


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
def sqlite_app(tmp_path: Path, migrated_file: Path) -> Iterator[Flask]:
    """The whole product on SQLite, for what has nothing to do with the database."""
    url = _copied(migrated_file, tmp_path)
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
    made.test_client_class = Browser
    made.jinja_env.bytecode_cache = compiled_templates()
    return made


@functools.cache
def compiled_templates() -> FileSystemBytecodeCache:
    """Jinja's cache of compiled templates in a temporary folder, shared by all apps of this process.

    Each test makes an app of its own. To compile its templates again takes half of the time of a test.
    """
    folder = tempfile.mkdtemp(prefix="eventreg-templates-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return FileSystemBytecodeCache(folder)


def close(made: Flask) -> None:
    """Give the connections back, so that nothing stays open behind a test."""
    with made.app_context():
        close_all()


def _copied(file: Path, folder: Path) -> str:
    copy = folder / "eventreg.db"
    shutil.copy(file, copy)
    return f"sqlite:///{copy}"


def _migrated(url: str, *, lock_file: Path) -> None:
    engine = create_engine(url)
    prepare(engine)
    migrate(engine, PROJECT / "migrations", lock_file=lock_file)
    engine.dispose()
