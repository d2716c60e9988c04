"""An assertion says what differs: a tuple of yes and no does not."""

from __future__ import annotations

import ast

import pytest

from tests.house.repository import ROOT, name_of, nodes, python_files


def _hides_what_differs(node: ast.AST) -> bool:
    """Whether two tuples are compared and one holds a literal True or False, as in `(a, b in c) == (422, True)`."""
    if not isinstance(node, ast.Compare):
        return False
    sides = [node.left, *node.comparators]
    members = [one for side in sides if isinstance(side, ast.Tuple) for one in side.elts]
    literal = any(isinstance(one, ast.Constant) and isinstance(one.value, bool) for one in members)
    return literal and all(isinstance(side, ast.Tuple) for side in sides)


def test_no_assertion_compares_a_tuple_of_yes_and_no() -> None:
    hiding = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files()
        if path.is_relative_to(ROOT / "tests")
        for node in nodes(path)
        if isinstance(node, ast.Compare) and _hides_what_differs(node)
    ]

    assert hiding == []


@pytest.mark.parametrize(
    ("source", "hides"),
    [
        ("(status, word in text, found) == (422, True, [])", True),
        ("(True, 1) == (done, count)", True),
        ("(status, found) == (422, [])", False),
        ("rows['N1'] == ('name', True)", False),  # pytest shows both values
        ("done is True", False),
    ],
)
def test_such_a_tuple_is_seen(source: str, hides: bool) -> None:
    assert _hides_what_differs(ast.parse(source, mode="eval").body) is hides
