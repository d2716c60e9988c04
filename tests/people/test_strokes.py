"""Names in the order of their strokes, as lists of people are printed (姓氏笔画)."""

from __future__ import annotations

import random
from hashlib import sha256
from pathlib import Path

import pytest

from eventreg.people import strokes
from eventreg.people.strokes import stroke_key

BY_STROKES = "丁卜刁于干万马丰王韦尤车牛毛仇卞文方尹孔邓艾左厉石龙叶申田宁冯刘阮李张陈"


def sorted_names(*names: str) -> list[str]:
    """The names in order, however they came."""
    shuffled = random.Random(308).sample(names, len(names))
    return sorted(shuffled, key=stroke_key)


def test_family_names_go_by_number_of_strokes_then_by_their_kinds() -> None:
    """邓 has four and 阮 six, as the mainland writes them; of four 王 (横) is before 毛 (撇), 方 (点) and 孔 (折)."""
    assert "".join(sorted_names(*BY_STROKES)) == BY_STROKES


def test_the_given_name_decides_among_namesakes_the_shorter_first() -> None:
    assert sorted_names("王一", "王丽", "王丽华", "王芳", "马骏") == [
        "马骏",
        "王一",
        "王芳",
        "王丽",
        "王丽华",
    ]


def test_a_double_family_name_stands_after_all_of_its_first_character() -> None:
    assert sorted_names("欧阳一", "欧小红", "司马光", "司空图", "司一") == [
        "司一",
        "司马光",
        "司空图",
        "欧小红",
        "欧阳一",
    ]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("王吗", "王𠮷"),
        ("王𠮷", "王吴"),
        ("王玥", "王䶮"),
        ("李堃", "李喆"),
        ("古丽", "阿依古丽·买买提"),
        ("龖一", "Ada"),
        ("Ada", "\U0003ffff"),
    ],
)
def test_rare_characters_have_their_place_and_unknown_ones_are_last(earlier: str, later: str) -> None:
    """Of six strokes 𠮷 is after those whose strokes are known in order, and before all of seven."""
    assert sorted_names(earlier, later) == [earlier, later]


def test_every_name_has_a_key_that_compares_with_every_other() -> None:
    names = ("", "·", "王", "\ud83d", "阿·", "1", "王" * 60)

    assert len(sorted_names(*names)) == len(names)


def test_the_file_is_the_one_that_its_licence_speaks_of() -> None:
    file = Path(strokes.__file__).with_suffix(".txt")
    told = file.with_suffix(".LICENSE").read_text("utf-8")

    assert f"sha256:{sha256(file.read_bytes()).hexdigest()}" in told
    assert [words in told for words in ("UNICODE LICENSE V3", "The MIT License")] == [True, True]
