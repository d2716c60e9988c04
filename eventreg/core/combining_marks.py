"""Combining marks stacked on one letter: how many a text may hold (Zalgo text, and what takes a typesetter's memory).

A mark is drawn over, under or around the letter before it. No alphabet needs many: Vietnamese has two,
vocalised Arabic three, pointed Hebrew with its accents five, an English flag among the emoji six tags.
The tallest stack that people write is the Tibetan Kalachakra monogram: a letter with eight signs below
and above it. Unicode's Stream-Safe Text Format (UAX #15, section 13) allows thirty.

Parts of Korean syllables (conjoining jamo) are letters, but a run of one kind is drawn as one block too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from .errors import Refused
from .plain_text import without_invisible

MARKS_MOST = 8  # on one letter
BEFORE = 12  # characters in front of a stack that are quoted, so that it can be found

# What cannot be part of a stack: Latin, Chinese, kana, whole Korean syllables. Most texts hold nothing else.
PLAIN = r"\x00-\u02ff\u2010-\u2027\u2e80-\u3029\u3030-\u3098\u309b-\ua4cf\uac00-\ud7a3\uff00-\uff9d"
LONG = re.compile(f"[^{PLAIN}]{{{MARKS_MOST + 1},}}")
JOINERS = frozenset("\u034f\u200c\u200d\u2060\ufeff")
LEADING, VOWELS, TRAILING = (
    "\u1100-\u115f\ua960-\ua97c",
    "\u1160-\u11a7\ud7b0-\ud7c6",
    "\u11a8-\u11ff\ud7cb-\ud7fb",
)
JAMO = re.compile("|".join(f"[{kind}]{{{MARKS_MOST + 1},}}" for kind in (LEADING, VOWELS, TRAILING)))


def check_marks(*texts: str) -> None:
    """Raises Refused: typed.marks (before=what stands in front, most=marks) when a letter carries too many."""
    for text in texts:
        at = find_stack(text)
        if at is not None:
            raise Refused("typed.marks", before=text[max(0, at - BEFORE) : at].strip(), most=MARKS_MOST)


def has_stack(texts: Iterable[str]) -> bool:
    """Whether any of these texts has a letter with too many marks."""
    return any(find_stack(text) is not None for text in texts)


def find_stack(text: str) -> int | None:
    """Where the first stack of more than MARKS_MOST marks begins, None where there is none.

    Invisible marks between two halves of a stack are removed when the text is stored (`plain_text.clean`): a text is
    searched without them too, and the place is then near the stack only.
    """
    if text.isascii():
        return None
    at, joined = _find_stack(text), without_invisible(text)
    return _find_stack(joined) if at is None and joined != text else at


def _find_stack(text: str) -> int | None:
    for run in LONG.finditer(text):
        if (at := _stack_in(run[0])) is not None:
            return run.start() + at
    return None


def _stack_in(run: str) -> int | None:
    if jamo := JAMO.search(run):
        return jamo.start()
    height = 0
    for at, letter in enumerate(run):
        height = height + 1 if _is_mark(letter) else 0
        if height > MARKS_MOST:
            return at - MARKS_MOST
    return None


def _is_mark(letter: str) -> bool:
    """Marks of all scripts (Mn, Mc, Me; variation selectors are among them), joiners, tags, skin colours."""
    tag, colour = "\U000e0000" <= letter <= "\U000e007f", "\U0001f3fb" <= letter <= "\U0001f3ff"
    return tag or colour or letter in JOINERS or unicodedata.category(letter).startswith("M")
