"""Every numbered law, plan item, promise, threat and default that somebody refers to stands in docs/.

A reference is one of these, in a comment or docstring of a Python file, in a comment of another source file,
or in a Markdown document outside its fenced blocks:

- `law 4`, `Law 12`, `laws 1 and 2`: a heading "## 4. ..." of docs/laws.md;
- P and one or two digits, usually written as `plan P5` or `plan P1 to P6`: a heading "## P5 ..." of docs/plan.md;
- I, T or D and one or two digits, usually in parentheses, as in (I1, I3) or (T24 to T26): a row "| T24 | ..." in the
  last section of docs/threats.md.
- `ADR 5`, `ADR 27 and 31`: a file of docs/adr/.

The files and functions that docs/laws.md, plan.md, threats.md and design.md name exist; so do those of design.md's last
table, which answers each question with one function.

String literals are not looked at: there D4 is a colleague of the tests' cast. Where a comment names that
colleague, it passes as the default D4; no other staff number of the cast begins with one of the four letters.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.house.repository import ROOT, name_of, tracked

LAWS, PLAN, THREATS, DESIGN = (
    ROOT / "docs" / name for name in ("laws.md", "plan.md", "threats.md", "design.md")
)
SECTION = "## Numbers used in code and tests\n"
COUNTS = {"law ": 19, "P": 15, "I": 28, "T": 46, "D": 27}

NUMBER = re.compile(r"\b[PITD]\d{1,2}\b")
LAW = re.compile(r"\blaws?\s+(\d+(?:(?:, | and | to )\d+)*)", re.IGNORECASE)
# Documents that do not lie in this repository, by their names and by chapters of theirs.
FOREIGN = re.compile(
    r"\b(?:reliability|libraries|performance|second-half|style|wordcount)\.md\b"
    r"|\b(?:reliability|libraries)(?:: | )[DIT]?\d|\.\./shared\b"
)
DECISION = re.compile(r"\bADRs? (\d{1,4}(?:(?:, | and | to )\d{1,4})*)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SLASHES, HASHES, BRACES = (
    re.compile(pattern, re.MULTILINE | re.DOTALL)
    for pattern in (r"/\*.*?\*/|(?<!:)//[^\n]*", r"#[^\n]*", r"\{#.*?#\}|<!--.*?-->")
)
COMMENTS = {
    ".js": SLASHES,
    ".css": SLASHES,
    ".html": BRACES,
    ".txt": HASHES,
    ".in": HASHES,
    ".toml": HASHES,
    ".cfg": HASHES,
    ".sh": HASHES,
    "": HASHES,
}
# A file in backquotes, with a function or class of it after a colon.
NAMED = re.compile(r"`([\w./-]+\.(?:py|js|toml|sql))(?::(\w+))?`")
QUESTIONS = "## Where is it decided?\n"
LEAST_QUESTIONS = 28
ROW = re.compile(r"^\| (.+) \| (.+) \|$", re.MULTILINE)
TARGET = re.compile(r"`([\w./-]+\.py):(\w+)`")
HELD = re.compile(r"`tests/|not built|no test", re.IGNORECASE)


def in_python(source: str) -> str:
    """The comments and docstrings of a Python file."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    found = [
        ast.get_docstring(node) or "" for node in ast.walk(ast.parse(source)) if isinstance(node, documented)
    ]
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    found += [token.string for token in tokens if token.type == tokenize.COMMENT]
    return "\n".join(found)


@cache
def said_in(path: Path) -> str:
    """What a file says to its readers: its comments and docstrings, or a document's text."""
    if "vendor" in path.parts or path.suffix not in {".py", ".md", *COMMENTS}:
        return ""
    text = path.read_text("utf-8")
    if path.suffix == ".md":
        return FENCE.sub("", text)
    return in_python(text) if path.suffix == ".py" else "\n".join(COMMENTS[path.suffix].findall(text))


def references(text: str) -> set[str]:
    """Every number that a text refers to, laws as "law 4"."""
    laws = (number for listed in LAW.findall(text) for number in re.findall(r"\d+", listed))
    return {f"law {number}" for number in laws} | set(NUMBER.findall(text))


def decisions(text: str) -> set[int]:
    """The numbers of the ADRs that a text refers to."""
    return {int(number) for listed in DECISION.findall(text) for number in re.findall(r"\d+", listed)}


@cache
def defined() -> list[tuple[str, str]]:
    """Every number that the three documents define, with what they say of it, in their order."""
    body = r"(.+?)(?=^## |\Z)"
    laws = re.findall(rf"^## (\d+)\. {body}", LAWS.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    plan = re.findall(rf"^## (P\d+) {body}", PLAN.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    rows = re.findall(
        r"^\| ([ITD]\d+) \| (.+) \|$", THREATS.read_text("utf-8").partition(SECTION)[2], re.MULTILINE
    )
    return [(f"law {number}", said) for number, said in laws] + plan + rows


def unknown(text: str) -> list[str]:
    """The references of a text that nobody defines."""
    return sorted(references(text) - dict(defined()).keys())


def named_files(document: Path) -> Iterator[tuple[str, str]]:
    """Every file that a document names in backquotes, with the function that it names in it."""
    yield from NAMED.findall(FENCE.sub("", document.read_text("utf-8")))


def is_there(name: str, function: str = "") -> bool:
    """Whether a file stands in the repository or under eventreg/, or without a folder anywhere, with that function."""
    if "/" in name:
        found = [path for path in (ROOT / name, ROOT / "eventreg" / name) if path in tracked()]
    else:
        found = [path for path in tracked() if path.name == name]
    return any(not function or defines(path, function) for path in found)


def answered(text: str) -> list[tuple[str, str]]:
    """The rows of a table of questions, each with what stands in its second column."""
    return [row for row in ROW.findall(text) if row != ("question", "file:function")]


def leads_to_a_function(target: str) -> bool:
    """Whether a target is one `file:function` in backquotes, and that function or class exists."""
    named = TARGET.fullmatch(target)
    return named is not None and is_there(*named.groups())


def defines(path: Path, name: str) -> bool:
    """Whether a Python file defines a function, method, class or table (a constant) of that name."""
    defined = rf"^ *(?:async )?(?:def|class) {name}\b|^{name}(?:: [^=\n]+)? = "
    return re.search(defined, path.read_text("utf-8"), re.MULTILINE) is not None


def test_every_number_that_somebody_refers_to_is_defined() -> None:
    found = {name_of(path): unknown(said_in(path)) for path in tracked()}

    assert {name: numbers for name, numbers in found.items() if numbers} == {}


def test_every_decision_that_somebody_refers_to_is_there() -> None:
    there = {int(path.name[:4]) for path in (ROOT / "docs/adr").glob("[0-9]*.md")}
    found = {name_of(path): decisions(said_in(path)) - there for path in tracked() if path != Path(__file__)}

    assert {name: numbers for name, numbers in found.items() if numbers} == {}


def test_decisions_are_seen_in_lists_too() -> None:
    assert decisions("by ADR 5, 27 and 31, and ADR 0015") == {5, 15, 27, 31}


def test_no_document_from_elsewhere_is_cited() -> None:
    found = {name_of(path): FOREIGN.findall(said_in(path)) for path in tracked() if path != Path(__file__)}

    assert {name: cited for name, cited in found.items() if cited} == {}


def test_the_documents_define_every_number_once_and_without_a_gap() -> None:
    wanted = [f"{kind}{number}" for kind, most in COUNTS.items() for number in range(1, most + 1)]

    assert [number for number, _ in defined()] == wanted


def test_every_number_names_the_test_that_holds_it_or_says_that_there_is_none() -> None:
    assert [number for number, said in defined() if not HELD.search(said)] == []


@pytest.mark.parametrize("document", [LAWS, PLAN, THREATS, DESIGN], ids=name_of)
def test_every_file_and_function_that_the_documents_name_exists(document: Path) -> None:
    assert [named for named in named_files(document) if not is_there(*named)] == []


def test_the_design_answers_each_question_with_a_function_that_exists() -> None:
    rows = answered(DESIGN.read_text("utf-8").partition(QUESTIONS)[2])

    assert [question for question, target in rows if not leads_to_a_function(target)] == []
    assert len({question for question, _ in rows}) >= LEAST_QUESTIONS


@pytest.mark.parametrize(
    ("target", "leads"),
    [
        ("`registrations/seating.py:promote`", True),
        ("`outbox/rules.py:LetterState`", True),
        ("`web/__init__.py:PAGES`", True),
        ("`registrations/seating.py:no_such_function`", False),
        ("`registrations/nothing.py:promote`", False),
        ("`registrations/seating.py`", False),
        ("registrations/seating.py:promote", False),
        ("`registrations/seating.py:promote`, `registrations/rules.py:fits`", False),
    ],
)
def test_an_answer_that_leads_to_no_function_is_seen(target: str, leads: bool) -> None:
    assert answered(f"| question | file:function |\n|---|---|\n| Who is next? | {target} |\n") == [
        ("Who is next?", target)
    ]
    assert leads_to_a_function(target) is leads


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Kept by law 19, laws 1 and 2, plan P1 to P15 (I28, T46, D27).", []),
        ("Law 20 says so.", ["law 20"]),
        ("See laws 4, 5 and 21.", ["law 21"]),
        ("A timed walk (plan P16).", ["P16"]),
        ("Nothing is lost (I2, I29); nothing is forged (T9 to T47); see D0.", ["D0", "I29", "T47"]),
        ("HC0012, p95, UTF8 and sha256 are no numbers of ours.", []),
    ],
)
def test_an_unknown_number_is_seen(text: str, missing: list[str]) -> None:
    assert unknown(text) == missing


def test_comments_and_docstrings_are_read_and_strings_are_not() -> None:
    source = '"""About T91."""\n\n\ndef walk():  # T92\n    """About T93."""\n    return "T94"\n'

    assert references(in_python(source)) == {"T91", "T92", "T93"}


@pytest.mark.parametrize(
    ("name", "function", "there"),
    [
        ("core/db/session.py", "unit_of_work", True),
        ("tests/house/test_sources.py", "", True),
        ("test_sources.py", "", True),
        ("core/db/session.py", "no_such_function", False),
        ("tests/house/test_nothing.py", "", False),
        ("nothing.py", "", False),
    ],
)
def test_a_file_or_function_that_does_not_exist_is_seen(name: str, function: str, there: bool) -> None:
    assert is_there(name, function) is there


@pytest.mark.parametrize(
    "text", ["reliability.md 4.1", "(reliability T45)", "libraries: 8", "../shared/plan.md"]
)
def test_a_citation_of_a_document_from_elsewhere_is_seen(text: str) -> None:
    assert FOREIGN.search(text)
