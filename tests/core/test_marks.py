"""Stacks of combining marks: what people write passes in any script, what only harms is found where it stands."""

from __future__ import annotations

import re
import sys
import time
import unicodedata

import pytest

from eventreg.core.combining_marks import MARKS_MOST, PLAIN, check_marks, find_stack
from eventreg.core.errors import Refused

ACUTE = "\u0301"
WRITTEN = {
    "Vietnamese, decomposed": unicodedata.normalize("NFD", "Nguyễn Thị Ngọc Ánh đã được khen thưởng"),
    "Thai": "น้ำใจของผู้หญิงที่ยิ่งใหญ่",
    "Devanagari": "क्षत्रियाँ हृत्स्न्यं स्त्रीणां र्त्स्न्य",
    "Vedic accents": "अ॒ग्निमी॑ळे पु॒रोहि॑तं",
    "Tibetan": "བཀྲ་ཤིས་བདེ་ལེགས། ཨོཾ་མ་ཎི་པདྨེ་ཧཱུྃ།",
    "the Kalachakra monogram": "\u0f67\u0f90\u0fb5\u0fa8\u0fb3\u0fba\u0fbc\u0fbb\u0f82",
    "Arabic with vowels": "بِسْمِ ٱللَّٰهِ ٱلرَّحْمَٰنِ",
    "Uyghur": "ئالىي ئاياللار كۈنى",
    "Hebrew with accents": "בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים",
    "Burmese": "မင်္ဂလာပါ ကျွန်ုပ်တို့",
    "Khmer": "ស្ត្រីខ្មែរ",
    "Korean, decomposed": unicodedata.normalize("NFD", "여성의 날을 축하합니다") * 50,
    "Old Korean": "\u1112\u119e\u11ab\u1100\u119e\u11af",
    "a family, a couple and flags": "👩🏻‍❤️‍💋‍👨🏿👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ ᠤᠨ ᠡᠮᠡᠭᠲᠡᠢ᠋",
    "Chinese": "把小事办到用户心里。" * 1000,
    "dashes and dots": "————————————……………………………………",
}
STACKED = {
    "acutes": "e" + ACUTE * 9,
    "different marks": "e" + "".join(chr(0x300 + n) for n in range(9)),
    "on a Chinese letter": "女" + ACUTE * 9,
    "on nothing": ACUTE * 9,
    "enclosing": "e" + "\u20dd" * 9,
    "joiners between": "e" + (ACUTE + "\u200d") * 4 + ACUTE,
    "only joiners": "a" + "\u200d" * 9,
    "variation selectors": "女" + "\ufe00" * 9,
    "more of them": "女" + "\U000e0100" * 9,
    "Thai tone marks": "ก" + "\u0e48" * 9,
    "spacing vowels": "क" + "\u093e" * 9,
    "subjoined letters": "\u0f67" + "\u0f90" * 9,
    "tags": "a" + "\U000e0041" * 9,
    "leading consonants": "\u1100" * 9,
    "vowels": "\u1100" + "\u1161" * 9,
    "trailing consonants": "\u1100\u1161" + "\u11a8" * 9,
    "kana voicing": "か" + "\u3099" * 9,
    "tone marks of Chinese": "女" + "\u302a" * 9,
}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_people_write_passes(name: str) -> None:
    assert find_stack(WRITTEN[name]) is None


@pytest.mark.parametrize("name", STACKED)
def test_what_nobody_writes_is_found_where_it_stands(name: str) -> None:
    text = f"字{STACKED[name]}"

    found = find_stack(text)

    assert found is not None
    assert 1 <= found <= 3
    assert find_stack(text[:-1]) is None


def test_the_refusal_quotes_what_stands_before_it() -> None:
    with pytest.raises(Refused) as refused:
        check_marks("", "班长", f"把小事办到用户心e{ACUTE * 20_000}里")

    assert (refused.value.code, refused.value.facts) == (
        "typed.marks",
        {"before": "把小事办到用户心e", "most": MARKS_MOST},
    )


def test_what_is_passed_over_as_plain_holds_no_mark_of_any_script() -> None:
    plain = re.compile(f"[{PLAIN}]")
    passed = [chr(code) for code in range(sys.maxunicode + 1) if plain.match(chr(code))]

    assert [mark for mark in passed if unicodedata.category(mark).startswith("M")] == []
    assert len(passed) > 40_000


def test_a_long_text_costs_little_whatever_it_holds() -> None:
    texts = [
        "女" * 1_000_000,
        ("e" + ACUTE * 8) * 100_000,
        "ก" * 1_000_000,
        "\u1100" * 8 + "\u1161\u1100" * 500_000,
    ]

    began = time.process_time()
    assert [find_stack(text) for text in texts] == [None] * 4
    assert time.process_time() - began < 2


@pytest.mark.parametrize("mark", ["\u200b", "\u00ad", "\u202e", "\u2069", "\u061c"])
def test_invisible_marks_do_not_divide_a_stack(mark: str) -> None:
    """They are removed when a text is stored: two halves of a stack would become one."""
    half = "\u0301" * 8

    assert find_stack(f"a{half}") is None
    assert find_stack(f"a{half}{mark}{half}") == 1
    assert find_stack(f"a{half}{mark}b{half}") is None
