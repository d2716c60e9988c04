"""Names in the order of strokes, as a list of candidates has them."""

from __future__ import annotations

from hashlib import sha256

from eventreg.core.stroke_order.stroke_names import ORDER, stroke_key


def test_surnames_stand_by_their_strokes() -> None:
    names = ["魏红", "赵敏", "丁一", "王芳", "李娜", "马丽", "一文"]

    assert sorted(names, key=stroke_key) == ["一文", "丁一", "马丽", "王芳", "李娜", "赵敏", "魏红"]


def test_of_one_surname_the_second_character_decides_and_the_shorter_name_is_first() -> None:
    assert sorted(["王静", "王一", "王"], key=stroke_key) == ["王", "王一", "王静"]


def test_letters_and_unknown_characters_come_last() -> None:
    assert sorted(["Anna", "𠮷野", "魏红"], key=stroke_key) == ["魏红", "Anna", "𠮷野"]


def test_the_order_is_the_one_that_its_licence_names() -> None:
    licence = ORDER.with_name("LICENSE").read_text()

    assert sha256(ORDER.read_bytes()).hexdigest() in licence
