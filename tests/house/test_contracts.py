"""Each import contract holds, and breaks when somebody breaks it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from itertools import takewhile
from pathlib import Path

import pytest

from tests.house.repository import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
DOWN, CODES, PURE, TABLES, INSIDE = (contract["name"] for contract in CONTRACTS)

PLANTED = [
    ("core/turn.py", "import eventreg.people.service", DOWN),
    ("outbox/service.py", "import eventreg.accounts.codes", DOWN),
    ("jobs.py", "import eventreg.web", DOWN),
    ("demo/company.py", "import eventreg.models", DOWN),
    ("people/service.py", "from eventreg.words import times", CODES),
    ("registrations/service.py", "import eventreg.words.refusals", CODES),
    ("accounts/rules.py", "import flask", PURE),
    ("campaigns/rules.py", "import eventreg.core.columns", PURE),
    ("campaigns/kinds/hike.py", "from sqlalchemy import select", PURE),
    ("core/clock.py", "from flask import g", PURE),
    ("web/employee.py", "from eventreg.people.models import Person", TABLES),
    ("jobs.py", "import eventreg.models", TABLES),
    ("people/models.py", "from . import service", INSIDE),
    ("outbox/rules.py", "from . import models", INSIDE),
    ("nominations/files/rules.py", "from . import service", INSIDE),
    ("nominations/files/rules.py", "import flask", PURE),
    ("jobs.py", "import eventreg.nominations.files.models", TABLES),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the tree that a violation can be planted in."""
    shutil.copytree(ROOT / "eventreg", tmp_path / "eventreg", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _linted(tree: Path) -> tuple[int, list[str]]:
    """Exit status and the names of the broken contracts."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    environ = os.environ | {"PYTHONPATH": str(tree), "COLUMNS": "200"}
    ran = subprocess.run(command, check=False, cwd=tree, capture_output=True, text=True, env=environ)
    return ran.returncode, re.findall(r"^(.+?) BROKEN", ran.stdout, re.MULTILINE)


def _rooms(layers: list[str]) -> list[str]:
    return [room for layer in layers for room in re.findall(r"\w+", layer)]


def test_the_tree_keeps_every_contract(copy: Path) -> None:
    assert _linted(copy) == (0, [])


@pytest.mark.parametrize(("file", "line", "contract"), PLANTED)
def test_a_planted_import_breaks_its_contract(copy: Path, file: str, line: str, contract: str) -> None:
    with (copy / "eventreg" / file).open("a") as source:
        source.write(f"\n{line}\n")

    status, broken = _linted(copy)

    assert (status, contract in broken) == (1, True)


def test_a_room_that_nobody_placed_breaks_the_build(copy: Path) -> None:
    (copy / "eventreg" / "attic").mkdir()
    (copy / "eventreg" / "attic" / "__init__.py").touch()

    assert _linted(copy)[0] == 1


def test_all_knowing_rooms_speak_in_codes() -> None:
    """The contract lists again what lies between season and people in the first one."""
    rooms = _rooms(CONTRACTS[0]["layers"])
    below_reports = rooms[rooms.index("reports") + 1 :]
    knowing = list(takewhile(lambda room: room != "words", below_reports))

    assert _rooms(CONTRACTS[1]["layers"]) == ["words", *knowing]


def test_every_room_is_ordered_inside() -> None:
    parts = ("service.py", "models.py", "rules.py")
    rooms = {p.parent.relative_to(ROOT) for part in parts for p in (ROOT / "eventreg").glob(f"*/**/{part}")}

    assert set(CONTRACTS[4]["containers"]) == {".".join(room.parts) for room in rooms}
