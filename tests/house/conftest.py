"""An empty product, and the same one while debugging: what the house tests ask about its routes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from eventreg.config import Settings
from eventreg.core.db.session import db
from eventreg.factory import create_app


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app as `python app.py` makes it, empty, on SQLite."""
    yield from _made(Settings(instance=tmp_path_factory.mktemp("instance"), scheduler=False))


@pytest.fixture
def debugged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The app as `flask --debug` makes it."""
    monkeypatch.setenv("FLASK_DEBUG", "1")
    yield from _made(replace(Settings(), instance=tmp_path, scheduler=False))


def _made(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
