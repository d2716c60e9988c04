"""Which files are accepted, recognised by their first bytes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from enum import StrEnum

from eventreg.core.archives import OLD_OFFICE
from eventreg.core.errors import Refused

from .file_names import file_name

FILE_MOST = 25 * 1024 * 1024  # bytes
HEAD = 1024  # bytes by which a kind is recognised; a PDF's mark may stand anywhere in them (ISO 32000-1, annex H.3.4.1)


class FileKind(StrEnum):
    """A kind of file that is accepted."""

    DOCX = "docx"
    PDF = "pdf"
    JPG = "jpg"
    PNG = "png"


class FileState(StrEnum):
    """Whether a child process has read a file: not yet, yes, or it could not."""

    WAITING = "waiting"
    READ = "read"
    UNREAD = "unread"


ENDINGS = {
    ".docx": FileKind.DOCX,
    ".pdf": FileKind.PDF,
    ".jpg": FileKind.JPG,
    ".jpeg": FileKind.JPG,
    ".jpe": FileKind.JPG,
    ".jfif": FileKind.JPG,  # as browsers on Windows save a picture
    ".pjpeg": FileKind.JPG,
    ".png": FileKind.PNG,
}
PDF_MARK = b"%PDF-"
BEGINNINGS = {
    b"PK\x03\x04": FileKind.DOCX,
    PDF_MARK: FileKind.PDF,
    b"\xff\xd8\xff": FileKind.JPG,
    b"\x89PNG\r\n\x1a\n": FileKind.PNG,
}
PICTURES = frozenset({FileKind.JPG, FileKind.PNG})  # read alike, so a wrong ending between them harms nobody
BEFORE_PDF = re.compile(
    rb"(\xef\xbb\xbf)?[\s\0]*|\x1b%-12345X[^<]*|HTTP/[^<]*"
)  # what programs put before a PDF
HEIC_ENDINGS = {".heic", ".heif", ".hif"}
HEIC = re.compile(
    rb"....ftyp(hei[cxms]|hev[cxms]|mif1|msf1)", re.DOTALL
)  # ISO/IEC 23008-12: brands of an iPhone's photos

MAIN_PART = re.compile(r"word/document\d*\.xml")
CONTENT_TYPES = "[Content_Types].xml"
PACKED = (".zip", ".rar", ".7z", ".gz", ".bz2", ".xz", ".tar", ".docx", ".xlsx", ".pptx", ".jar")
EMBEDDED = "word/embeddings/"  # the table of a chart: it stays packed and is never opened here
MACROS = ("vbaproject.bin", "vbadata.xml")


def kind_of_name(name: str, *, allowed: Collection[FileKind]) -> FileKind:
    """The kind of file by the ending of its name; spaces and full stops after the ending do not count.

    Raises Refused: file.old_word for .doc, file.heic for photos of an iPhone, file.kind (allowed=endings) for every
    other ending.
    """
    seen = unicodedata.normalize("NFKC", file_name(name))
    ending = "." + seen.rpartition(".")[2].strip().lower() if "." in seen else ""
    if ending in {".doc", ".wps"} and FileKind.DOCX in allowed:
        raise Refused("file.old_word")
    if ending in HEIC_ENDINGS and FileKind.JPG in allowed:
        raise Refused("file.heic")
    kind = ENDINGS.get(ending)
    if kind is None or kind not in allowed:
        raise Refused("file.kind", allowed=_endings(allowed))
    return kind


def kind_of_content(head: bytes, named: FileKind, *, locked: bool, allowed: Collection[FileKind]) -> FileKind:
    """The kind of file by its first HEAD bytes, which must be the kind that its ending says; JPEG and PNG may be mixed up.

    `locked` says whether the file holds Word's encrypted package.
    Raises Refused: file.empty, file.encrypted, file.old_word, file.heic, file.ending_differs (ending, really=kind),
    file.kind (allowed=endings).
    """
    if not head:
        raise Refused("file.empty")
    if head.startswith(OLD_OFFICE):
        raise Refused("file.encrypted" if locked else "file.old_word")
    if HEIC.match(head) and FileKind.JPG in allowed:
        raise Refused("file.heic")
    really = _recognised(head, named)
    if really is None:
        raise Refused("file.kind", allowed=_endings(allowed))
    if really is named or ({really, named} <= PICTURES and really in allowed):
        return really
    raise Refused("file.ending_differs", ending=f".{named}", really=f".{really}")


def _recognised(head: bytes, named: FileKind) -> FileKind | None:
    """The kind of file; a PDF may have harmless bytes before its mark, if its name says that it is one."""
    head = head[:HEAD]
    found = next((kind for beginning, kind in BEGINNINGS.items() if head.startswith(beginning)), None)
    if found is None and named is FileKind.PDF:
        before, mark, _rest = head.partition(PDF_MARK)
        return FileKind.PDF if mark and BEFORE_PDF.fullmatch(before) else None
    return found


def check_word(members: Sequence[str]) -> None:
    """Check that a zip file is a Word document without macros and without embedded files.

    Raises Refused: file.not_word, file.macros, file.packed.
    """
    if CONTENT_TYPES not in members or not any(map(MAIN_PART.fullmatch, members)):
        raise Refused("file.not_word")
    names = [name.lower() for name in members]
    if any(name.endswith(MACROS) for name in names):
        raise Refused("file.macros")
    if any(name.endswith(PACKED) and not name.startswith(EMBEDDED) for name in names):
        raise Refused("file.packed")


def check_size(size: int) -> None:
    """Raises Refused file.too_big (most=MB)."""
    if size > FILE_MOST:
        raise Refused("file.too_big", most=FILE_MOST // 1024 // 1024)


def _endings(allowed: Collection[FileKind]) -> str:
    return " ".join(f".{kind}" for kind in FileKind if kind in allowed)
