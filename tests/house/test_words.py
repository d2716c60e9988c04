"""Chinese is the msgid; English is complete, and compiled from what is written."""

from __future__ import annotations

import re
from collections import Counter

from babel.messages.catalog import Message

from tools import words

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


def _texts(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, (list, tuple)) else [str(value)]


def _places(text: str) -> Counter[str]:
    return Counter(found[0] for found in PLACEHOLDER.finditer(text))


def _written() -> list[Message]:
    return [m for m in words.catalogue() if m.id]


def test_everything_said_stands_in_the_catalogue_and_nothing_else() -> None:
    said = {(m.id, m.context) for m in words.extracted() if m.id}

    assert {(m.id, m.context) for m in _written()} == said


def test_nothing_lacks_its_english() -> None:
    assert words.missing(words.catalogue()) == []


def test_nothing_obsolete_is_kept() -> None:
    assert list(words.catalogue().obsolete) == []


def test_the_catalogue_is_written_as_make_words_writes_it() -> None:
    assert words.PO.read_text("utf-8") == words.po_text(words.updated(words.catalogue(), words.extracted()))


def test_the_compiled_catalogue_is_the_written_one() -> None:
    assert words.MO.read_bytes() == words.mo_bytes(words.catalogue())


def test_english_fills_in_the_same_facts() -> None:
    """Every placeholder of the msgid is one of the msgstr; a plural may leave the number out."""
    differ = [
        (text, m.id)
        for m in _written()
        for text in _texts(m.string)
        if text and set(_places(text)) != set(_places(_texts(m.id)[0]))
    ]

    assert differ == []


def test_english_holds_no_chinese() -> None:
    """But for examples of what a roster holds there is no reason to."""
    chinese = [
        text for m in _written() for text in _texts(m.string) if re.search(r"[一-鿿，。：；！？、]", text)
    ]

    assert chinese == []


def test_no_english_says_the_same_twice_over() -> None:
    """A merge can glue a long text to its own copy; the pages then say it twice."""
    glued = [
        text
        for m in _written()
        for text in _texts(m.string)
        if len(text) > 8 and text[: len(text) // 2] == text[(len(text) + 1) // 2 :]
    ]

    assert glued == []
