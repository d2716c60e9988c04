"""Tests of races, kills and browsers are found by their markers."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.house.repository import ROOT
from tests.rig.markers import BY_FOLDER, KILLING, marker_of

RELIABILITY = ROOT / "tests/reliability"
KILLS = re.compile(r"SIGKILL|\.kill\(|\bkills=|\.kills\b|_kills?\b")
NOTHING_COLLECTED = 5  # pytest's exit status


def _collect(*asked: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", *asked]
    return subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_each_test_of_these_folders_has_its_marker() -> None:
    killing = [f"tests/reliability/{name}.py" for name in sorted(KILLING)]
    without = _collect(
        "-m", "not (race or browser or kill)", *(f"tests/{name}" for name in BY_FOLDER), *killing
    )

    assert (without.returncode, re.findall(r"^tests/.*::.*", without.stdout, re.M)) == (NOTHING_COLLECTED, [])


def test_a_marker_selects_the_tests_of_its_folder_only() -> None:
    found = _collect("-m", "race", "tests/races/test_last_places.py", "tests/rules").stdout

    assert set(re.findall(r"^(tests/.*?)::", found, re.M)) == {"tests/races/test_last_places.py"}


def test_each_module_that_kills_processes_is_marked() -> None:
    killing = {file.stem for file in RELIABILITY.glob("test_*.py") if KILLS.search(file.read_text("utf-8"))}

    assert killing == KILLING


@pytest.mark.parametrize(
    ("file", "marker"),
    [("races/test_deadline.py", "race"), ("browser/test_laws.py", "browser"), ("rules/test_qr.py", None)],
)
def test_the_folder_decides(file: str, marker: str | None) -> None:
    assert marker_of(ROOT / "tests" / file) == marker
