"""The 推荐表 as a .docx: the same rows in a table of our own, no author, the check code on every page."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Sequence
from datetime import UTC

from docx import Document
from docx.document import Document as Docx
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from .form_facts import PHOTO_ROWS, FilledForm, FormRow

FONT = "宋体"
LABEL, ANSWER, PHOTO = Mm(26), Mm(44), Mm(30)
UNWRITABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
)  # characters that XML does not allow


def docx(form: FilledForm) -> bytes:
    """Make the document; its properties name no author."""
    document = Document()
    _dress(document, form)
    _head(document, form)
    if form.company:
        _line(document.add_paragraph(), form.company, size=11, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(document.add_paragraph(), form.heading, size=18, align=WD_ALIGN_PARAGRAPH.CENTER)
    table = document.add_table(rows=0, cols=5)
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for n, row in enumerate(form.rows):
        _add(table, row, photo=n < PHOTO_ROWS)
    photo = table.cell(0, 4).merge(table.cell(min(PHOTO_ROWS, len(form.rows)) - 1, 4))
    photo.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    _line(photo.paragraphs[0], form.photo, align=WD_ALIGN_PARAGRAPH.CENTER)
    if form.deeds:
        document.add_page_break()
        _line(document.add_paragraph(), form.deeds_heading, size=15, align=WD_ALIGN_PARAGRAPH.CENTER)
        _line(document.add_paragraph(), form.figures, size=9, align=WD_ALIGN_PARAGRAPH.CENTER)
        _write_deeds(document.add_paragraph(), form.deeds)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _write_deeds(paragraph: Paragraph, lines: Sequence[str]) -> None:
    """A paragraph a line, each a copy put behind the one before: a document looks for its end anew whenever one is added."""
    paragraph.paragraph_format.first_line_indent = Pt(24)
    _line(paragraph, lines[0])
    last = paragraph._p  # noqa: SLF001  (python-docx has no public way)
    for text in lines[1:]:
        following = copy.deepcopy(last)
        following.r_lst[0].text = UNWRITABLE.sub("", text)
        last.addnext(following)
        last = following


def _dress(document: Docx, form: FilledForm) -> None:
    """Set A4 paper and the font of official documents, and remove the author."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    normal = document.styles["Normal"]
    if not isinstance(normal, ParagraphStyle):
        raise TypeError("a document's Normal is a style of paragraphs")
    normal.font.name, normal.font.size = FONT, Pt(11)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    about = document.core_properties
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    at = form.at.astimezone(UTC)  # the library writes the hour as it is and a Z behind it
    about.title, about.created, about.modified = form.heading, at, at


def _head(document: Docx, form: FilledForm) -> None:
    """The header of every page: award, version, check code and QR code, or that it is a draft."""
    paragraph = document.sections[0].header.paragraphs[0]
    if form.seal is None:
        _line(paragraph, f"{form.draft}　{form.title}　{form.standing}", size=9)
        return
    _line(paragraph, f"{form.title}　{form.standing}　{form.code_label} {form.seal.code}　", size=9)
    paragraph.add_run().add_picture(io.BytesIO(form.seal.png), width=Mm(17))


def _add(table: Table, row: FormRow, *, photo: bool) -> None:
    """Add a row of the form: two pairs, or one whose answer takes the rest; beside the first rows a photo has room."""
    cells = table.add_row().cells
    for cell, width in zip(cells, (LABEL, ANSWER, LABEL, ANSWER, PHOTO), strict=True):
        cell.width = width
    last = cells[3] if photo else cells[4]
    cells[1 if len(row.cells) == 1 else 3].merge(last)
    for n, (label, answer) in enumerate(row.cells):
        _line(cells[2 * n].paragraphs[0], label, align=WD_ALIGN_PARAGRAPH.CENTER)
        _fill(cells[2 * n + 1], answer)
    if row.sign:
        _line(cells[1].add_paragraph(), "")
        _line(cells[1].add_paragraph(), row.sign, align=WD_ALIGN_PARAGRAPH.RIGHT)
        _keep_whole(table)


def _fill(cell: _Cell, answer: str) -> None:
    first, *more = answer.split("\n")
    _line(cell.paragraphs[0], first)
    for text in more:
        _line(cell.add_paragraph(), text)


def _keep_whole(table: Table) -> None:
    """Keep the last row, which is signed, on one page."""
    properties = table.rows[-1]._tr.get_or_add_trPr()  # noqa: SLF001  (python-docx has no public way)
    properties.append(OxmlElement("w:cantSplit"))


def _line(
    paragraph: Paragraph, text: str, *, size: float | None = None, align: WD_ALIGN_PARAGRAPH | None = None
) -> None:
    run = paragraph.add_run(UNWRITABLE.sub("", text))
    if size is not None:
        run.font.size = Pt(size)
    if align is not None:
        paragraph.alignment = align
