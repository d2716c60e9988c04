"""What the documents point at is there, and what they list is what the program reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eventreg import config
from tests.house.repository import ROOT, name_of, tracked

DOCUMENTS = [p for p in tracked() if p.suffix == ".md" and name_of(p).startswith(("README.md", "docs/"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
PICTURE = re.compile(r'<img\b[^>]*\bsrc="([^"]+)"')
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SETTING = re.compile(r"\bEVENTREG_[A-Z_]+\b")


def targets(document: Path) -> list[str]:
    """What a document links to or shows in its own repository; `/…` is an address of the product."""
    text = FENCE.sub("", document.read_text("utf-8"))
    found = LINK.findall(text) + PICTURE.findall(text)
    return [target for target in found if "://" not in target and not target.startswith(("/", "mailto:"))]


def anchors(document: Path) -> set[str]:
    """The names of a document's headings, as links spell them."""
    words = (re.sub(r"[^\w\- ]", "", title.lower()) for title in HEADING.findall(document.read_text("utf-8")))
    return {word.replace(" ", "-") for word in words}


def leads_nowhere(document: Path, target: str) -> bool:
    """Whether a target is no file of the repository, or a heading that its document has not."""
    name, _, anchor = target.partition("#")
    file = (document.parent / name).resolve() if name else document
    there = file in tracked() or (file.is_dir() and any(file in p.parents for p in tracked()))
    return not there or bool(anchor and anchor not in anchors(file))


def test_every_local_link_and_picture_of_the_documents_leads_somewhere() -> None:
    lost = [(name_of(d), t) for d in DOCUMENTS for t in targets(d) if leads_nowhere(d, t)]

    assert lost == []


@pytest.mark.parametrize(
    ("target", "lost"),
    [
        ("operations.md", False),
        ("operations.md#settings", False),
        ("operations.md#no", True),
        ("no.md", True),
    ],
)
def test_a_link_that_leads_nowhere_is_seen(target: str, lost: bool) -> None:
    assert leads_nowhere(ROOT / "docs/design.md", target) is lost


def test_every_picture_of_the_documents_is_shown_by_one() -> None:
    shown = {(d.parent / t).resolve() for d in DOCUMENTS for t in targets(d)}
    there = {p for p in tracked() if name_of(p).startswith("docs/img/")}

    assert [name_of(p) for p in sorted(there - shown)] == []


def test_operations_lists_the_settings_that_the_program_reads() -> None:
    rows = re.findall(
        r"^\| (`EVENTREG_.+?) \|", (ROOT / "docs/operations.md").read_text("utf-8"), re.MULTILINE
    )
    listed = [name for row in rows for name in SETTING.findall(row)]

    assert sorted(listed) == sorted(set(SETTING.findall(Path(config.__file__).read_text("utf-8"))))
