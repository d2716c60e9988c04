"""Find deeds texts that share passages, as hints for reviewers. Pure.

A text is represented by hashes of its runs of eight letters, of which only the least of each twelve neighbours is
kept ("winnowing"; S. Schleimer, D. Wilkerson, A. Aiken, SIGMOD 2003): two texts that share nineteen letters share a
hash, and a thousand texts are compared in half a second.
"""

from __future__ import annotations

import re
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eventreg.core.plain_text import identifier

RUN = 8  # letters of one hash
WINDOW = 12  # neighbouring hashes of which one is kept
LEAST_SHARE = 10  # least overlap that is shown, in per cent of a text's hashes
PASSAGE_LEAST = 13  # least letters of a passage that is shown
PASSAGES_MOST = 5
PARAGRAPH_LEAST = 20  # least letters of a repeated paragraph; shorter ones are headings

_OTHERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class TextOverlap:
    """How much of a text another text shares, in per cent of the text's hashes."""

    other: int
    percent: int


def letters(text: str) -> str:
    """A text as it is compared and searched: half-width, lower case, without spaces and punctuation."""
    return _OTHERS.sub("", identifier(text).casefold())


def prints(text: str) -> bytes:
    """The selected hashes of a text, four bytes each, in order."""
    plain = letters(text)
    hashes = [zlib.crc32(plain[n : n + RUN].encode()) for n in range(len(plain) - RUN + 1)]
    last = max(1, len(hashes) - WINDOW + 1) if hashes else 0
    chosen = {min(hashes[n : n + WINDOW]) for n in range(last)}
    return array("I", sorted(chosen)).tobytes()


def overlaps(mine: bytes, others: Iterable[tuple[int, bytes]]) -> list[TextOverlap]:
    """The `others` (id, prints) that share much with `mine`, the most similar first."""
    own = set(_read(mine))
    if not own:
        return []
    found = [(len(own.intersection(_read(kept))), other) for other, kept in others]
    shares = [TextOverlap(other, 100 * common // len(own)) for common, other in found]
    worth = [overlap for overlap in shares if overlap.percent >= LEAST_SHARE]
    return sorted(worth, key=lambda overlap: (-overlap.percent, overlap.other))


def passages(mine: str, other: str) -> list[str]:
    """The longest passages of `mine` that also occur in `other`, as written in `mine`."""
    plain, places = _with_places(mine)
    there = letters(other)
    runs = {there[n : n + RUN] for n in range(len(there) - RUN + 1)}
    found, n = [], 0
    while n <= len(plain) - RUN:
        end = n
        while end <= len(plain) - RUN and plain[end : end + RUN] in runs:
            end += 1
        length = end - n + RUN - 1
        if end > n and length >= PASSAGE_LEAST:
            found.append((length, mine[places[n] : places[n + length - 1] + 1]))
        n = max(end, n + 1)
    found.sort(key=lambda passage: -passage[0])
    return list(dict.fromkeys(text for _length, text in found))[:PASSAGES_MOST]


def repeated(text: str) -> list[str]:
    """Paragraphs that a text contains more than once, each as it occurs first."""
    paragraphs = [paragraph.strip() for paragraph in text.splitlines()]
    counts: Mapping[str, int] = Counter(letters(paragraph) for paragraph in paragraphs)
    again = {plain for plain, count in counts.items() if count > 1 and len(plain) >= PARAGRAPH_LEAST}
    first = {letters(paragraph): paragraph for paragraph in reversed(paragraphs)}
    return [first[plain] for plain in counts if plain in again]


def _read(kept: bytes) -> array[int]:
    hashes = array("I")
    hashes.frombytes(kept)
    return hashes


def _with_places(text: str) -> tuple[str, list[int]]:
    """The letters of a text, and the position of each."""
    plain: list[str] = []
    places: list[int] = []
    for n, character in enumerate(text):
        for letter in letters(character):
            plain.append(letter)
            places.append(n)
    return "".join(plain), places
