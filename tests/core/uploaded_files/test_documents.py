"""What counts as the text of a Word document, and what is left of one when nobody is named in it."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from eventreg.core.uploaded_files import documents, pdfs, pictures
from eventreg.core.uploaded_files.file_facts import EncryptedFile, FileBomb, UnreadableFile
from tests.rig import handed_in
from tests.rig.handed_in import CANARY

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
STRICT = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _docx(body: str, *, spaces: str = SPACES, **parts: str) -> bytes:
    document = f"<w:document {spaces}><w:body>{body}</w:body></w:document>"
    named = {f"word/{name}.xml": part.encode() for name, part in parts.items()}
    return handed_in.packed({"word/document.xml": document.encode(), **named})


def _run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def _part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(documents.stripped(content))) as copy:
        return copy.read(name).decode()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<w:p>{_run('一')}{_run('二')}</w:p><w:p>{_run('三')}</w:p>", "一二\n三"),
        (f"<w:p>{_run('一')}<w:r><w:tab/><w:br/><w:noBreakHyphen/></w:r></w:p>", "一\t\n-"),
        (f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>{_run('一')}</w:p>", "一"),
        (
            f"<w:tbl><w:tr><w:tc><w:p>{_run('一')}</w:p></w:tc><w:tc><w:p>{_run('二')}</w:p></w:tc></w:tr></w:tbl>",
            "一\n二",
        ),
        (f"<w:sdt><w:sdtContent><w:p>{_run('一')}</w:p></w:sdtContent></w:sdt>", "一"),
        (f"<w:p><w:ins>{_run('一')}</w:ins><w:del><w:r><w:delText>二</w:delText></w:r></w:del></w:p>", "一"),
        (f"<w:p><w:moveFrom>{_run('一')}</w:moveFrom><w:moveTo>{_run('二')}</w:moveTo></w:p>", "二"),
        (
            f"<w:p>{_run('一')}<w:r><w:pict><w:txbxContent><w:p>{_run('框')}</w:p></w:txbxContent></w:pict></w:r></w:p>",
            "一",
        ),
        (
            f"<w:p><mc:AlternateContent><mc:Choice>{_run('一')}</mc:Choice><mc:Fallback>{_run('一')}</mc:Fallback></mc:AlternateContent></w:p>",
            "一",
        ),
        (f"<w:p><w:r><w:instrText>PAGE</w:instrText></w:r>{_run('一')}</w:p>", "一"),
        (f"<w:p><w:ruby><w:rt>{_run('yi')}</w:rt><w:rubyBase>{_run('一')}</w:rubyBase></w:ruby></w:p>", "一"),
        (f"<w:p>{_run('𠮷&#13;&amp;')}</w:p>", "𠮷\r&"),
        ("<w:p/>", ""),
    ],
)
def test_text_is_that_of_paragraphs_and_cells_in_their_order(body: str, text: str) -> None:
    assert documents.read(_docx(body)).text == text


def test_a_document_of_the_strict_kind_is_read_alike() -> None:
    assert documents.read(_docx(f"<w:p>{_run('一')}</w:p>", spaces=STRICT)).text == "一"


def test_headers_and_notes_are_not_counted() -> None:
    header = f"<w:hdr {SPACES}><w:p>{_run('页眉')}</w:p></w:hdr>"

    assert documents.read(_docx(f"<w:p>{_run('一')}</w:p>", header1=header, footnotes=header)).text == "一"


def test_a_document_in_another_encoding_is_read() -> None:
    xml = f'<?xml version="1.0" encoding="UTF-16"?><w:document {SPACES}><w:p>{_run("一")}</w:p></w:document>'

    assert documents.read(handed_in.packed({"word/document.xml": xml.encode("utf-16")})).text == "一"


def test_a_deleted_row_goes_with_its_text() -> None:
    row = "<w:tr><w:trPr>{mark}</w:trPr><w:tc><w:p>" + _run("{text}") + "</w:p></w:tc></w:tr>"
    gone = row.format(mark=f'<w:del w:author="{CANARY}"/>', text=CANARY)
    body = f"<w:tbl>{gone}{row.format(mark='', text='留下')}</w:tbl>"

    document = _part(_docx(body), "word/document.xml")

    assert CANARY not in document
    assert "留下" in document


def test_what_leads_to_a_disk_or_another_server_leads_nowhere() -> None:
    targets = {
        "hyperlink": "https://example.cn/",
        "image": "https://spy.example.cn/pixel.png",
        "attachedTemplate": "file:///D:/wangfang/a.dotx",
        "oleObject": "file:///D:/wangfang/b.xlsx",
    }
    rows = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
        for n, (kind, target) in enumerate(targets.items())
    )
    name = "word/_rels/document.xml.rels"
    content = handed_in.packed({name: f'<Relationships xmlns="{RELATIONS}">{rows}</Relationships>'.encode()})

    left = _part(content, name)

    assert [word in left for word in ("https://example.cn/", "spy", "wangfang", "about:blank")] == [
        True,
        False,
        False,
        True,
    ]


def test_a_part_with_entities_makes_no_copy() -> None:
    evil = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>'

    with pytest.raises(FileBomb):
        documents.stripped(_docx("<w:p/>", settings=evil))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_in_a_document_keeps_its_pixels(kind: str) -> None:
    photo = handed_in.photo(kind)
    with (
        Image.open(io.BytesIO(photo)) as before,
        Image.open(io.BytesIO(pictures.without_metadata(photo))) as after,
    ):
        assert before.tobytes() == after.tobytes()


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"\xff\xd8\xff\xe1\xff\xff", b"\x89PNG\r\n\x1a\n\xff\xff\xff\xff"]
)
def test_what_is_no_picture_inside_a_document_is_emptied(content: bytes) -> None:
    assert pictures.without_metadata(content) == b""


def test_a_pdf_that_wants_a_password_says_so() -> None:
    with pytest.raises(EncryptedFile):
        pdfs.read(handed_in.locked_paper())


def test_a_pdf_of_too_many_pages_is_not_read() -> None:
    with pytest.raises(UnreadableFile):
        pdfs.read(handed_in.paper(pages=pdfs.PAGES_MOST + 1))
