"""Whatever the product records in its audit trail can be told in words, and every letter it sends."""

from __future__ import annotations

import ast
import re
from functools import cache

from eventreg.delivery.contents.default_wording import DEFAULTS, OURS
from eventreg.delivery.letters import KINDS as WRITTEN
from eventreg.words.delivery import letter_words
from eventreg.words.operations import audit_words
from tests.house.repository import nodes, python_files

ELSEWHERE = ("tests/", "tools/", "migrations/", "benchmarks/")


@cache
def _recorded() -> tuple[ast.expr, ...]:
    """The action of every `record(action, …)` call."""
    return tuple(
        node.args[0]
        for path in python_files(but=ELSEWHERE)
        for node in nodes(path)
        if isinstance(node, ast.Call) and node.args
        if ast.unparse(node.func).split(".")[-1] == "record"
    )


def _actions() -> set[str]:
    """Actions that are written out; a registration's are recorded without their first word."""
    written = {a.value for a in _recorded() if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    return {action if "." in action else f"registration.{action}" for action in written}


def _made() -> list[re.Pattern[str]]:
    """Actions that are put together, such as f"people.{change}", as patterns."""
    joined = [action for action in _recorded() if isinstance(action, ast.JoinedStr)]
    return [
        re.compile(
            "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"\w+" for p in j.values)
        )
        for j in joined
    ]


def test_every_action_that_is_recorded_has_its_words() -> None:
    assert _actions() - audit_words.ACTIONS.keys() == set()


def test_every_action_that_is_put_together_has_words_of_its_kind() -> None:
    silent = [made.pattern for made in _made() if not any(map(made.fullmatch, audit_words.ACTIONS))]

    assert len(_made()) > 0
    assert silent == []


def test_no_words_are_kept_for_what_nobody_records() -> None:
    unused, patterns = audit_words.ACTIONS.keys() - _actions(), _made()

    assert {action for action in unused if not any(made.fullmatch(action) for made in patterns)} == set()


def test_every_kind_of_letter_has_its_word() -> None:
    assert letter_words.KINDS.keys() == WRITTEN.keys()


def test_every_kind_of_letter_may_be_worded_or_says_why_not() -> None:
    assert DEFAULTS.keys() | OURS.keys() == WRITTEN.keys()
    assert DEFAULTS.keys() & OURS.keys() == set()
