"""Harmless files with something unusual about them are taken, read and copied like any other."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator

import pytest
from flask import Flask
from PIL import Image

from eventreg.core.uploaded_files.rules import CONTENT_TYPES, FileKind, FileState
from eventreg.nominations.files import service
from tests.core.test_archives import with_large_record
from tests.rig import handed_in
from tests.security.bombs import HEAD, PARAGRAPH, TAIL, TYPES

from .handing_in import HERS, copy_of, hand_in, set_owner


@pytest.fixture
def owner(sqlite_app: Flask) -> Iterator[int]:
    """The contact who hands in; the app's context is open."""
    owner_id = set_owner(sqlite_app)
    with sqlite_app.app_context():
        yield owner_id


def blank_bmp() -> bytes:
    """A white page of A4 at 300 dots an inch, without compression."""
    out = io.BytesIO()
    Image.new("RGB", (2480, 3508), "white").save(out, "BMP")
    return out.getvalue()


def blank_emf() -> bytes:
    """The header of an enhanced metafile, and 20 MB of white."""
    return struct.pack("<LL", 1, 88) + bytes(32) + b" EMF" + b"\xff" * (20 * 1024 * 1024)


def word(**media: bytes) -> bytes:
    """A document of one paragraph with these files in its media folder."""
    parts = {CONTENT_TYPES: TYPES, "word/document.xml": HEAD + PARAGRAPH + TAIL}
    return handed_in.packed(parts | {f"word/media/a.{kind}": content for kind, content in media.items()})


@pytest.mark.parametrize(
    ("kind", "content"), [("bmp", blank_bmp()), ("emf", blank_emf())], ids=["bmp", "emf"]
)
def test_a_document_with_a_blank_drawing_is_read_and_copied(owner: int, kind: str, content: bytes) -> None:
    kept = hand_in(owner, word(**{kind: content}), "事迹.docx")

    assert kept.copied
    assert (kept.state, service.text_of(kept.id, within=[HERS])) == (FileState.READ, "女神节")
    with zipfile.ZipFile(io.BytesIO(copy_of(kept))) as copy:
        assert copy.read(f"word/media/a.{kind}") == content


def test_a_document_with_a_large_end_record_is_read_and_copied(owner: int) -> None:
    kept = hand_in(owner, with_large_record(word()), "事迹.docx")

    assert kept.copied
    assert service.text_of(kept.id, within=[HERS]) == "女神节"


@pytest.mark.parametrize("before", [b"\r\n", b"\xef\xbb\xbf", b"\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n"])
def test_a_pdf_with_bytes_before_its_mark_is_read_and_copied(owner: int, before: bytes) -> None:
    kept = hand_in(owner, before + handed_in.paper("Deeds"), "事迹.pdf")

    assert kept.copied
    assert kept.kind is FileKind.PDF
    assert service.text_of(kept.id, within=[HERS]) == "Deeds"
    assert copy_of(kept).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("name", "made", "kind"),
    [
        ("照片.jfif", "JPEG", FileKind.JPG),
        ("照片.png", "JPEG", FileKind.JPG),
        ("照片.jpg", "PNG", FileKind.PNG),
        ("照片.jpg\u3000", "JPEG", FileKind.JPG),
    ],
)
def test_a_picture_is_what_its_bytes_say(owner: int, name: str, made: str, kind: FileKind) -> None:
    kept = hand_in(owner, handed_in.photo(made), name)

    assert kept.copied
    assert (kept.kind, kept.name) == (kind, name.strip())
    with Image.open(io.BytesIO(copy_of(kept))) as copy:
        assert copy.format == made
