"""Templates: each is used, each part has its style sheet and stands on the style guide."""

from __future__ import annotations

import ast
import re

from flask import Flask

from tests.house.repository import ROOT, nodes, python_files

TEMPLATES = ROOT / "templates"
WHOLE_PAGES = {"oops", "ticket"}  # they bring their page's H1, of which a page has one
ASKS_FOR = re.compile(r"{%-?\s*(?:extends|include|import|from)\s+[\"']([^\"']+)[\"']")


def _templates() -> set[str]:
    return {p.relative_to(TEMPLATES).as_posix() for p in TEMPLATES.rglob("*") if p.is_file()}


def _parts() -> list[str]:
    return sorted(p.stem for p in (TEMPLATES / "ui").glob("*.html"))


def _named_by_code() -> set[str]:
    """Templates whose name is a string of the product."""
    known = _templates()
    return {
        node.value
        for path in python_files(but=("tests/", "tools/", "migrations/"))
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in known
    }


def _reached(names: set[str]) -> set[str]:
    found: set[str] = set()
    while names:
        found |= names
        names = {n for name in names for n in ASKS_FOR.findall((TEMPLATES / name).read_text("utf-8"))} - found
    return found


def test_every_template_is_reached_from_a_view() -> None:
    assert _templates() - _reached(_named_by_code()) == set()


def test_every_template_that_is_asked_for_exists() -> None:
    assert _reached(_named_by_code()) - _templates() == set()


def test_every_view_names_its_templates_by_a_literal() -> None:
    """Else the two tests above prove nothing. `draw` hands on what its callers name: these are looked at too."""
    other = [
        f"{path}:{node.lineno}"
        for path in python_files(but=("tests/", "tools/", "eventreg/web/app/page_cache.py"))
        for node in nodes(path)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {"render_template", "draw"}
        if not isinstance(node.args[0], (ast.Constant, ast.JoinedStr))
    ]

    assert other == []


def test_every_part_has_a_style_sheet_of_its_own_name() -> None:
    sheets = sorted(p.stem for p in (ROOT / "static/css/ui").glob("*.css"))

    assert sheets == _parts()


def test_the_one_style_sheet_holds_every_part(product: Flask) -> None:
    sheet = product.test_client().get("/style.css").text

    missing = [
        part for part in _parts() if (ROOT / f"static/css/ui/{part}.css").read_text("utf-8") not in sheet
    ]
    assert missing == []


def test_every_part_stands_on_the_style_guide() -> None:
    guide = (TEMPLATES / "style_guide/ui.html").read_text("utf-8")

    assert {part for part in _parts() if f'"ui/{part}.html"' not in guide} == WHOLE_PAGES


def test_parts_that_stay_off_the_style_guide_bring_an_h1() -> None:
    assert [
        part for part in WHOLE_PAGES if "<h1" not in (TEMPLATES / f"ui/{part}.html").read_text("utf-8")
    ] == []


def test_the_style_guide_is_there_while_debugging(debugged: Flask) -> None:
    answer = debugged.test_client().get("/_ui")

    assert answer.status_code == 200
    assert "样式指南" in answer.text


def test_there_is_no_style_guide_in_the_product(product: Flask) -> None:
    assert product.test_client().get("/_ui").status_code == 404
