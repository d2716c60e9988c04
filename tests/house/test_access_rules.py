"""Who may open a nomination is decided in `nominations/access.py`: other modules pass its conditions on.

A nomination is read by `reading.get` and locked by `drafts.lock_one`; both take a condition. Pages of the web name
no role of contacts or HR reviewers, for guards take the sets of roles from `access`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from tests.house.repository import ROOT, name_of, python_files, tree_of

PRODUCT = ROOT / "eventreg"
TAKES_CONDITION = {"reading.get", "reading.id_if", "drafts.lock_one"}
READS_FOR_NOBODY = {
    "eventreg/nominations/materials.py": "drafts.lock_one(nomination_id)"
}  # a job takes out a bomb
ROLES = {"Role.UNIT_CONTACT", "Role.HR_REVIEWER"}

PLANTED = """
reading.get(7, access.for_hr())
reading.get(7, Nomination.unit_id == 3)
drafts.lock_one(7)
only_for(Role.HR_REVIEWER)
"""


def _product() -> dict[str, ast.Module]:
    return {name_of(path): tree_of(path) for path in python_files() if path.is_relative_to(PRODUCT)}


def _comes_from_access(call: ast.Call) -> bool:
    """Whether all arguments but the first are conditions of `access`, made here or passed on as `readable`."""
    given = [ast.unparse(argument) for argument in call.args[1:]]
    return bool(given) and all(one.startswith("access.for_") or one == "readable" for one in given)


def conditions_of_their_own(trees: Mapping[str, ast.Module]) -> list[tuple[str, str]]:
    """(file, call) for every nomination that is read or locked by another condition than one of `access`."""
    return [
        (file, ast.unparse(node))
        for file, node in _nodes(trees)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in TAKES_CONDITION
        and not _comes_from_access(node)
    ]


def roles_named(trees: Mapping[str, ast.Module]) -> list[tuple[str, str]]:
    """(file, role) for every role of `ROLES` that is named."""
    return [
        (file, ast.unparse(node))
        for file, node in _nodes(trees)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ROLES
    ]


def _nodes(trees: Mapping[str, ast.Module]) -> Iterator[tuple[str, ast.AST]]:
    return ((file, node) for file, tree in trees.items() for node in ast.walk(tree))


def test_nominations_are_read_by_conditions_of_access() -> None:
    assert conditions_of_their_own(_product()) == list(READS_FOR_NOBODY.items())


def test_the_web_names_no_role_that_access_has_a_set_for() -> None:
    web = {file: tree for file, tree in _product().items() if file.startswith("eventreg/web/")}

    assert roles_named(web) == []


def test_a_condition_of_its_own_is_found() -> None:
    """The control."""
    planted = {"web/a.py": ast.parse(PLANTED)}

    assert conditions_of_their_own(planted) == [
        ("web/a.py", "reading.get(7, Nomination.unit_id == 3)"),
        ("web/a.py", "drafts.lock_one(7)"),
    ]


def test_a_role_that_the_web_names_is_found() -> None:
    """The control."""
    assert roles_named({"web/a.py": ast.parse(PLANTED)}) == [("web/a.py", "Role.HR_REVIEWER")]
