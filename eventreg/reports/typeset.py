"""Typeset pages with typst in a limited process: our template, with texts of others as JSON and never as markup."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from flask import current_app

from . import glyphs, limited

# A run too long for a line: without white space and East Asian characters, between which a line may break.
LONG_RUN = re.compile(
    r"[^\s\u200b\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]{24,}"
)
PIECE = 12


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document to typeset: the template's name, its facts, an SVG that it may show, and its instant.

    `nomination_id` is that of the nomination that it is the form of, 0 for other documents.
    """

    template: str
    facts: Mapping[str, Any]
    at: datetime
    drawing: str = ""
    nomination_id: int = 0


def pdf(sheet: Sheet) -> bytes:
    """A document; the same sheet makes the same bytes. Raises what `limited.make` raises."""
    return _compiled(sheet, "pdf")[0]


def pictures(sheet: Sheet, *, dots: int = 96) -> list[bytes]:
    """Typeset a PNG for each page."""
    return _compiled(sheet, "png", dots=dots)


def _compiled(sheet: Sheet, kind: Literal["pdf", "png"], *, dots: int = 96) -> list[bytes]:
    checked = glyphs.check(*_texts(sheet.facts))
    given = {**_shown(sheet.facts, checked.by_hand), "fonts": [glyphs.SERIF, *glyphs.MORE]}
    source = Path(current_app.root_path, current_app.template_folder or "", sheet.template)
    job = {
        "template": source.read_text("utf-8"),
        "facts": json.dumps(given, ensure_ascii=False),
        "drawing": sheet.drawing,
        "dots": dots,
        "timestamp": int(sheet.at.timestamp()),
    }
    return limited.make(kind, job)


def _texts(facts: object) -> Iterator[str]:
    """Every text in the facts."""
    if isinstance(facts, str):
        yield facts
    elif isinstance(facts, Mapping):
        for value in facts.values():
            yield from _texts(value)
    elif isinstance(facts, (list, tuple)):
        for value in facts:
            yield from _texts(value)


def _shown(facts: Any, by_hand: str) -> Any:
    """The facts for typesetting: boxes for characters without a font, break opportunities in long words."""
    if isinstance(facts, str):
        return LONG_RUN.sub(_breakable, glyphs.boxed(facts, by_hand))
    if isinstance(facts, Mapping):
        return {key: _shown(value, by_hand) for key, value in facts.items()}
    if isinstance(facts, (list, tuple)):
        return [_shown(value, by_hand) for value in facts]
    return facts


def _breakable(run: re.Match[str]) -> str:
    """The run with a break opportunity before every twelfth character; combining marks stay with their letter."""
    pieces, piece = [], ""
    for letter in run[0]:
        if len(piece) >= PIECE and not unicodedata.category(letter).startswith("M"):
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\u200b".join([*pieces, piece])
