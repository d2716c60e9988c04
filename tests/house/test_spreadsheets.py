"""What is written for spreadsheets is made in one place each: workbooks in reports/workbooks.py, CSV in core/csv_text.py.

The first writes numbers as numbers and everything else as text, the second lets no cell be a formula.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from tests.house.repository import name_of, nodes, python_files

ELSEWHERE = ("tests/", "tools/", "migrations/", "benchmarks/")
CELL_WRITERS = frozenset(
    f"write_{kind}"
    for kind in (
        "array_formula", "blank", "boolean", "column", "datetime", "dynamic_array_formula", "formula", "number",
        "rich_string", "row", "string", "url",
    )
)  # fmt: skip


def writing(is_writer: Callable[[str], bool]) -> set[str]:
    """The modules of the product that call such a function."""
    return {
        name_of(path)
        for path in python_files(but=ELSEWHERE)
        for node in nodes(path)
        if isinstance(node, ast.Call) and is_writer(ast.unparse(node.func))
    }


def test_one_module_makes_workbooks_and_writes_their_cells() -> None:
    made = writing(lambda called: called.rpartition(".")[2] in CELL_WRITERS | {"Workbook"})

    assert made == {"eventreg/reports/workbooks.py"}


def test_no_sheet_guesses_the_type_of_a_cell() -> None:
    assert writing(lambda called: called in {"sheet.write", "worksheet.write"}) == set()


def test_one_module_writes_csv() -> None:
    made = writing(lambda called: called in {"csv.writer", "csv.DictWriter"})

    assert made == {"eventreg/core/csv_text.py"}
