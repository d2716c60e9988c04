"""A draw depends on its seed and on who takes part, and on nothing else; a script of ten lines recomputes it."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventreg.core.draws.rules import drawn, seed_hash
from eventreg.core.errors import Refused
from tests.house.repository import ROOT

SCRIPT = ROOT / "docs/recompute_draw.py"
NUMBERS = [str(n) for n in range(1, 31)]


def recomputed(seed: str, among: list[str]) -> list[str]:
    """What the script prints, which knows nothing of the product."""
    run = [sys.executable, "-I", str(SCRIPT), seed, *among]
    return subprocess.run(run, capture_output=True, text=True, check=True).stdout.splitlines()


def test_the_script_recomputes_the_draw() -> None:
    order = drawn("5eed", NUMBERS, 30)

    assert recomputed("5eed", NUMBERS) == [
        seed_hash("5eed"),
        *(f"{place} {name}" for place, name in enumerate(order, 1)),
    ]


def test_the_script_has_ten_lines_and_imports_nothing_of_the_product() -> None:
    source = SCRIPT.read_text("utf-8")

    assert len(source.splitlines()) <= 10
    assert "eventreg" not in source


def test_another_seed_gives_another_order() -> None:
    assert recomputed("5eed", NUMBERS)[1:] != recomputed("5eee", NUMBERS)[1:]


def test_the_order_of_a_known_seed_never_changes() -> None:
    assert drawn("a", ["1", "2", "3", "4", "5"], 5) == ("1", "3", "4", "2", "5")


@given(st.text(max_size=40), st.permutations(NUMBERS[:8]), st.integers(0, 8))
def test_a_draw_is_the_beginning_of_one_order_of_all(seed: str, among: list[str], wanted: int) -> None:
    order = drawn(seed, sorted(among), 8)

    assert sorted(order) == sorted(among)
    assert drawn(seed, among, wanted) == order[:wanted]


def test_everybody_is_drawn_first_about_equally_often() -> None:
    first = Counter(drawn(str(seed), NUMBERS[:5], 1)[0] for seed in range(5000))

    assert all(900 < times < 1100 for times in first.values())


def test_more_than_there_are_cannot_be_drawn() -> None:
    with pytest.raises(Refused, match="lots.too_few") as refused:
        drawn("5eed", ["1", "2"], 3)

    assert refused.value.facts == {"wanted": 3, "n": 2}
