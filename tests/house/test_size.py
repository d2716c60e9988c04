"""No monster grows unseen: 45 lines a function, 300 a file."""

from __future__ import annotations

import ast

from tests.house.repository import name_of, nodes, python_files

FUNCTION_MOST, FILE_MOST = 45, 300
GENERATED = ("migrations/versions/",)  # Alembic writes them, in one function a revision


def test_no_function_is_longer_than_45_lines() -> None:
    long = [
        f"{name_of(path)}:{node.lineno} {node.name}: {length} lines"
        for path in python_files(but=GENERATED)
        for node in nodes(path)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_MOST
    ]

    assert long == []


def test_no_file_is_longer_than_300_lines() -> None:
    long = [
        f"{name_of(path)}: {length} lines"
        for path in python_files(but=GENERATED)
        if (length := len(path.read_text("utf-8").splitlines())) > FILE_MOST
    ]

    assert long == []
