"""What changed between two versions of a text, in nearly linear time. Pure.

Sentences that occur once in both texts, in the same order, are matched first (patience diff). Between them single
characters are compared if the passage is short, else the whole passage is replaced.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

SENTENCE = re.compile(r"[^。！？；，、,.!?;\n]*[。！？；，、,.!?;\n]*")
BY_CHARACTER = 400  # the longest passage that is compared character by character
WORTH_IT = 0.4  # a passage that has less in common is replaced as a whole, because single changes would be unreadable
AROUND = 24  # unchanged characters that are shown on each side of a change


class TextChange(StrEnum):
    """What happened to a piece of text; `GAP` replaces a long unchanged piece."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A run of characters and its change."""

    change: TextChange
    text: str


def differences(old: str, new: str) -> list[TextPiece]:
    """Both texts as pieces: without the REMOVED pieces it is `new`, without the ADDED pieces it is `old`."""
    head, tail = _common(old, new)
    middle = old[head : len(old) - tail], new[head : len(new) - tail]
    pieces = [
        TextPiece(TextChange.SAME, old[:head]),
        *_between(*middle),
        TextPiece(TextChange.SAME, old[len(old) - tail :]),
    ]
    return _joined(pieces)


def around_changes(pieces: Sequence[TextPiece]) -> list[TextPiece]:
    """The pieces, with unchanged text shortened to some characters on each side of a change."""
    last = len(pieces) - 1
    cut = [part for n, piece in enumerate(pieces) for part in _cut(piece, first=n == 0, last=n == last)]
    return [piece for piece in cut if piece.text]


def _common(old: str, new: str) -> tuple[int, int]:
    """The lengths of the common beginning and the common end."""
    most = min(len(old), len(new))
    head = next((n for n in range(most) if old[n] != new[n]), most)
    rest = most - head
    tail = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    return head, tail


def _between(old: str, new: str) -> Iterator[TextPiece]:
    before, after = SENTENCE.findall(old), SENTENCE.findall(new)
    a = b = 0
    for i, j in _anchors(before, after):
        yield from _passage("".join(before[a:i]), "".join(after[b:j]))
        yield TextPiece(TextChange.SAME, before[i])
        a, b = i + 1, j + 1
    yield from _passage("".join(before[a:]), "".join(after[b:]))


def _anchors(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """The longest list of sentences that occur once in each text, as pairs of positions that both increase."""
    once = {text for text, n in Counter(before).items() if n == 1 and text}
    once &= {text for text, n in Counter(after).items() if n == 1}
    place = {text: j for j, text in enumerate(after) if text in once}
    pairs = [(i, place[text]) for i, text in enumerate(before) if text in once]
    ends: list[int] = []
    links: list[tuple[int, int | None]] = []  # the pair at each pile's top, and the one it follows
    tops: list[int] = []
    for n, (_i, j) in enumerate(pairs):
        pile = bisect_left(ends, j)
        links.append((n, tops[pile - 1] if pile else None))
        ends[pile : pile + 1], tops[pile : pile + 1] = [j], [n]
    chain, at = [], tops[-1] if tops else None
    while at is not None:
        chain.append(pairs[at])
        at = links[at][1]
    return chain[::-1]


def _passage(old: str, new: str) -> list[TextPiece]:
    """Compare two passages by characters if they are short and similar, else replace one by the other."""
    whole = [TextPiece(TextChange.REMOVED, old), TextPiece(TextChange.ADDED, new)]
    if not old or not new or max(len(old), len(new)) > BY_CHARACTER:
        return whole
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.quick_ratio() < WORTH_IT or matcher.ratio() < WORTH_IT:
        return whole
    pieces = []
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(TextPiece(TextChange.SAME, old[i:i_end]))
        else:
            pieces += [TextPiece(TextChange.REMOVED, old[i:i_end]), TextPiece(TextChange.ADDED, new[j:j_end])]
    return pieces


def _joined(pieces: Sequence[TextPiece]) -> list[TextPiece]:
    joined: list[TextPiece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if joined and joined[-1].change is piece.change:
            joined[-1] = replace(piece, text=joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined


def _cut(piece: TextPiece, *, first: bool, last: bool) -> list[TextPiece]:
    if piece.change is not TextChange.SAME or len(piece.text) <= 2 * AROUND + 8:
        return [piece]
    before = "" if first else piece.text[:AROUND]
    after = "" if last else piece.text[-AROUND:]
    return [
        TextPiece(TextChange.SAME, before),
        TextPiece(TextChange.GAP, "…"),
        TextPiece(TextChange.SAME, after),
    ]
