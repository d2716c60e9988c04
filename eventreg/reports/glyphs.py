"""Which characters can be printed: with our font, with fonts of the system, or only by hand.

Names have characters that a font with thirty thousand lacks (GB 18030-2022 requires them). A printed form must not lose
one silently, so every text is checked against the tables of the fonts.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pylopdf_fonts_zh_cn

if TYPE_CHECKING:
    import typst

SERIF = "Noto Serif SC"
MORE = ("Noto Serif CJK SC",)  # in the order in which they are tried
MORE_FOLDER = Path("/usr/share/fonts/opentype/noto")  # Debian's fonts-noto-cjk
BOX = "\u25a1"  # a box for a character that has to be written by hand
UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}  # categories without a visible glyph
SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))  # they select a variant of the character before


@dataclass(frozen=True, slots=True)
class MissingGlyphs:
    """Characters that our font lacks: those that a font of the system has, and those that no font has; each once."""

    other_font: str = ""
    by_hand: str = ""


def check(*texts: str) -> MissingGlyphs:
    """Check texts against the fonts."""
    lacking = [mark for mark in dict.fromkeys("".join(texts)) if drawn(mark) and ord(mark) not in _ours()]
    if not lacking:
        return MissingGlyphs()
    more = _more()
    return MissingGlyphs(
        "".join(mark for mark in lacking if ord(mark) in more),
        "".join(mark for mark in lacking if ord(mark) not in more),
    )


def boxed(text: str, by_hand: str) -> str:
    """A text with a box for every character that has to be written by hand; what draws nothing is left out."""
    shown = (BOX if mark in by_hand else mark for mark in text if drawn(mark) or mark in "\n \u3000\u200b")
    return "".join(shown)


def without_emoji(text: str) -> str:
    """A text for a notice or a ticket, without the symbols that no font has; letters stay, and are boxed."""
    lost = {mark for mark in check(text).by_hand if unicodedata.category(mark) in {"So", "Sk"}}
    kept = "".join(mark for mark in text if mark not in lost and (drawn(mark) or mark.isspace()))
    return " ".join(kept.split()) if lost and kept.strip() else text


def drawn(mark: str) -> bool:
    """Whether a character has a visible glyph."""
    chosen = any(ord(mark) in selectors for selectors in SELECTORS)
    return not chosen and unicodedata.category(mark) not in UNSEEN


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """Our font and known fonts of the system, opened once. Other fonts are not used, so that all machines print alike."""
    import typst

    found = [str(pylopdf_fonts_zh_cn.serif_path().parent), *([str(MORE_FOLDER)] if _file().is_file() else [])]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=found)


@lru_cache(maxsize=1)
def _ours() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(pylopdf_fonts_zh_cn.serif_path(), lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


@lru_cache(maxsize=1)
def _more() -> frozenset[int]:
    """The characters that fonts of the system add."""
    if not _file().is_file():
        return frozenset()
    from fontTools.ttLib.ttCollection import TTCollection

    with TTCollection(_file(), lazy=True) as found:
        named = (font for font in found if font["name"].getDebugName(1) in MORE)
        return frozenset(mark for font in named for mark in font.getBestCmap() or ())


def _file() -> Path:
    return MORE_FOLDER / "NotoSerifCJK-Regular.ttc"
