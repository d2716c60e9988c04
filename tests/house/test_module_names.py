"""No module name stands twice in `eventreg/`, except for the names in AGREED, which every room uses alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath

from tests.house.repository import ROOT, name_of, python_files

PRODUCT = ROOT / "eventreg"

# Every room has these, and `after_restore` and `resend` name one use case that several rooms answer.
AGREED = frozenset(
    {
        "__init__",
        "access",
        "after_restore",
        "audiences",
        "errors",
        "forms",
        "letters",
        "models",
        "reading",
        "resend",
        "roster",
        "rules",
        "service",
        "view_models",
        "views",
    }
)


def modules_twice(files: Iterable[str]) -> dict[str, list[str]]:
    """Every module name that stands in more than one folder and is not agreed, with the files."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in files:
        found[PurePosixPath(file).stem].append(file)
    return {
        name: sorted(where) for name, where in sorted(found.items()) if len(where) > 1 and name not in AGREED
    }


def test_no_module_name_stands_twice() -> None:
    assert modules_twice(name_of(path) for path in python_files() if path.is_relative_to(PRODUCT)) == {}


def test_a_module_name_that_stands_twice_is_found() -> None:
    """The control: an agreed name may stand twice, another may not."""
    planted = ["a/keys.py", "b/keys.py", "a/rules.py", "b/rules.py", "b/once.py"]

    assert modules_twice(planted) == {"keys": ["a/keys.py", "b/keys.py"]}
