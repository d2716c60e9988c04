"""Which deeds texts say the same."""

from __future__ import annotations

import random

from eventreg.nominations.screening.overlap import TextOverlap, letters, overlaps, passages, prints, repeated

HANS = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]


def text(seed: int, length: int = 1200) -> str:
    """A text of its own."""
    source = random.Random(seed)
    return "".join(source.choice(HANS) for _ in range(length))


def test_what_is_copied_is_found_with_its_share_and_what_is_not_is_not() -> None:
    mine, others = text(1), [(n, prints(text(n))) for n in range(2, 60)]
    copied = mine[:600] + text(7)[:600]

    assert overlaps(prints(mine), others) == []
    found = {overlap.other: overlap.percent for overlap in overlaps(prints(copied), others)}
    assert found.keys() == {7}
    assert 40 <= found[7] <= 60
    assert overlaps(prints(mine), [(9, prints(mine))]) == [TextOverlap(9, 100)]


def test_nineteen_letters_in_common_share_a_hash() -> None:
    for seed in range(50):
        common = text(seed, 19)
        one, other = (prints(text(n + seed, 300) + common + text(n, 300)) for n in (1000, 2000))
        assert {one[n : n + 4] for n in range(0, len(one), 4)} & {
            other[n : n + 4] for n in range(0, len(other), 4)
        }


def test_spaces_punctuation_width_and_case_hide_nothing() -> None:
    plain = text(3, 200) + "ERP上线98"
    dressed = "，".join(plain[n : n + 5] for n in range(0, len(plain), 5)).replace("ERP", "Ｅrp")

    assert letters(dressed) == letters(plain)
    assert overlaps(prints(dressed), [(1, prints(plain))]) == [TextOverlap(1, 100)]


def test_the_passages_are_shown_as_they_are_written_here_the_longest_first() -> None:
    long, short = text(4, 60), text(5, 20)
    mine = f"甲乙丙。{long[:30]}，{long[30:]}。{text(6, 40)}\n{short}！"
    other = text(7, 50) + long + text(8, 50) + short

    assert passages(mine, other) == [f"{long[:30]}，{long[30:]}", short]


def test_twelve_letters_are_a_phrase_and_no_passage() -> None:
    phrase = text(4, 12)

    assert passages(f"甲{phrase}乙", f"丙{phrase}丁") == []


def test_a_paragraph_that_stands_twice_is_named_once_and_a_heading_is_not() -> None:
    again, heading = text(9, 25), "主要事迹"

    assert repeated(f"{heading}\n{again}\n别的\n{heading}\n  {again}。\n") == [again]


def test_short_texts_have_nothing_to_compare() -> None:
    assert (prints(""), prints("只有七个字的文"), overlaps(prints(""), [(1, prints(text(1)))])) == (
        b"",
        b"",
        [],
    )
    assert len(prints(text(1, 8))) == 4
