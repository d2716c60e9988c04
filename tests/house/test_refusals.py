"""Every refusal code has its sentence, and every sentence a code that somebody raises."""

from __future__ import annotations

import ast
import re

from eventreg.words.refusals import SENTENCES
from tests.house.repository import name_of, nodes, python_files

CODE = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*")
ELSEWHERE = ("tests/", "tools/", "migrations/", "benchmarks/", "eventreg/words/")


def _texts() -> set[str]:
    """All the strings of the product that are not sentences themselves."""
    return {
        node.value
        for path in python_files(but=ELSEWHERE)
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _made() -> list[re.Pattern[str]]:
    """Codes that are put together, such as f"people.{field}_form", as patterns."""
    joined = [
        n
        for path in python_files(but=ELSEWHERE)
        for n in nodes(path)
        if isinstance(n, ast.JoinedStr) and isinstance(n.values[-1], ast.Constant)
    ]
    patterns = ["".join(_pattern(part) for part in node.values) for node in joined]
    return [re.compile(p) for p in patterns if re.match(r"[a-z_]+\\\.", p)]


def _pattern(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_]+"


def _said() -> dict[str, str]:
    """Codes that are certainly refusals: code → where."""
    said = {}
    for path in python_files(but=ELSEWHERE):
        for node in nodes(path):
            if not isinstance(node, ast.Call):
                continue
            for code in _codes_of(node):
                said[code] = f"{name_of(path)}:{node.lineno}"
    return said


def _codes_of(call: ast.Call) -> list[str]:
    """The code that `Refused(code)`, `stands_for(_, code)`, `.say(_, code)`, `say(code, _)` name."""
    name = ast.unparse(call.func).split(".")[-1]
    place = {"Refused": 0, "stands_for": 1, "Found": 1, "Checked": 1}.get(name)
    values = [call.args[place]] if place is not None and len(call.args) > place else []
    if name in {"say", "say_of_all"}:
        values = call.args[:2]
    values += [k.value for k in call.keywords if k.arg in {"problem", "code"}]
    found = [v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)]
    return [code for code in found if "." in code and CODE.fullmatch(code)]


def test_every_code_that_is_raised_has_a_sentence() -> None:
    unworded = {code: where for code, where in _said().items() if code not in SENTENCES}

    assert unworded == {}


def test_codes_of_a_known_family_have_a_sentence_wherever_they_stand() -> None:
    """A code can be passed about before it is raised: any string that looks like one counts."""
    families = {code.split(".")[0] for code in SENTENCES if "." in code} - {
        "registration",
        "nomination",
        "sign_in",
        "people",
    }
    looking = {t for t in _texts() if CODE.fullmatch(t) and t.split(".")[0] in families}

    assert looking - SENTENCES.keys() == set()


def test_every_sentence_belongs_to_a_code_that_the_product_uses() -> None:
    unused = SENTENCES.keys() - _texts()

    assert {code for code in unused if not any(made.fullmatch(code) for made in _made())} == set()
