"""The page of figures is what the bench wrote, and nothing by hand."""

from __future__ import annotations

import json

from benchmarks import report
from tests.house.repository import ROOT


def test_the_page_of_figures_is_made_of_the_kept_file() -> None:
    kept = json.loads((ROOT / "benchmarks/figures.json").read_text("utf-8"))

    assert (ROOT / "docs/figures.md").read_text("utf-8") == report.page(kept)


def test_each_missed_goal_says_so() -> None:
    kept = json.loads((ROOT / "benchmarks/figures.json").read_text("utf-8"))
    missed = sum(not figure["reached"] for figure in kept["figures"])

    assert report.page(kept).count("**missed**") == missed
