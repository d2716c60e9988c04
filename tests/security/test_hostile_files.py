"""Files that are made to harm a reader: refused or not previewed, at little cost, leaving nothing (T24 to T26)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from flask import Flask

from eventreg.core import sandbox
from eventreg.words.refusals import SENTENCES
from tests.house.repository import ROOT

from .bombs import BOMBS, MIB, build

FLAT = 64  # MiB that the parent may grow by, whatever comes


def test_each_bomb_is_refused_or_not_previewed_and_harms_nobody(tmp_path: Path) -> None:
    """All in one: making them takes longer than receiving them.

    The seconds are the processor's, the parent's own included; by the clock a child is killed after as many.
    """
    build(tmp_path)
    command = [sys.executable, "-m", "tests.security.bombs", str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(ran.stdout)

    expected = {name: outcome for name, (outcome, _made) in BOMBS.items()}
    assert {name: outcome for name, (outcome, _spent) in told["bombs"].items()} == expected
    assert [name for name, (_o, spent) in told["bombs"].items() if spent > sandbox.SECONDS + 1] == []
    assert told["child"] <= sandbox.MEMORY // MIB
    assert told["grown"] <= FLAT
    stored = [outcome for outcome in expected.values() if "." not in outcome]
    assert told["left"] == len(stored) + stored.count("read and copied")


def test_every_refusal_says_what_to_do(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        said = {SENTENCES[outcome]({}) for outcome, _made in BOMBS.values() if "." in outcome}

    assert [sentence for sentence in said if "请" not in sentence] == []
