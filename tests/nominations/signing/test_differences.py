"""What changed between two texts: exactly, readably, and in time that does not run away."""

from __future__ import annotations

import random
from difflib import SequenceMatcher

import pytest

from eventreg.nominations.signing.differences import (
    BY_CHARACTER,
    TextChange,
    TextPiece,
    around_changes,
    differences,
)

SAME, ADDED, REMOVED, GAP = TextChange.SAME, TextChange.ADDED, TextChange.REMOVED, TextChange.GAP


def read(pieces: list[TextPiece], without: TextChange) -> str:
    """The text that the pieces make without what was added, or what was removed."""
    return "".join(piece.text for piece in pieces if piece.change is not without)


def test_one_word_is_one_change() -> None:
    assert differences("她守在柜台。天天如此。", "她守在窗口。天天如此。") == [
        TextPiece(SAME, "她守在"),
        TextPiece(REMOVED, "柜台"),
        TextPiece(ADDED, "窗口"),
        TextPiece(SAME, "。天天如此。"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("", "", []),
        ("", "新", [ADDED]),
        ("旧", "", [REMOVED]),
        ("一样", "一样", [SAME]),
        ("甲。乙。", "甲。丙。乙。", [SAME, ADDED, SAME]),
    ],
)
def test_the_ends_and_nothing(old: str, new: str, changes: list[TextChange]) -> None:
    assert [piece.change for piece in differences(old, new)] == changes


def test_passages_that_have_little_in_common_are_replaced_as_a_whole() -> None:
    pieces = differences("清早巡线三十里。", "夜里抢修到天亮！")

    assert [piece.change for piece in pieces] == [REMOVED, ADDED]


def test_without_what_was_added_it_is_the_old_text_and_without_what_went_the_new() -> None:
    chance = random.Random(38)
    for _n in range(300):
        old = "".join(chance.choices("甲乙丙丁。，\n", k=chance.randrange(60)))
        new = "".join(chance.choices("甲乙丙戊。，\n", k=chance.randrange(60)))
        pieces = differences(old, new)
        assert (read(pieces, ADDED), read(pieces, REMOVED)) == (old, new)


def test_of_a_long_text_only_what_is_around_a_change_is_shown() -> None:
    text = "字" * 500
    pieces = around_changes(differences(text + "甲" + text, text + "乙" + text))

    assert [piece.change for piece in pieces] == [GAP, SAME, REMOVED, ADDED, SAME, GAP]
    assert sum(len(piece.text) for piece in pieces) == 52


def worst(length: int) -> list[tuple[str, str]]:
    """Pairs on which a plain comparison takes minutes or hours."""
    sentences = [f"第{n}天她走了{n * 7}里路。" for n in range(length // 12)]
    every_other = [s if n % 2 else f"{s[:-1]}吗？" for n, s in enumerate(sentences)]
    return [
        ("同一句。" * (length // 4), "同一句话。" * (length // 5)),
        ("甲乙" * (length // 2), "乙甲" * (length // 2)),
        ("".join(sentences), "".join(every_other)),
        ("".join(sentences), "".join(reversed(sentences))),
        ("字" * length, "字" * (length - 1) + "词"),
    ]


@pytest.mark.parametrize("case", range(5))
def test_a_hundred_thousand_characters_are_compared_in_bounded_work(
    case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work is counted in characters that were compared one by one: never more than a passage's bound each."""
    compared: list[int] = []

    def counting(_junk: None, old: str, new: str, *, autojunk: bool) -> SequenceMatcher[str]:
        compared.append(max(len(old), len(new)))
        return SequenceMatcher(None, old, new, autojunk=autojunk)

    monkeypatch.setattr("eventreg.nominations.signing.differences.SequenceMatcher", counting)
    old, new = worst(100_000)[case]

    pieces = differences(old, new)

    assert (read(pieces, ADDED), read(pieces, REMOVED)) == (old, new)
    assert max(compared, default=0) <= BY_CHARACTER
    assert sum(compared) <= len(old) + len(new)
