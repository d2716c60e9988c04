"""One name stands for one thing: no two classes of the product share a name.

A reader who searches for `class ScanVerdict` finds one definition. Form classes and marshmallow schemas are
excepted: a form is used only beside its own views, and the API's schemas carry the names that its published
description gives them. The same holds for modules, except for the names in AGREED.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from tests.house.repository import ROOT, name_of, python_files, tree_of

PRODUCT = ROOT / "eventreg"
# Subclasses of these, direct or not, may share a name with another class.
EXCEPTED = frozenset({"FlaskForm", "PlainForm", "PlanForm", "Schema"})

PLANTED = """
class Shown: ...
class NoteForm(PlainForm): ...
class LongNoteForm(NoteForm): ...
"""
PLANTED_AGAIN = """
class Shown(StrEnum): ...
class LongNoteForm(forms.PlanForm): ...
class Once: ...
def maker():
    class Once: ...
"""


def _product() -> dict[str, ast.Module]:
    return {name_of(path): tree_of(path) for path in python_files() if path.is_relative_to(PRODUCT)}


def _classes(trees: Mapping[str, ast.Module]) -> list[tuple[str, ast.ClassDef]]:
    """(file, class) for every top-level class."""
    return [
        (name, node) for name, tree in trees.items() for node in tree.body if isinstance(node, ast.ClassDef)
    ]


def _excepted(classes: Iterable[tuple[str, ast.ClassDef]]) -> set[tuple[str, str]]:
    """(file, class) of every form and schema. Bases are compared by name, without the module before it."""
    bases = {
        (file, node.name): {ast.unparse(base).split(".")[-1] for base in node.bases} for file, node in classes
    }
    found: set[tuple[str, str]] = set()
    names = set(EXCEPTED)
    while more := {key for key, of in bases.items() if of & names} - found:
        found |= more
        names |= {name for _file, name in more}
    return found


def names_twice(trees: Mapping[str, ast.Module]) -> dict[str, list[str]]:
    """Every class name that stands in the top level of more than one place, with the files."""
    classes = _classes(trees)
    excepted = _excepted(classes)
    files: dict[str, list[str]] = defaultdict(list)
    for file, node in classes:
        if (file, node.name) not in excepted:
            files[node.name].append(file)
    return {name: sorted(where) for name, where in sorted(files.items()) if len(where) > 1}


def test_no_class_name_stands_twice() -> None:
    assert names_twice(_product()) == {}


def test_a_class_name_that_stands_twice_is_found() -> None:
    """The control: of the planted classes only `Shown` is reported, neither forms nor classes in functions."""
    planted = {"web/a.py": ast.parse(PLANTED), "web/b.py": ast.parse(PLANTED_AGAIN)}

    assert names_twice(planted) == {"Shown": ["web/a.py", "web/b.py"]}


def test_the_product_has_classes_to_look_at() -> None:
    counted = Counter(node.name for _file, node in _classes(_product()))

    assert counted["RegistrationState"] == 1


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
