"""The key that sorts names by the strokes of their characters, the surname first.

The order is that of the Unicode CLDR (`LICENSE` beside this file). It is written out by a JavaScript engine with full ICU data:
all Han characters of the two blocks, sorted with `new Intl.Collator("zh-u-co-stroke").compare`, 100 a line.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

ORDER = Path(__file__).with_name("strokes.txt")


def stroke_key(name: str) -> tuple[tuple[int, str], ...]:
    """A sort key: fewer strokes first; characters that the order does not know come last, by code point."""
    places = _places()
    return tuple((places.get(character, len(places)), character) for character in name)


@cache
def _places() -> dict[str, int]:
    text = ORDER.read_text(encoding="utf-8").replace("\n", "")
    return {character: place for place, character in enumerate(text)}
