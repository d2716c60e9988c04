"""The locked requirements: pinned, hashed, from no address, above what is known to be unsafe, the same for testing."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house.repository import ROOT, nodes, python_files

OURS = frozenset({"eventreg", "tests", "tools", "benchmarks"})
FILES = ("requirements.txt", "requirements-dev.txt")
PIN = re.compile(r"([a-z0-9][a-z0-9-]*)(\[[a-z,]+\])?==([^ ;]+)( ; .+)?( --hash=sha256:[0-9a-f]{64})+")


def _lines(name: str) -> list[str]:
    text = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
    lines = [re.sub(r"\s+", " ", line).strip() for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def _pins(name: str) -> dict[str, str]:
    pins = [PIN.fullmatch(line) for line in _lines(name)]
    return {f"{pin[1]}{pin[4] or ''}": pin[3] for pin in pins if pin}


def _floors() -> dict[str, str]:
    """The lowest safe version of each package."""
    with (ROOT / "tests/house/floors.toml").open("rb") as file:
        rows = tomllib.load(file)["packages"]
    return {name: row["lowest"] for name, row in rows.items()}


def _below(versions: Mapping[str, str], floors: Mapping[str, str]) -> dict[str, str]:
    """Packages that are older than is safe."""
    return {
        name: version
        for name, version in versions.items()
        if Version(version) < Version(floors.get(name, "0"))
    }


def _names(pins: Mapping[str, str]) -> dict[str, str]:
    """The same without what a pin is for ("; sys_platform == …")."""
    return {name.partition(" ;")[0]: version for name, version in pins.items()}


def _installed() -> dict[str, str]:
    found = {
        dist.metadata["Name"].lower().replace("_", "-"): dist.version for dist in metadata.distributions()
    }
    return {name: found[name] for name in _floors() if name in found}


def _asked_for(*names: str) -> set[str]:
    """The distributions that requirements*.in name."""
    lines = [
        line.partition("#")[0].strip()
        for name in names
        for line in (ROOT / name).read_text("utf-8").splitlines()
    ]
    return {
        canonicalize_name(re.split(r"[\[<>=;]", line)[0])
        for line in lines
        if line and not line.startswith("-r")
    }


def _imported(files: Iterable[Path]) -> set[str]:
    """The distributions that these files import, also inside functions."""
    modules = set[str]()
    for node in (node for path in files for node in nodes(path)):
        if isinstance(node, ast.Import):
            modules |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules.add(node.module.partition(".")[0])
    homes = metadata.packages_distributions()
    foreign = modules - OURS - sys.stdlib_module_names
    return {canonicalize_name(homes[module][0]) for module in foreign}


def test_what_the_product_imports_is_named_in_requirements_in() -> None:
    """A distribution that only comes along with another one may be gone with the other's next version."""
    product = python_files(but=("tests/", "tools/", "benchmarks/"))

    assert _imported(product) - _asked_for("requirements.in") == set()


def test_what_tests_and_tools_import_is_named_too() -> None:
    assert _imported(python_files()) - _asked_for("requirements.in", "requirements-dev.in") == set()


def test_an_import_is_found_inside_a_function_too(tmp_path: Path) -> None:
    """The control: neither the standard library nor our own packages count."""
    (tmp_path / "late.py").write_text(
        "import json\nfrom tests import rig\ndef work():\n    import lxml.html\n"
    )

    assert _imported([tmp_path / "late.py"]) == {"lxml"}


def test_every_package_that_we_run_on_has_a_floor_and_no_other() -> None:
    assert sorted(_floors()) == sorted(_names(_pins("requirements.txt")))


def test_nothing_that_we_run_or_test_on_is_older_than_is_safe() -> None:
    floors = _floors()

    assert {name: _below(_names(_pins(name)), floors) for name in FILES} == {name: {} for name in FILES}
    assert _below(_installed(), floors) == {}
    assert len(_installed()) > 40


def test_a_version_below_its_floor_is_seen() -> None:
    old = {"flask": "3.1.0", "pypdf": "6.9.0", "werkzeug": "3.1.10", "waitress": "3.0.1"}

    assert _below(old, _floors()) == {"flask": "3.1.0", "pypdf": "6.9.0"}


def test_every_requirement_is_pinned_with_hashes() -> None:
    loose = [line for name in FILES for line in _lines(name) if not PIN.fullmatch(line)]

    assert loose == []


def test_requirements_name_no_address() -> None:
    addressed = [name for name in FILES if re.search(r"://|index-url|find-links", (ROOT / name).read_text())]

    assert addressed == []


def test_tests_run_on_the_versions_that_the_product_runs_on() -> None:
    product, tests = _pins("requirements.txt"), _pins("requirements-dev.txt")

    assert {name: tests.get(name) for name in product} == product
