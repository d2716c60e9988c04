"""The printed 推荐表: what is on it, in which font, on how many pages; and the same as a .docx."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace

import docx
import pytest
from flask import Flask
from PIL import Image
from pypdf import PdfReader

from eventreg.delivery import qr
from eventreg.nominations.rules import CATALOGUE, CONDITIONS, NominationContent, Terms
from eventreg.reports import form_document, glyphs, nomination_form, typeset
from eventreg.reports.form_facts import FilledForm
from eventreg.reports.glyphs import BOX, MissingGlyphs
from tests.rig import awards, cast
from tests.rig.printing import ADDRESS, LONG_NAME, form

SYSTEM_S = glyphs.check("𠮷").other_font == "𠮷"  # fonts-noto-cjk is installed (Debian)
INK = 128  # darker than this is ink


@pytest.fixture
def paper(sqlite_app: Flask) -> Iterator[None]:
    """An award, and a request in Chinese."""
    awards.set_award(sqlite_app, cast.set_stage(sqlite_app))
    with sqlite_app.test_request_context():
        yield


def told(form: FilledForm) -> list[str]:
    """What each page of the PDF says, without white space."""
    pages = PdfReader(io.BytesIO(nomination_form.pdf(form))).pages
    return [re.sub(r"\s|\u200b", "", page.extract_text()) for page in pages]


def ink(picture: bytes, box: tuple[float, float, float, float]) -> int:
    """Dark pixels in a part of a page, given in parts of its width and height."""
    page = Image.open(io.BytesIO(picture)).convert("L")
    left, top, right, bottom = box
    part = page.crop(
        (
            int(left * page.width),
            int(top * page.height),
            int(right * page.width),
            int(bottom * page.height),
        )
    )
    return sum(part.histogram()[:INK])


@pytest.mark.usefixtures("paper")
def test_the_form_holds_what_was_written_and_every_page_its_code() -> None:
    first, *more = told(form(awards.written(1000, honours="县级三八红旗手\n先进工作者")))

    wanted = (
        "十佳巾帼女职工推荐表", "照片", "填表日期", "王晓芳", "班长", "2008年7月", "先进工作者", "√团结协作", "无记名投票",
        "2027年2月10日", "把小事办到用户心里。", "见后页，共1000字", "所在部门意见", "女工委意见", "公司意见", "如有不实，由本人负责", "签名：",
    )  # fmt: skip
    assert [text for text in wanted if text not in first] == []
    assert [
        ("7K3M-X9QF" in page, "第3版" in page, f"第{n}页" in page) for n, page in enumerate((first, *more), 1)
    ]
    assert "字" * 30 in more[0]
    assert "字数1000" in more[0]


@pytest.mark.usefixtures("paper")
@pytest.mark.parametrize(("word", "wider"), [("don’t", "donot"), ("judges’", "judgeso")])
def test_an_apostrophe_is_narrower_than_a_letter(word: str, wider: str) -> None:
    lines = [_lines_of(f"{repeated} " * 150) for repeated in (word, wider)]

    assert lines[0] <= lines[1]


@pytest.mark.usefixtures("paper")
def test_a_quotation_mark_of_chinese_text_is_as_wide_as_a_character() -> None:
    assert _lines_of("“木”" * 200) == _lines_of("（木）" * 200)


def _lines_of(deeds: str) -> int:
    """The number of printed lines of a deeds text, with those of the page's head and foot."""
    pages = PdfReader(io.BytesIO(nomination_form.pdf(form(replace(awards.written(1000), deeds=deeds))))).pages
    return len(pages[1].extract_text().split("\n"))


@pytest.mark.usefixtures("paper")
def test_a_draft_says_so_and_carries_no_code() -> None:
    (page,) = told(form(NominationContent({"post": "班长"}, (), ""), sealed=False))

    assert "草稿" in page
    assert "校验码" not in page
    assert "7K3M" not in page


@pytest.mark.usefixtures("paper")
def test_its_words_are_in_the_campaign_s_language() -> None:
    page = told(form(awards.written(1000), lang="en"))[0]

    assert "Secretballot" in page
    assert "无记名投票" not in page


@pytest.mark.usefixtures("paper")
def test_what_people_typed_is_text_and_nothing_else() -> None:
    typed = '#eval("1+1") <b>李</b> *x* $y$ @ref \\ `z` // no'
    pages = told(form(awards.written(1000, short=typed), name="O'Neill <i>"))

    assert re.sub(r"\s", "", typed) in pages[0]
    assert "O'Neill<i>" in pages[0]


@pytest.mark.usefixtures("paper")
def test_long_names_all_fields_and_endless_words_stay_on_the_sheet() -> None:
    answers = {key: "长" * asked.most for key, asked in CATALOGUE.items()}
    content = NominationContent(
        {**answers, "way": "ballot", "short": "x" * 400}, CONDITIONS, "字" * 3000 + "\n" + "y" * 500
    )
    asks = Terms(fields=dict.fromkeys(CATALOGUE, ""))
    long = form(content, name=LONG_NAME, unit="单" * 60, asks=asks)

    pages, pictures = told(long), typeset.pictures(nomination_form.sheet(long), dots=48)

    whole = "".join(pages)
    assert LONG_NAME in whole
    assert "x" * 400 in whole
    assert whole.count("字" * 20) > 0
    assert [ink(picture, (0, 0, 0.08, 1)) + ink(picture, (0.92, 0, 1, 1)) for picture in pictures] == [
        0
    ] * len(pages)


@pytest.mark.usefixtures("paper")
def test_ink_is_where_the_text_the_code_and_the_lines_should_be() -> None:
    first, second = typeset.pictures(nomination_form.sheet(form(awards.written(1000))))

    name, code, sign, deeds = (
        (0.2, 0.16, 0.5, 0.22),
        (0.8, 0.03, 0.92, 0.12),
        (0.3, 0.6, 0.9, 0.9),
        (0.1, 0.2, 0.9, 0.5),
    )
    assert [ink(first, box) > 100 for box in (name, code, sign)] == [True, True, True]
    assert ink(second, deeds) > 5000
    assert ink(second, (0.1, 0.93, 0.9, 0.945)) == 0


@pytest.mark.parametrize("mark", ["䶮", "㛃", "玥", "·", "①"])
def test_our_font_has_names_that_many_lack(mark: str) -> None:
    assert glyphs.check(f"王{mark}") == MissingGlyphs()


def test_a_character_that_our_font_lacks_is_printed_in_the_system_s() -> None:
    rare = MissingGlyphs(other_font="𠮷") if SYSTEM_S else MissingGlyphs(by_hand="𠮷")

    assert (glyphs.check("吉田𠮷子"), glyphs.check("🎉李🎉")) == (rare, MissingGlyphs(by_hand="🎉"))


def test_without_the_system_s_fonts_it_has_to_be_written_by_hand(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr(glyphs, "MORE_FOLDER", tmp_path)
    glyphs._more.cache_clear()

    found = glyphs.check("𠮷")

    glyphs._more.cache_clear()
    assert (found, glyphs.boxed("吉田𠮷子", found.by_hand)) == (MissingGlyphs(by_hand="𠮷"), f"吉田{BOX}子")


def test_what_draws_nothing_is_not_missed() -> None:
    assert glyphs.check("王\u200b芳\ufe0f \t\n\u3000\u202e") == MissingGlyphs()


@pytest.mark.usefixtures("paper")
def test_rare_names_are_in_the_text_of_the_pdf_and_a_box_where_no_font_has_one() -> None:
    page = told(form(awards.written(1000), name="张䶮𠮷㛃🎉"))[0]

    assert f"张䶮{'𠮷' if SYSTEM_S else BOX}㛃{BOX}" in page


@pytest.mark.usefixtures("paper")
def test_the_same_form_makes_the_same_bytes() -> None:
    assert nomination_form.pdf(form(awards.written(1000))) == nomination_form.pdf(form(awards.written(1000)))


@pytest.mark.usefixtures("paper")
def test_the_docx_holds_the_same_rows_and_names_nobody() -> None:
    filled = form(awards.written(1000, short="\x0b一\n二"), name="张䶮𠮷㛃🎉")

    opened = docx.Document(io.BytesIO(form_document.docx(filled)))

    rows = [[cell.text for cell in row.cells] for row in opened.tables[0].rows]
    assert rows[0] == ["姓名", "张䶮𠮷㛃🎉", "性别", "女", "照片"]
    assert [row for row in rows if row[0] == "公示用的简短事迹"] == [["公示用的简短事迹", *["一\n二"] * 4]]
    assert len(rows) == len(filled.rows)
    assert "字" * 1000 in [paragraph.text for paragraph in opened.paragraphs]
    head = opened.sections[0].header
    assert "7K3M-X9QF" in head.paragraphs[0].text
    assert len(head.part.related_parts) == 1
    about = opened.core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    assert about.created == about.modified == filled.at.replace(microsecond=0)


@pytest.mark.usefixtures("paper")
def test_a_draft_as_a_docx_has_no_code() -> None:
    opened = docx.Document(io.BytesIO(form_document.docx(form(NominationContent(), sealed=False))))

    assert opened.sections[0].header.paragraphs[0].text.startswith("草稿")


def modules(picture: bytes, size: int) -> list[list[bool]]:
    """The QR code in the head of a page, read off module by module: 17 mm wide, its right edge 20 mm from ours."""
    page = Image.open(io.BytesIO(picture)).convert("L")
    mm = page.width / 210
    left, top, step = 173 * mm, 13 * mm, 17 * mm / size
    centres = [(n + 0.5) * step for n in range(size)]
    dark = page.point([255 if value < INK else 0 for value in range(256)])
    return [[bool(dark.getpixel((int(left + x), int(top + y)))) for x in centres] for y in centres]


@pytest.mark.usefixtures("paper")
def test_the_code_on_every_printed_page_holds_the_address() -> None:
    printed = typeset.pictures(nomination_form.sheet(form(awards.written(1000))), dots=300)
    drawn = Image.open(io.BytesIO(qr.png(ADDRESS))).convert("L")
    size = qr.drawn(ADDRESS).size
    expected = [
        [drawn.getpixel((x * qr.SCALE + 1, y * qr.SCALE + 1)) == 0 for x in range(size)] for y in range(size)
    ]

    assert [modules(page, size) == expected for page in printed] == [True, True]
