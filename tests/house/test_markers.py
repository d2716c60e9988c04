"""Tests of races, kills and browsers are found by their markers, which stand in their modules."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.repository import ROOT, name_of, python_files, tree_of

# A test that uses one of these has its marker, itself or by its module.
MEETINGS = {"run_at_once", "a_pair", "players", "Barrier"}  # threads or processes wait for each other
BROWSERS = {
    "chromium",
    "new_phone",
    "filming",
    "open_chromium",
    "open_hall",
}  # how one gets a browser of tests/rig/browser
KILLS = re.compile(r"SIGKILL|\.kill\(|\bkills=|\.kills\b|_kills?\b")
TEST_MODULES = [
    path for path in python_files() if path.name.startswith("test_") and "house" not in path.parts
]

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(tree: ast.Module) -> dict[str, Function]:
    """The functions of a module and of its classes, by name."""
    classes = [node.body for node in tree.body if isinstance(node, ast.ClassDef)]
    return {node.name: node for body in (tree.body, *classes) for node in body if isinstance(node, Function)}


def _words(node: ast.AST) -> set[str]:
    """The names that a function uses, its arguments among them, because they are fixtures."""
    return {
        word
        for one in ast.walk(node)
        for word in (getattr(one, "id", None), getattr(one, "attr", None), getattr(one, "arg", None))
        if isinstance(word, str)
    }


def _used(name: str, functions: dict[str, Function]) -> set[str]:
    """What a function uses, itself or by functions and fixtures of its module."""
    seen, todo = set[str](), [name]
    while todo:
        words = _words(functions[todo.pop()]) - seen
        seen |= words
        todo += [word for word in words if word in functions]
    return seen


def _marks(node: ast.AST | None) -> set[str]:
    """The markers that are named in an expression, as in `pytest.mark.race`."""
    return set(re.findall(r"\bpytest\.mark\.(\w+)", ast.unparse(node))) if node else set()


def _marked(tree: ast.Module) -> set[str]:
    """The markers that a module gives to all its tests."""
    return {
        mark
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
        for mark in _marks(node.value)
    }


def unmarked(tree: ast.Module, marker: str, needles: set[str]) -> list[str]:
    """The tests of a module that use one of the needles and do not have the marker."""
    functions = _functions(tree)
    if marker in _marked(tree):
        return []
    return [
        name
        for name, node in functions.items()
        if name.startswith("test_") and _used(name, functions) & needles
        if marker not in {mark for one in node.decorator_list for mark in _marks(one)}
    ]


def _said(path: Path) -> str:
    return path.read_text("utf-8")


@pytest.mark.parametrize(("marker", "needles"), [("race", MEETINGS), ("browser", BROWSERS)])
def test_each_test_that_is_a_race_or_opens_a_browser_is_marked(marker: str, needles: set[str]) -> None:
    found = {name_of(path): unmarked(tree_of(path), marker, needles) for path in TEST_MODULES}

    assert {name: tests for name, tests in found.items() if tests} == {}


def test_the_modules_that_kill_processes_are_those_with_the_marker() -> None:
    killing = {name_of(path) for path in TEST_MODULES if KILLS.search(_said(path))}
    marked = {name_of(path) for path in TEST_MODULES if "pytest.mark.kill" in _said(path)}

    assert killing == marked


def test_the_modules_that_open_a_browser_are_those_with_the_marker() -> None:
    opening = {name_of(path) for path in TEST_MODULES if BROWSERS & _words(tree_of(path))}
    marked = {name_of(path) for path in TEST_MODULES if "browser" in _marked(tree_of(path))}

    assert marked == opening


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def test_two(app):\n    run_at_once(app, one, two)", ["test_two"]),
        ("def play():\n    threading.Barrier(2)\n\ndef test_two():\n    play()", ["test_two"]),
        ("def pair(players):\n    return players\n\ndef test_two(pair):\n    pass", ["test_two"]),
        ("@pytest.mark.race\ndef test_two(app):\n    run_at_once(app, one, two)", []),
        ("pytestmark = [pytest.mark.race, pytest.mark.kill]\ndef test_two(players):\n    pass", []),
        ("@pytest.mark.kill\ndef test_two(players):\n    pass", ["test_two"]),
        ("def test_one(app):\n    app.run()", []),
    ],
)
def test_an_unmarked_race_is_seen(source: str, found: list[str]) -> None:
    """The control of the tests above."""
    assert unmarked(ast.parse(source), "race", MEETINGS) == found


def test_a_marker_selects_the_tests_that_have_it_only() -> None:
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "race"]
    asked = ["tests/registrations/test_last_places.py", "tests/registrations/test_messages.py"]
    found = subprocess.run(
        [*command, *asked], check=False, cwd=ROOT, capture_output=True, text=True, timeout=120
    )

    tests = re.findall(r"^(tests/.*?)::(\w+)", found.stdout, re.M)
    assert {file for file, _ in tests} == set(asked)
    assert {test for file, test in tests if file == asked[1]} == {
        "test_two_clicks_at_one_instant_send_it_once"
    }
