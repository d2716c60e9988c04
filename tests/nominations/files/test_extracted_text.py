"""Text of a file as it can be used: characters for radicals, paragraphs for printed lines, and files that have none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import typst
from flask import Flask

from eventreg.core.errors import Refused
from eventreg.core.uploaded_files import pdfs, rules
from eventreg.core.uploaded_files.extracted_text import ExtractedText, mend
from eventreg.core.uploaded_files.rules import FileKind
from eventreg.nominations import wordcount
from eventreg.nominations.files import service
from eventreg.reports import glyphs
from eventreg.words import refusals
from tests.rig import handed_in
from tests.security.bombs import HEAD, TAIL, TYPES

from .handing_in import HERS, hand_in, set_owner

PRINTED = """青天集团先进女职工推荐材料
王芳，一九九〇年五月出生，中共党员，现任青天集团市场部高级工程师，长期从事新产品的
市场调研和推广工作，连续三年获评集团先进个人，二〇二四年获得省级三八红旗手称号，深
受同事和客户的好评。
一、勇于担当，主动承担重点任务
二〇二三年她带领八名同事完成了面向中小企业的 Cloud Office 产品推广，新增客户二百余家，
客户满意度达到百分之九十八。
1/2"""
PARAGRAPHS = [
    "青天集团先进女职工推荐材料",
    (
        "王芳，一九九〇年五月出生，中共党员，现任青天集团市场部高级工程师，长期从事新产品的市场调研和推广工作，连续三年获评集团"
        "先进个人，二〇二四年获得省级三八红旗手称号，深受同事和客户的好评。"
    ),
    "一、勇于担当，主动承担重点任务",
    "二〇二三年她带领八名同事完成了面向中小企业的 Cloud Office 产品推广，新增客户二百余家，客户满意度达到百分之九十八。",
    "1/2",
]


@pytest.fixture
def owner(sqlite_app: Flask) -> Iterator[int]:
    """The contact who hands in; the app's context is open."""
    owner_id = set_owner(sqlite_app)
    with sqlite_app.app_context():
        yield owner_id


def printed(text: str) -> bytes:
    """A PDF of this text, one printed line for each line."""
    body = " \\\n".join(text.split("\n"))
    source = f'#set page(width: 30cm)\n#set text(font: "{glyphs.SERIF}", size: 10pt)\n{body}'
    made = typst.compile(source.encode(), font_paths=glyphs.fonts(), ignore_system_fonts=True, format="pdf")
    assert isinstance(made, bytes)
    return made


def refusal(owner: int, content: bytes, name: str) -> str:
    with pytest.raises(Refused) as no:
        hand_in(owner, content, name)
    return no.value.code


@pytest.mark.parametrize(
    ("radicals", "characters"),
    [
        ("⾼级⼯程师", "高级工程师"),
        ("⻘天", "青天"),
        ("⻓⻔⻋⻢⻰", "长门车马龙"),
        ("⼀⼆⼉", "一二儿"),
        ("⿕", "龠"),
        ("高青 A1", "高青 A1"),
    ],
)
def test_radicals_become_the_characters_that_look_like_them(radicals: str, characters: str) -> None:
    assert mend(radicals, FileKind.DOCX).text == characters


def test_every_radical_becomes_a_character_of_the_han_script() -> None:
    every = "".join(map(chr, range(0x2F00, 0x2FD6)))

    assert wordcount.count(mend(every, FileKind.DOCX).text).han == 214


def test_printed_lines_become_paragraphs() -> None:
    mended = mend(PRINTED, FileKind.PDF)

    assert mended.text.split("\n") == PARAGRAPHS
    assert (mended.joined, mended.replaced) == (3, 0)


@pytest.mark.parametrize(
    "text",
    [
        "姓名\n王芳\n单位\n市场部",
        "\n".join(["她连续三年获评先进个人，带领同事完成了推广任务，新增客户二百余家单位。"] * 3),
        "这是很长的一行文字，它没有写完一句话，而且后面一行以缩进开头，所以是新的一段\n　　新的一段从这里开始",
        "这是很长的一行文字，它没有写完一句话，而且后面一行以编号开头，所以是新的一段\n（二）新的一段从这里开始",
    ],
    ids=["table", "sentences", "indent", "number"],
)
def test_lines_that_end_a_paragraph_are_not_joined(text: str) -> None:
    assert mend(text, FileKind.PDF) == ExtractedText(text)


def test_english_words_are_joined_with_a_space_and_after_a_hyphen_without() -> None:
    lines = (
        "She has led the marketing department since 2019, and she has",
        "won the prize for new products twice, the second time for out-",
        "standing work.",
    )

    mended = mend("\n".join(lines), FileKind.PDF)

    assert mended == ExtractedText(f"{lines[0]} {lines[1]}{lines[2]}", 2)


def test_a_document_s_paragraphs_stay_and_its_radicals_do_not() -> None:
    text = "⻘天" + "长" * 60 + "\n下一段"

    assert mend(text, FileKind.DOCX) == ExtractedText("青天" + "长" * 60 + "\n下一段", 0, 1)


def test_a_printed_pdf_is_counted_and_used_with_characters_and_paragraphs(owner: int) -> None:
    radicals = PRINTED.translate(str.maketrans("青高工生长", "⻘⾼⼯⽣⻓"))
    assert radicals != PRINTED

    kept = hand_in(owner, printed(radicals), "事迹.pdf")

    found = service.extracted_text(kept.id, within=[HERS])
    assert found is not None
    assert found.text.split("\n") == PARAGRAPHS
    assert (found.joined, found.replaced) == (3, sum(PRINTED.count(c) for c in "青高工生长"))
    assert kept.zishu == wordcount.zishu("\n".join(PARAGRAPHS))


def test_a_document_whose_text_is_another_file_is_named(owner: int) -> None:
    body = HEAD.replace(b"<w:body>", b'<w:body><w:altChunk xmlns:r="urn:r" r:id="rId1"/>') + TAIL
    parts = {rules.CONTENT_TYPES: TYPES, "word/document.xml": body, "word/afchunk.mht": b"MIME-Version: 1.0"}

    assert refusal(owner, handed_in.packed(parts), "事迹.docx") == "file.other_inside"


def test_a_cut_pdf_is_named_wherever_it_is_cut(owner: int) -> None:
    whole = handed_in.paper("Deeds", pages=3)
    cuts = [whole[: len(whole) * share // 10] for share in range(1, 10)]

    assert {refusal(owner, cut, "事迹.pdf") for cut in cuts} == {"file.cut"}


def test_a_pdf_for_the_web_is_cut_after_its_first_end_mark_and_one_with_bytes_after_its_end_is_whole() -> (
    None
):
    whole = handed_in.paper("Deeds")
    first = b"%PDF-1.7\n1 0 obj\n<</Linearized 1>>\nendobj\nstartxref\n0\n%%EOF\n"

    assert pdfs.is_cut(first + b"2 0 obj\n<</Type")
    assert not pdfs.is_cut(whole)
    assert not pdfs.is_cut(whole + b"\0" * 9_000 + b"<html>")
    assert not pdfs.is_cut(whole.replace(b"%%EOF", b""))


@pytest.mark.parametrize("why", ["cut", "other_inside"])
def test_a_refusal_says_what_to_do(sqlite_app: Flask, why: str) -> None:
    with sqlite_app.test_request_context():
        assert "请" in refusals.say(f"file.{why}", {})
