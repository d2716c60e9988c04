"""Check the directory of a zip file before anything is unpacked (law 16).

Python's reader makes an object of every entry before it tells how many there are. So the end record is read first, to
limit the number of entries.
"""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from typing import IO

from .errors import Refused

MEMBERS_MOST, UNPACKED_MOST, RATIO_MOST = 2_000, 100 * 1024 * 1024, 100
RATIO_FLOOR = (
    10 * 1024 * 1024
)  # bytes that may always be unpacked: thousands of equal cell formats pack a hundredfold
DRAWN = (
    ".bmp",
    ".dib",
    ".emf",
    ".wmf",
    ".tif",
    ".tiff",
)  # blank ones pack a thousandfold; nothing here parses them
DIRECTORY_MOST = 1024 * 1024  # bytes of directory for that many names

END = struct.Struct("<4s4H2LH")
END_MARK = b"PK\x05\x06"
LOCATOR, LOCATOR_MARK = struct.Struct("<4sLQL"), b"PK\x06\x07"  # says where the large (zip64) end record is
LARGE, LARGE_MARK = struct.Struct("<4sQ2H2L4Q"), b"PK\x06\x06"
COMMENT_MOST = 0xFFFF
ENCRYPTED = 0x1
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .doc, .xls, and every kind of Office file with a password
LOCKED = "EncryptedPackage".encode("utf-16-le")  # the name of the part that a password locks
UNDERSTOOD = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def list_members(file: IO[bytes]) -> list[zipfile.ZipInfo]:
    """What a zip file says it holds, in its order; nothing is unpacked.

    Raises Refused: archive.broken (no zip, cut short, a way of packing that nobody here unpacks),
    archive.bomb (most=bytes: too many members, or too much when unpacked), archive.encrypted,
    archive.unsafe (a name that leads elsewhere, a link, a name that stands there twice).
    """
    size = file.seek(0, os.SEEK_END)
    _check_directory(*_end_record(file, size))
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Refused("archive.broken") from error
    _check_sizes(members, size)
    for member in members:
        _check_member(member)
    if len({member.filename.casefold() for member in members}) < len(members):
        raise Refused("archive.unsafe")
    return members


def _end_record(file: IO[bytes], size: int) -> tuple[int, int]:
    """How many entries the archive says it has, and the bytes of its directory.

    Some programs write a large (zip64) end record for small archives too. Python reads that one if it is there.
    """
    tail = min(size, LARGE.size + LOCATOR.size + END.size + COMMENT_MOST)
    file.seek(size - tail)
    last = file.read(tail)
    found = last.rfind(END_MARK)
    if found < 0 or len(last) - found < END.size:
        raise Refused("archive.broken")
    before = found - LOCATOR.size
    if before >= 0 and last.startswith(LOCATOR_MARK, before):
        return _large_record(last, before, starts_at=size - tail)
    _mark, disk, first, here, entries, directory, _offset, _comment = END.unpack_from(last, found)
    if disk or first or here != entries:
        raise Refused("archive.broken")
    return entries, directory


def _large_record(last: bytes, locator_at: int, *, starts_at: int) -> tuple[int, int]:
    """The same of a large end record. It must be directly before its locator, so that every reader finds the same one."""
    _mark, disk, offset, disks = LOCATOR.unpack_from(last, locator_at)
    record_at = locator_at - LARGE.size
    if disk or disks > 1 or record_at < 0 or offset != starts_at + record_at:
        raise Refused("archive.broken")
    mark, _size, _made, _needed, number, first, here, entries, directory, _offset = LARGE.unpack_from(
        last, record_at
    )
    if mark != LARGE_MARK or number or first or here != entries:
        raise Refused("archive.broken")
    return entries, directory


def _check_directory(entries: int, directory: int) -> None:
    if entries > MEMBERS_MOST or directory > DIRECTORY_MOST:
        raise Refused("archive.bomb", most=UNPACKED_MOST)


def _check_sizes(members: list[zipfile.ZipInfo], size: int) -> None:
    """Limit what is unpacked in all, and what is parsed in proportion to the file."""
    unpacked = sum(member.file_size for member in members)
    parsed = sum(member.file_size for member in members if not member.filename.lower().endswith(DRAWN))
    if (
        len(members) > MEMBERS_MOST
        or unpacked > UNPACKED_MOST
        or parsed > max(RATIO_FLOOR, RATIO_MOST * size)
    ):
        raise Refused("archive.bomb", most=UNPACKED_MOST)


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & ENCRYPTED:
        raise Refused("archive.encrypted")
    if member.compress_type not in UNDERSTOOD:
        raise Refused("archive.broken")
    name = member.orig_filename
    astray = name.startswith("/") or ".." in name.split("/") or any(mark in name for mark in "\\:\0")
    if astray or stat.S_ISLNK(member.external_attr >> 16):
        raise Refused("archive.unsafe")
