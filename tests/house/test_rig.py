"""The rig of the tests: it uses the public parts of libraries, and no test depends on how fast the machine is."""

from __future__ import annotations

import ast
from pathlib import Path

from hypothesis import HealthCheck, settings

from tests.house.repository import ROOT

OWN = ("self", "cls")  # what a class keeps to itself is its own
CALLED = {"writer._add_object"}  # pypdf has no public name for it, and its manual calls it


def _private_parts(source: str) -> list[str]:
    """The private attributes of other objects that a source reads, sets or imports."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and _is_private(node.attr):
            if ast.unparse(node.value) not in OWN:
                found.append(ast.unparse(node))
        elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
            names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
            found += [name for name in names if _is_private(name)]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("setattr", "getattr")):
            found += [ast.unparse(one) for one in node.args if _names_private(one)]
    return found


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def _names_private(one: ast.expr) -> bool:
    value = one.value if isinstance(one, ast.Constant) else None
    return isinstance(value, str) and _is_private(value.rsplit(".", 1)[-1])


def _rig() -> list[Path]:
    return [
        *(ROOT / "tests/rig").glob("*.py"),
        *(ROOT / "tests").rglob("conftest.py"),
        ROOT / "tests/rig/browser/live.py",
    ]


def test_the_rig_uses_no_private_part_of_a_library() -> None:
    found = {file.relative_to(ROOT).as_posix(): _private_parts(file.read_text("utf-8")) for file in _rig()}

    assert {name: parts for name, parts in found.items() if not CALLED.issuperset(parts)} == {}


def test_private_parts_are_seen() -> None:
    """The control of the test above."""
    source = """
from werkzeug.routing import Rule
from _pytest import config
class Own(Rule):
    def compile(self):
        self._parts = super()._compile_builder(False)
monkeypatch.setattr(server, "_map", {})
"""

    assert sorted(_private_parts(source)) == ["'_map'", "_pytest", "super()._compile_builder"]


def test_a_property_may_take_as_long_as_it_takes() -> None:
    """A process that pauses on a busy machine fails no example: it is not our code that was slow."""
    assert settings().deadline is None
    assert HealthCheck.too_slow in settings().suppress_health_check
