"""Files that are made to harm a reader: refused or not previewed, at little cost, leaving nothing (T24 to T26)."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from eventreg.core import hostile
from eventreg.words.refusals import SENTENCES
from tests.house.repository import ROOT

from .bombs import BOMBS, build

FLAT = 64  # MiB that the parent may grow by, whatever comes


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What became of all bombs, handed to one process of the product."""
    folder = tmp_path_factory.mktemp("bombs")
    build(folder)
    command = [sys.executable, "-m", "tests.security.bombs", str(folder)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def test_each_bomb_is_refused_or_not_previewed(told: dict[str, Any]) -> None:
    became = {name: outcome for name, (outcome, _spent) in told["bombs"].items()}

    assert became == {name: outcome for name, (outcome, _made) in BOMBS.items()}


def test_no_bomb_costs_more_than_a_child_may_spend(told: dict[str, Any]) -> None:
    """Seconds of processor, the parent's own included; by the clock a child is killed after as many."""
    dear = {name: spent for name, (_outcome, spent) in told["bombs"].items() if spent > hostile.SECONDS + 1}

    assert dear == {}


def test_no_process_grows_over_its_limit(told: dict[str, Any]) -> None:
    assert (told["child"] <= hostile.MEMORY // 1024 // 1024, told["grown"] <= FLAT) == (True, True)


def test_what_is_refused_leaves_nothing_on_the_disk(told: dict[str, Any]) -> None:
    outcomes = [outcome for outcome, _made in BOMBS.values() if "." not in outcome]

    assert told["left"] == len(outcomes) + outcomes.count("read and copied")


def test_every_refusal_says_what_to_do(sqlite_app: Any) -> None:
    with sqlite_app.test_request_context():
        said = {SENTENCES[outcome]({}) for outcome, _made in BOMBS.values() if "." in outcome}

    assert [sentence for sentence in said if "请" not in sentence] == []
