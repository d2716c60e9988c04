"""字数 by the rule's examples, and one character more or less at every border of its classes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventreg.nominations.wordcount import WordCount, count, digest, zishu
from tests.house.repository import ROOT

VECTORS = json.loads((ROOT / "tests/vectors/wordcount.json").read_text("utf-8"))
PARAGRAPH_BREAKS = ("\n", "\r\n", "\r")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["text"])[:12])
def test_the_rule_s_examples(vector: dict[str, object]) -> None:
    assert zishu(str(vector["text"])) == vector["zishu"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\u10ffb a\u1100b", 1 + 3),  # the first Asian character and the one before it
        ("a\u3000b", 2),  # an ideographic space separates and does not count
        ("a\u4dbfb a\u4dc0b a\u4e00b", 3 + 1 + 3),
        ("a\ufe0fb", 1),  # a variation selector is not there
        ("\U000323af\U000323b0", 2),  # the last Han character, then something else
        ("\u2028", 1),
        ("好\u2028好", 3),
        ("好“a”好", 5),
        ("a“a", 1),
        ("好\na“a", 2),  # another paragraph's Han character changes nothing
        ("好 a“a", 2),
        ("好 “", 2),
        ("\x1c好\x85", 1),
    ],
)
def test_at_the_borders_of_its_classes(text: str, words: int) -> None:
    assert zishu(text) == words


def test_all_three_figures_of_a_text() -> None:
    assert count("她 获 2025年度“QC成果”奖\n") == WordCount(zishu=11, han=7, characters=15)


@given(st.text(), st.text(), st.sampled_from(PARAGRAPH_BREAKS))
def test_paragraphs_count_by_themselves(one: str, other: str, between: str) -> None:
    assert zishu(one + between + other) == zishu(one) + zishu(other)


@given(st.text())
def test_every_text_has_at_most_as_many_words_as_characters(text: str) -> None:
    figures = count(text)

    assert figures.han <= figures.zishu <= len(text)
    assert figures.han <= figures.characters <= len(text)


def test_a_digest_names_one_text() -> None:
    """By the first example of FIPS 180-4, and a word of ours."""
    assert (digest("abc")[:8], digest("好")[:8]) == ("ba7816bf", "f867f341")
