"""Which zip files are unpacked: harmless ones that pack well, and large end records of small archives."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from eventreg.core.archives import (
    DRAWN,
    LARGE,
    LARGE_MARK,
    LOCATOR,
    LOCATOR_MARK,
    RATIO_FLOOR,
    UNPACKED_MOST,
    list_members,
)
from eventreg.core.errors import Refused

MIB = 1024 * 1024
END_SIZE = 22


def packed(**parts: bytes) -> bytes:
    """A zip file of these members; `_` in a name stands for a full stop."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


def with_large_record(content: bytes, *, entries: int | None = None, off_by: int = 0) -> bytes:
    """The archive with a zip64 end record, as .NET and some exports write for every file."""
    files, end = content[:-END_SIZE], content[-END_SIZE:]
    here, directory, offset = struct.unpack_from("<H2L", end, 10)
    count = here if entries is None else entries
    large = LARGE.pack(LARGE_MARK, 44, 45, 45, 0, 0, count, count, directory, offset)
    locator = LOCATOR.pack(LOCATOR_MARK, 0, len(files) + off_by, 1)
    small = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return files + large + locator + small


def outcome(content: bytes) -> str:
    """The refusal's code, or the names of the members."""
    try:
        return " ".join(member.filename for member in list_members(io.BytesIO(content)))
    except Refused as refused:
        return refused.code


def test_thousands_of_equal_cell_formats_are_no_bomb() -> None:
    formats = b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"/>' * 9_000
    content = packed(styles_xml=formats)

    assert len(formats) / len(content) > 100
    assert outcome(content) == "styles.xml"


@pytest.mark.parametrize("ending", DRAWN)
def test_a_blank_drawing_is_no_bomb(ending: str) -> None:
    """A page of A4 at 300 dots an inch, white."""
    name = f"image1{ending.replace('.', '_')}"

    assert outcome(packed(**{name: b"\xff" * (2480 * 3508 * 3)})) == f"image1{ending}"


def test_what_is_parsed_is_a_bomb_beyond_the_floor_and_a_drawing_beyond_the_limit() -> None:
    assert outcome(packed(a_xml=bytes(RATIO_FLOOR))) == "a.xml"
    assert outcome(packed(a_xml=bytes(RATIO_FLOOR + 1))) == "archive.bomb"
    assert outcome(packed(a_xml=bytes(6 * MIB), b_xml=bytes(6 * MIB))) == "archive.bomb"
    assert outcome(packed(a_bmp=bytes(UNPACKED_MOST + 1))) == "archive.bomb"


def test_a_small_archive_with_a_large_end_record_is_read() -> None:
    assert outcome(with_large_record(packed(a_xml=b"<a/>", b_xml=b"<b/>"))) == "a.xml b.xml"


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"entries": 2_001}, "archive.bomb"),
        ({"entries": 2**40}, "archive.bomb"),
        ({"off_by": 7}, "archive.broken"),
    ],
)
def test_a_large_end_record_is_checked_like_a_small_one(how: dict[str, int], code: str) -> None:
    assert outcome(with_large_record(packed(a_xml=b"<a/>"), **how)) == code


def test_a_locator_without_its_record_is_broken() -> None:
    content = with_large_record(packed(a_xml=b"<a/>")).replace(LARGE_MARK, b"PK\x00\x00")

    assert outcome(content) == "archive.broken"


def test_a_directory_of_megabytes_is_a_bomb_before_it_is_read() -> None:
    content = packed(**{f"{n:0>1000}": b"" for n in range(1_100)})

    assert outcome(with_large_record(content)) == "archive.bomb"
