"""matrix.toml, read, and the routes that an app really has."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

_WRITTEN = tomllib.loads(Path(__file__).with_name("matrix.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Row:
    """A route, who is let in, and an address to try."""

    method: str
    rule: str
    allow: frozenset[str]
    sample: str

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"

    @property
    def unsafe(self) -> bool:
        return self.method not in {"GET", "HEAD", "OPTIONS"}


def _expanded(names: Iterable[str]) -> frozenset[str]:
    groups: dict[str, list[str]] = _WRITTEN["groups"]
    return frozenset(v for name in names for v in (_expanded(groups[name]) if name in groups else {name}))


def _row(route: str, written: dict[str, list[str]]) -> Row:
    method, rule = route.split(" ", 1)
    return Row(method, rule, _expanded(written["allow"]), str(written["sample"]))


ROWS = [_row(route, written) for route, written in sorted(_WRITTEN["routes"].items())]
GETS = [row for row in ROWS if not row.unsafe]
API = [row for row in ROWS if row.rule.startswith("/api/")]
BY_TOKEN = [row for row in ROWS if row.rule.startswith(("/api/", "/desk/api/"))]  # no cookie
POSTS = [row for row in ROWS if row.unsafe and row not in BY_TOKEN]
OWNED = [row for row in ROWS if "{own}" in row.sample]


def live(app: Flask) -> set[str]:
    """Every "METHOD /rule" of an app."""
    rules = app.url_map.iter_rules()
    return {f"{method} {r.rule}" for r in rules for method in (r.methods or set()) - {"HEAD", "OPTIONS"}}
