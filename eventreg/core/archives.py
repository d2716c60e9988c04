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
DIRECTORY_MOST = 1024 * 1024  # bytes of directory for that many names

END = struct.Struct("<4s4H2LH")
END_MARK, LARGE_MARK, LARGE_SIZE = b"PK\x05\x06", b"PK\x06\x07", 20
COMMENT_MOST = 0xFFFF
ENCRYPTED = 0x1
UNDERSTOOD = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def list_members(file: IO[bytes]) -> list[zipfile.ZipInfo]:
    """What a zip file says it holds, in its order; nothing is unpacked.

    Raises Refused: archive.broken (no zip, cut short, a way of packing that nobody here unpacks),
    archive.bomb (most=bytes: too many members, or too much when unpacked), archive.encrypted,
    archive.unsafe (a name that leads elsewhere, a link, a name that stands there twice).
    """
    size = file.seek(0, os.SEEK_END)
    _check_end(_end_record(file, size))
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


def _end_record(file: IO[bytes], size: int) -> bytes:
    """The end record, and the mark before it that a large (zip64) archive has there."""
    tail = min(size, LARGE_SIZE + END.size + COMMENT_MOST)
    file.seek(size - tail)
    last = file.read(tail)
    found = last.rfind(END_MARK)
    if found < 0 or len(last) - found < END.size:
        raise Refused("archive.broken")
    return last[max(0, found - LARGE_SIZE) : found + END.size]


def _check_end(record: bytes) -> None:
    _mark, disk, first, here, entries, directory, _offset, _comment = END.unpack(record[-END.size :])
    if disk or first or here != entries:
        raise Refused("archive.broken")
    if record.startswith(LARGE_MARK) or entries > MEMBERS_MOST or directory > DIRECTORY_MOST:
        raise Refused("archive.bomb", most=UNPACKED_MOST)


def _check_sizes(members: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(member.file_size for member in members)
    if len(members) > MEMBERS_MOST or unpacked > min(UNPACKED_MOST, RATIO_MOST * size):
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
