"""Addresses are what werkzeug builds, and a start compiles none of their builders."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from eventreg.config import Settings
from eventreg.factory import create_app
from eventreg.web.app import routes
from tests.conftest import _copied, close

CODE = {"first"}  # the name of what compiles when it is called


def _app(kind: type[Rule], folder: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    folder.mkdir()
    monkeypatch.setattr(routes.Product, "url_rule_class", kind)
    url = _copied(file, folder)
    return create_app(Settings(instance=folder / "instance", database_url=url, scheduler=False))


def _addresses(app: Flask) -> list[tuple[str, object]]:
    """Of every rule, with and without a query, and built twice."""
    found: list[tuple[str, object]] = []
    for rule in app.url_map.iter_rules():
        given = {
            name: 7 if "Integer" in type(how).__name__ else "a 王/b" for name, how in rule._converters.items()
        }
        for values in (given, given | {"page": "2", "rule": "x", "self": "y"}):
            found += [(rule.rule, rule.build(values, unknown)) for unknown in (True, False, True)]
    return sorted(found, key=repr)


def test_every_address_is_werkzeugs(
    tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = _app(Rule, tmp_path / "theirs", migrated_file, monkeypatch)
    ours = _app(routes.Route, tmp_path / "ours", migrated_file, monkeypatch)
    lazy = [rule for rule in ours.url_map.iter_rules() if rule._build.__name__ in CODE]
    assert len(lazy) == len(list(ours.url_map.iter_rules())) > 200

    assert _addresses(ours) == _addresses(theirs)

    assert [rule for rule in lazy if rule._build.__name__ in CODE] == []
    assert [rule for rule in theirs.url_map.iter_rules() if rule._build.__name__ in CODE] == []
    for app in (ours, theirs):
        close(app)
