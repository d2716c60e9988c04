"""A picture inside a document is known by how it begins, not by its name."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from eventreg.core.uploaded_files.bombs import check_parts
from eventreg.core.uploaded_files.file_facts import FileBomb


def png(side: int) -> bytes:
    """A PNG that says that it has so many pixels a side, and holds hardly any."""
    said = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", said), (b"IDAT", zlib.compress(b"\0" * 16)), (b"IEND", b"")]
    written = (struct.pack(">I", len(c)) + n + c + struct.pack(">I", zlib.crc32(n + c)) for n, c in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def tiff(side: int) -> bytes:
    """The same as a TIFF: one directory with width, height and what a reader asks for."""
    tags = [(256, 4, side), (257, 4, side), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (278, 4, side), (279, 4, 1)]  # fmt: skip
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + struct.pack("<I", 0)


def document(name: str, content: bytes) -> zipfile.ZipFile:
    """A .docx with one part."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
    return zipfile.ZipFile(file)


@pytest.mark.parametrize(
    "name", ["word/media/i.png", "word/media/i.JPE", "word/media/i", "customXml/item1.dat"]
)
def test_a_huge_picture_is_a_bomb_whatever_its_name(name: str) -> None:
    with pytest.raises(FileBomb):
        check_parts(document(name, png(50_000)))


def test_a_huge_tiff_is_one_too() -> None:
    with pytest.raises(FileBomb):
        check_parts(document("word/media/i.tiff", tiff(50_000)))


def test_an_ordinary_picture_is_none() -> None:
    check_parts(document("word/media/i.JPE", png(500)))
