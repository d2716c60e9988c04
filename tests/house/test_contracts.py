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

# (file, line, what that imports, the contract that it breaks)
PLANTED = [
    ("core/db/write_lock.py", "import eventreg.people.service", "eventreg.people.service", DOWN),
    ("outbox/service.py", "import eventreg.accounts.sign_in_codes", "eventreg.accounts.sign_in_codes", DOWN),
    ("jobs.py", "import eventreg.web", "eventreg.web", DOWN),
    ("demo/company.py", "import eventreg.models", "eventreg.models", DOWN),
    ("people/service.py", "from eventreg.words import times", "eventreg.words.times", CODES),
    ("registrations/service.py", "import eventreg.words.refusals", "eventreg.words.refusals", CODES),
    ("accounts/rules.py", "import flask", "flask", PURE),
    ("campaigns/rules.py", "import eventreg.core.db.base", "eventreg.core.db.base", PURE),
    ("campaigns/kinds/hike.py", "from sqlalchemy import select", "sqlalchemy", PURE),
    ("core/clock.py", "from flask import g", "flask", PURE),
    (
        "web/employee/public/views.py",
        "from eventreg.people.models import Person",
        "eventreg.people.models",
        TABLES,
    ),
    ("jobs.py", "import eventreg.models", "eventreg.models", TABLES),
    ("people/models.py", "from . import service", "eventreg.people.service", INSIDE),
    ("outbox/rules.py", "from . import models", "eventreg.outbox.models", INSIDE),
    ("nominations/files/rules.py", "from . import service", "eventreg.nominations.files.service", INSIDE),
    ("nominations/files/rules.py", "import flask", "flask", PURE),
    ("jobs.py", "import eventreg.nominations.files.models", "eventreg.nominations.files.models", TABLES),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the tree that a violation can be planted in."""
    shutil.copytree(ROOT / "eventreg", tmp_path / "eventreg", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _linted(tree: Path) -> tuple[int, dict[str, str]]:
    """Exit status, and what is said of each broken contract, by its name."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    environ = os.environ | {"PYTHONPATH": str(tree), "COLUMNS": "200"}
    ran = subprocess.run(command, check=False, cwd=tree, capture_output=True, text=True, env=environ)
    heads = "|".join(re.escape(contract["name"]) for contract in CONTRACTS)
    parts = re.split(rf"^({heads})\n-+$", ran.stdout, flags=re.MULTILINE)[1:]
    return ran.returncode, dict(zip(parts[::2], parts[1::2], strict=True))


def _rooms(layers: list[str]) -> list[str]:
    return [room for layer in layers for room in re.findall(r"\w+", layer)]


def test_the_tree_keeps_every_contract(copy: Path) -> None:
    assert _linted(copy) == (0, {})


def test_each_planted_import_is_seen_where_it_breaks_a_contract(copy: Path) -> None:
    """All at once: each is told by its file, its line and what it imports."""
    wanted = []
    for file, line, imported, contract in PLANTED:
        source = copy / "eventreg" / file
        source.write_text(f"{source.read_text('utf-8')}\n{line}\n", "utf-8")
        module = f"eventreg.{file.removesuffix('.py').replace('/', '.')}"
        number = len(source.read_text("utf-8").splitlines())
        wanted.append((contract, rf"\b{re.escape(f'{module} -> {imported}')} \(.*\bl\.{number}\b.*\)"))

    status, said = _linted(copy)

    assert status == 1
    assert [seen for contract, seen in wanted if not re.search(seen, said[contract])] == []


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
