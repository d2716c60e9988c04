"""Rooms: a folder stays small, a package of pages has one blueprint of its own name, and templates stand beside it.

The folders of the tests have the names of the rooms that they are about.
"""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

from tests.house.repository import ROOT, name_of, nodes, python_files

WEB = ROOT / "eventreg/web"
MOST_FILES = 20
MOST_TEST_FILES = 25
OF_ALL_ROOMS = {"api", "house", "rig", "rig/browser", "security"}  # what is about no single room
LARGE = {"tests/rig", "tests/security"}  # flat, because every room uses the one, and the other is one matrix
SHARED = ("ui/", "layouts/", "mail/", "paper/", "site/")


def _packages() -> list[Path]:
    """The packages of pages, by path."""
    return sorted(views.parent for views in WEB.rglob("views.py"))


def _blueprints(package: Path) -> list[str]:
    """The names of the blueprints that a package makes."""
    return [
        ast.literal_eval(node.args[0])
        for file in sorted(package.glob("*.py"))
        for node in nodes(file)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "Blueprint"
    ]


def test_no_folder_holds_more_than_twenty_files() -> None:
    sizes = Counter(name_of(path.parent) for path in python_files(but=("tests/", "migrations/")))

    assert {folder: size for folder, size in sizes.items() if size > MOST_FILES} == {}


def test_each_package_of_pages_has_one_blueprint_of_its_own_name() -> None:
    made = {package.relative_to(WEB).as_posix(): _blueprints(package) for package in _packages()}

    named = {path: [path.replace("api/", "api_").split("/")[-1]] for path in made}
    assert made == named


def test_no_blueprint_is_made_elsewhere() -> None:
    elsewhere = [folder for folder in WEB.rglob("*/") if folder not in _packages() and _blueprints(folder)]

    assert [folder.name for folder in elsewhere] == ["app"]  # `assets`: style sheets and scripts


def test_no_view_takes_its_blueprint_from_another_module() -> None:
    borrowed = [
        str(package.relative_to(WEB))
        for package in _packages()
        for node in nodes(package / "views.py")
        if isinstance(node, ast.ImportFrom) and "bp" in {alias.name for alias in node.names}
    ]

    assert borrowed == []


def test_the_templates_of_a_package_stand_under_its_path() -> None:
    astray = [
        f"{package.relative_to(WEB)}: {node.value}"
        for package in _packages()
        for file in sorted(package.glob("*.py"))
        for node in nodes(file)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html")
        if not node.value.startswith((f"{package.relative_to(WEB).as_posix()}/", *SHARED))
    ]

    assert astray == []


def _test_files() -> list[Path]:
    return [path for path in python_files() if name_of(path).startswith("tests/")]


def test_the_folders_of_the_tests_are_rooms() -> None:
    folders = {path.parent.relative_to(ROOT / "tests").as_posix() for path in _test_files()} - {"."}
    rooms = {path.parent.relative_to(ROOT / "eventreg").as_posix() for path in ROOT.glob("eventreg/**/*.py")}

    assert sorted(folders - rooms - OF_ALL_ROOMS) == []


def test_no_folder_of_tests_grows_large() -> None:
    sizes = Counter(name_of(path.parent) for path in _test_files() if path.name != "__init__.py")

    assert {name: n for name, n in sizes.items() if n > MOST_TEST_FILES and name not in LARGE} == {}


def test_no_two_modules_of_tests_share_a_name() -> None:
    names = Counter(path.name for path in _test_files() if path.name.startswith("test_"))

    assert [name for name, times in names.items() if times > 1] == []
