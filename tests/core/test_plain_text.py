"""Texts that look alike have one form."""

from __future__ import annotations

import unicodedata

import pytest

from eventreg.core.plain_text import (
    clean,
    comparison_key,
    half_width,
    identifier,
    is_blank,
    plain_name,
    private_use,
    search_text,
)

from .test_marks import WRITTEN

MONGOLIAN = "ᠴᠢᠴᠡᠭ\u180eᠠ"
SINHALA, PERSIAN, HINDI = "ශ\u0dca\u200dරී", "علی\u200cرضا", "क\u094d\u200dष"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("张　三", "张三"),
        ("张 三", "张三"),
        (" 张\u00a0\u2003三　丰 ", "张三丰"),
        ("张\u200b三", "张三"),
        ("\ufeff张三", "张三"),
        ("\u202a张三\u202c", "张三"),
        ("张\u00ad三", "张三"),
        ("张\u200d三\u200c", "张三"),
        ("⾼⻘", "高青"),
        ("\uf9e1四", "李四"),
        ("⻩⻢⻋", "黄马车"),
        ("龚\ue863", "龚䶮"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("阿依古丽･买买提", "阿依古丽·买买提"),
        ("阿依古丽 • 买买提", "阿依古丽·买买提"),
        ("Ａｎｎａ　Ｌｅｅ", "Anna Lee"),
        ("Anna  Lee", "Anna Lee"),
        ("Re\u0301mi", "Rémi"),
        (SINHALA, SINHALA),
        (PERSIAN, PERSIAN),
        (HINDI, HINDI),
        (MONGOLIAN, MONGOLIAN),
        ("张\u180e三", "张三"),
        ("办公室（党委）", "办公室（党委）"),
    ],
)
def test_a_name_has_one_form(written: str, plain: str) -> None:
    assert (plain_name(written), plain_name(plain)) == (plain, plain)


@pytest.mark.parametrize(
    "text", ["第一段。\n　　第二段 有空格。", "👩\u200d💻 ok", PERSIAN, "（全角）", "\tx "]
)
def test_a_text_keeps_its_white_space_width_and_spelling(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [("⾼⻘天", "高青天"), ("左\u202e右\u2066\u2069", "左右"), ("龚\ue863 \ue000", "龚䶮 \ue000")],
)
def test_a_text_loses_look_alikes(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("办公室（党委）", "办公室(党委)"),
        ("ＩＴ 部", "it 部"),
        ("客户服务一班", "客户 服务一班"),
        ("玛丽・李", "玛丽·李"),
    ],
)
def test_names_that_look_alike_are_the_same(one: str, other: str) -> None:
    assert comparison_key(one) == comparison_key(other)


def test_other_names_are_others() -> None:
    assert len({comparison_key(name) for name in ("张三", "张三丰", "王芳", "王方")}) == 4


def test_numbers_and_addresses_are_half_width() -> None:
    assert identifier("\u200bＨＣ０１　") == "HC01"
    assert identifier("Ada＠hechuan．example\u200e") == "Ada@hechuan.example"
    assert (half_width("１２：３０"), half_width("①")) == ("12:30", "①")
    assert search_text(" 办公室（党 委） ") == "办公室(党委)"


def test_the_gb_table_agrees_with_the_codec() -> None:
    """Codes FE50 to FEA0: most have a code point of their own in Python's table of GB 18030-2000."""
    codes = [0xFE00 + low for low in (*range(0x50, 0x7F), *range(0x80, 0xA1))]
    ours = [clean(chr(0xE815 + n)) for n in range(len(codes))]
    codecs = [clean(code.to_bytes(2, "big").decode("gb18030")) for code in codes]

    assert ours == codecs
    assert [private_use(mark) for mark in ours] == [""] * 80


def test_every_radical_but_two_becomes_an_ideograph() -> None:
    codes = [*range(0x2E80, 0x2E9A), *range(0x2E9B, 0x2EF4), *range(0x2F00, 0x2FD6)]
    left = [f"{code:X}" for code in codes if "CJK UNIFIED" not in unicodedata.name(clean(chr(code)))]

    assert left == ["2E80"]  # it has no equivalent in the Unicode data; 2E9A is not assigned


def test_private_use_characters_are_named_once() -> None:
    assert private_use("王\ue000\uf8ff\ue000") == "\ue000\uf8ff"


@pytest.mark.parametrize(("one", "other"), [("IT 班", "it班"), ("办公室 （党委）", "办公室(党委)")])
def test_white_space_beside_han_is_no_difference(one: str, other: str) -> None:
    assert comparison_key(one) == comparison_key(other)


def test_white_space_between_latin_words_is_a_difference() -> None:
    assert comparison_key("Anna Lee") != comparison_key("Annalee")


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_no_script_loses_a_letter(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b", "\u3164\u2800", "\ufe0f", "\u200d\n\u3000", "\u202e\u202c", "\U000e0020"]
)
def test_a_text_that_shows_nothing_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "\u200b字", "。", "🎉", "\ue863", "0"])
def test_a_text_that_shows_something_is_not(text: str) -> None:
    assert not is_blank(text)
