"""Which files are taken, by ending and first bytes, and what a name may be."""

from __future__ import annotations

import pytest

from eventreg.core.archives import OLD_OFFICE
from eventreg.core.errors import Refused
from eventreg.core.uploaded_files import rules
from eventreg.core.uploaded_files.rules import FileKind

WORD = ["[Content_Types].xml", "word/document.xml"]


def _kind(name: str, *allowed: FileKind) -> str:
    try:
        return str(rules.kind_of_name(name, allowed=allowed or tuple(FileKind)))
    except Refused as refused:
        return refused.code


def _beginning(head: bytes, named: FileKind, *, locked: bool = False) -> str:
    try:
        kind = rules.kind_of_content(head, named, locked=locked, allowed=tuple(FileKind))
    except Refused as refused:
        return refused.code
    return "taken" if kind is named else f"taken as {kind}"


def _members(*more: str) -> str:
    try:
        rules.check_word([*WORD, *more])
    except Refused as refused:
        return refused.code
    return "taken"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("女神节.pdf", "pdf"),
        ("事迹.DOCX", "docx"),
        ("照片.jpeg", "jpg"),
        ("照片.png", "png"),
        ("事迹.doc", "file.old_word"),
        ("事迹.wps", "file.old_word"),
        ("照片.jfif", "jpg"),
        ("照片.JPE", "jpg"),
        ("事迹.docx ", "docx"),
        ("事迹.docx\u3000", "docx"),
        ("事迹. docx", "docx"),
        ("事迹.pdf.", "pdf"),
        ("事迹.ｐｄｆ\u200b", "pdf"),
        ("IMG_0001.HEIC", "file.heic"),
        ("照片.heif", "file.heic"),
        ("a.pdf.html", "file.kind"),
        ("pdf", "file.kind"),
        ("", "file.kind"),
    ],
)
def test_a_name_promises_a_kind(name: str, kind: str) -> None:
    assert _kind(name) == kind


def test_only_what_is_asked_for_is_taken() -> None:
    assert [_kind(name, FileKind.JPG, FileKind.PNG) for name in ("a.jpg", "a.docx", "a.doc")] == [
        "jpg",
        "file.kind",
        "file.kind",
    ]


def test_a_refusal_lists_what_is_taken() -> None:
    with pytest.raises(Refused) as no:
        rules.kind_of_name("a.zip", allowed=(FileKind.PNG, FileKind.DOCX))

    assert no.value.facts == {"allowed": ".docx .png"}


@pytest.mark.parametrize(
    ("head", "kind", "told"),
    [
        (b"%PDF-1.7", FileKind.PDF, "taken"),
        (b"PK\x03\x04\x14\x00", FileKind.DOCX, "taken"),
        (b"\xff\xd8\xff\xe0", FileKind.JPG, "taken"),
        (b"\x89PNG\r\n\x1a\n", FileKind.PNG, "taken"),
        (b"PK\x03\x04\x14\x00", FileKind.PDF, "file.ending_differs"),
        (b"GIF89a/*", FileKind.JPG, "file.kind"),
        (b"\xff\xd8\xff\xe0", FileKind.PNG, "taken as jpg"),
        (b"\x89PNG\r\n\x1a\n", FileKind.JPG, "taken as png"),
        (b"\x89PNG\r\n\x1a\n", FileKind.PDF, "file.ending_differs"),
        (b" %PDF-1.7", FileKind.PDF, "taken"),
        (b"\xef\xbb\xbf\r\n%PDF-1.7", FileKind.PDF, "taken"),
        (b"\x1b%-12345X@PJL\r\n%PDF-1.7", FileKind.PDF, "taken"),
        (b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.7", FileKind.PDF, "taken"),
        (b" " * 1024 + b"%PDF-1.7", FileKind.PDF, "file.kind"),
        (b"<script>alert(1)</script>%PDF-1.7", FileKind.PDF, "file.kind"),
        (b"\xef\xbb\xbf<script>alert(1)</script>%PDF-1.7", FileKind.PDF, "file.kind"),
        (b"HTTP/1.1 200 OK\r\n\r\n<html>%PDF-1.7", FileKind.PDF, "file.kind"),
        (b"MZ\0\0%PDF-1.7", FileKind.PDF, "file.kind"),
        (b" %PDF-1.7", FileKind.DOCX, "file.kind"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", FileKind.JPG, "file.heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0", FileKind.PNG, "file.heic"),
        (b"", FileKind.PDF, "file.empty"),
        (OLD_OFFICE, FileKind.DOCX, "file.old_word"),
    ],
)
def test_the_first_bytes_agree_with_the_ending(head: bytes, kind: FileKind, told: str) -> None:
    assert _beginning(head, kind) == told


def test_a_document_behind_a_password_is_told_from_an_old_one() -> None:
    assert _beginning(OLD_OFFICE, FileKind.DOCX, locked=True) == "file.encrypted"


@pytest.mark.parametrize(
    ("member", "told"),
    [
        ("word/media/image1.png", "taken"),
        ("word/embeddings/table.xlsx", "taken"),
        ("word/more.zip", "file.packed"),
        ("MORE.RAR", "file.packed"),
        ("word/vbaProject.bin", "file.macros"),
    ],
)
def test_a_word_document_carries_neither_macros_nor_packed_files(member: str, told: str) -> None:
    assert _members(member) == told


def test_a_zip_of_something_else_is_no_word_document() -> None:
    with pytest.raises(Refused) as no:
        rules.check_word(["[Content_Types].xml", "xl/workbook.xml"])

    assert no.value.code == "file.not_word"
