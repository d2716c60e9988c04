"""The page of figures is what the bench wrote, and nothing by hand."""

from __future__ import annotations

import json
from typing import Any

from benchmarks import report
from benchmarks.cost import COUNTED, Cost, recounted
from tests.house.repository import ROOT


def test_the_page_of_figures_is_made_of_the_kept_file() -> None:
    kept = json.loads((ROOT / "benchmarks/figures.json").read_text("utf-8"))

    assert (ROOT / "docs/figures.md").read_text("utf-8") == report.page(kept)


def test_each_missed_goal_says_so() -> None:
    kept = json.loads((ROOT / "benchmarks/figures.json").read_text("utf-8"))
    missed = sum(not figure["reached"] for figure in kept["figures"])

    assert report.page(kept).count("**missed**") == missed


def _kept() -> list[dict[str, Any]]:
    figures: list[dict[str, Any]] = json.loads((ROOT / "benchmarks/figures.json").read_text("utf-8"))[
        "figures"
    ]
    return figures


def _statements_on_the_page(figures: list[dict[str, Any]]) -> dict[str, str]:
    """What a line is about → its cell in the column of statements."""
    kept = {"made_on": "", "machine": "", "layout": "", "figures": figures}
    rows = [line.split(" | ") for line in report.page(kept).splitlines() if line.startswith("| ")]
    return {row[0].removeprefix("| "): row[rows[0].index("statements")] for row in rows[1:]}


def test_a_line_prints_the_statements_of_the_database_that_it_names() -> None:
    requests = set(COUNTED.values())
    costs = {
        "SQLite": Cost(statements=dict.fromkeys(requests, 13)),
        "PostgreSQL": Cost(statements=dict.fromkeys(requests, 7)),
    }

    cells = _statements_on_the_page(recounted(_kept(), costs))

    counted = {name: cell for name, cell in cells.items() if cell}
    assert {name.rpartition(", ")[0] for name in counted} == set(COUNTED)
    assert counted == {name: "7" if name.endswith(", PostgreSQL") else "13" for name in counted}
