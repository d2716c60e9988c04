"""Pages set by typst: our template, others' texts as JSON, never as markup; one at a time in a process."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from flask import current_app

from eventreg.core.errors import Busy

from . import glyphs

TURN = threading.Lock()  # a form takes a tenth of a second of a core, and pages go first
PATIENCE = 5.0  # seconds
LONG_RUN = re.compile(r"[!-~]{24,}")  # a run of Latin letters that no line could hold
PIECE = 12


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is set: the template's name, its facts, an SVG that it may show, and the instant it is of."""

    template: str
    facts: Mapping[str, Any]
    at: datetime
    drawing: str = ""


def pdf(sheet: Sheet) -> bytes:
    """A document; the same sheet makes the same bytes. Raises Busy while others are being set for long."""
    return _compiled(sheet, "pdf")[0]


def pictures(sheet: Sheet, *, dots: int = 96) -> list[bytes]:
    """The same, a PNG a page."""
    return _compiled(sheet, "png", dots=dots)


def _compiled(sheet: Sheet, kind: Literal["pdf", "png"], *, dots: int = 96) -> list[bytes]:
    import typst  # a library of 80 MB: only who sets a page loads it

    checked = glyphs.check(*_texts(sheet.facts))
    given = {**_shown(sheet.facts, checked.by_hand), "fonts": [glyphs.SERIF, *glyphs.MORE]}
    source = Path(current_app.root_path, current_app.template_folder or "", sheet.template).read_bytes()
    if not TURN.acquire(timeout=PATIENCE):
        raise Busy("too many documents at once")
    try:
        made: object = typst.compile(
            source,
            font_paths=glyphs.fonts(),
            ignore_system_fonts=True,
            sys_inputs={"facts": json.dumps(given, ensure_ascii=False), "drawing": sheet.drawing},
            format=kind,
            ppi=dots,
            timestamp=int(sheet.at.timestamp()),
        )
    finally:
        TURN.release()
    return [bytes(page) for page in made] if isinstance(made, list) else [made]  # type: ignore[list-item]


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
    """The facts as they can be set: boxes where no font has a character, breaks in endless words."""
    if isinstance(facts, str):
        return LONG_RUN.sub(_breakable, glyphs.boxed(facts, by_hand))
    if isinstance(facts, Mapping):
        return {key: _shown(value, by_hand) for key, value in facts.items()}
    if isinstance(facts, (list, tuple)):
        return [_shown(value, by_hand) for value in facts]
    return facts


def _breakable(run: re.Match[str]) -> str:
    pieces = (run[0][at : at + PIECE] for at in range(0, len(run[0]), PIECE))
    return "\u200b".join(pieces)
