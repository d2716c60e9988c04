"""What a PDF holds beside the text that was typed is taken out of it, and nothing else."""

from __future__ import annotations

import pytest
from pypdf import PageObject

from eventreg.core.plain_text import clean
from eventreg.core.uploaded_files import pdfs
from eventreg.core.uploaded_files.extracted_text import join_lines, mend
from eventreg.core.uploaded_files.printed_text import body_of, without_bullet, without_gaps
from eventreg.core.uploaded_files.rules import FileKind
from eventreg.nominations import wordcount


@pytest.mark.parametrize(
    ("read", "typed"),
    [
        ("获得 “ 优秀党员 ”“ 青年能手 ” 等", "获得“优秀党员”“青年能手”等"),
        ("她说： “ 好 。 ” 面对", "她说：“好。”面对"),
        ("达到 98.5% ，较上年", "达到 98.5%，较上年"),
        ("don ’ t and can’ t, she ’s", "don’t and can’t, she’s"),
        ("don't and the judges’ report", "don't and the judges’ report"),
        ("said that “the office” is", "said that “the office” is"),
        ("客户 326 家 Cloud Office 产品", "客户 326 家 Cloud Office 产品"),
        ("\u3000\u3000她把小事办好。", "\u3000\u3000她把小事办好。"),
    ],
)
def test_gaps_are_no_spaces(read: str, typed: str) -> None:
    assert without_gaps(read) == typed


@pytest.mark.parametrize(
    "word", ["don’t", "don ’ t", "don’ t", "don't", "o\ufb03ce’s", "out\u2010\nstanding"]
)
def test_an_english_word_counts_once(word: str) -> None:
    line = "她的座右铭写在办公室的白板上，二十年来从没有擦掉过，每一位新同事都会读到，一共只有三个词 " + word

    assert wordcount.zishu(mend(line, FileKind.PDF).text) == wordcount.zishu(line.split(" ", 1)[0]) + 1


def test_ligatures_become_letters_and_the_radical_of_the_door_its_simplified_character() -> None:
    assert clean("o\ufb03ce \ufb01rst work\ufb02ow sta\ufb00") == "office first workflow staff"
    assert clean("客\u2f3e") == "客户"


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("\uf0b7 第一项", "第一项"),
        ("• 第一项", "第一项"),
        ("1. 第一项", "1. 第一项"),
        ("•", "•"),
        ("李·王", "李·王"),
    ],
)
def test_the_bullet_of_a_list_is_no_text(line: str, bare: str) -> None:
    assert without_bullet(line) == bare


@pytest.mark.parametrize(
    ("pages", "lines", "removed"),
    [
        (["事迹\n一\n1/2", "二\n三\n2/2"], ["事迹", "一", "二", "三"], 2),
        (
            ["单位 2027\n一\n二\n- 1 -", "单位 2027\n三\n四\n- 2 -"],
            ["单位 2027", "一", "二", "单位 2027", "三", "四"],
            2,
        ),
        (["一\n二\n11/30/26, 5:07 PM 事迹\nfile:///a.html 1/1"], ["一", "二"], 2),
        (["一\n二\n2026/11/30 17:07 事迹\nhttps://e.cn/a?b=1 1/1"], ["一", "二"], 2),
        (["一\n1/2"], ["一", "1/2"], 0),
        (["Deeds", "Deeds", "Deeds"], ["Deeds", "Deeds", "Deeds"], 0),
        (["第 1 页", "第 2 页"], ["第 1 页", "第 2 页"], 0),
        (["一\n2027年3月4日 09:00 到了现场"], ["一", "2027年3月4日 09:00 到了现场"], 0),
    ],
    ids=[
        "numbers",
        "head stays",
        "browser",
        "Chinese browser",
        "one page",
        "same text",
        "nothing else",
        "a date",
    ],
)
def test_heads_and_feet_are_no_text(pages: list[str], lines: list[str], removed: int) -> None:
    assert body_of(pages) == (lines, removed)


def test_a_paragraph_goes_on_behind_the_foot_of_its_page() -> None:
    line = "她连续三年获评先进个人，带领同事完成了推广任务，新增客户二百余家单位和"
    text = f"{line}\n1/2\n\f{line}\n2/2"

    mended = mend(text, FileKind.PDF)

    assert (mended.text, mended.joined, mended.removed) == (line * 2, 1, 2)


def test_words_beside_quotation_marks_of_both_scripts_are_joined_as_they_are_written() -> None:
    english = ["The work of the whole team was praised in the final and in the judges’", "report on it"]
    chinese = [
        "她发起成立了女职工志愿服务队，队员们把它叫作“木棉花”，现在已经有四十六人",
        "“木棉花”成立五年了",
    ]

    speech = [
        "在同事们的眼里，她既是严格的班长，也是贴心的大姐，新来的员工小李对我们说：",
        "“芳姐教会我的很多。”",
    ]

    assert join_lines(speech) == ["".join(speech)]
    assert join_lines(english) == [" ".join(english)]
    assert join_lines(chinese) == ["".join(chinese)]


def test_a_soft_hyphen_at_the_end_of_a_line_divides_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PageObject, "extract_text", lambda _page: "out\u00ad \nstanding soft\u00adware")

    assert pdfs._page_text(PageObject()) == "out\u2010 \nstanding soft\u00adware"


@pytest.mark.parametrize(
    "text",
    ["字" + " " * 300_000 + "x", " " * 300_000, "http:" + "1" * 300_000, "a ’" * 100_000, "• " * 100_000],
)
def test_a_long_text_of_one_mark_takes_no_long_time(text: str) -> None:
    """With a pattern that looks at each character once; with any other this test would not end."""
    assert len(mend(f"{text}\n\f{text}", FileKind.PDF).text) <= 2 * len(text) + 1
