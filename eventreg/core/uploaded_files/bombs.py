"""Find document bombs in the child process, before the text is read.

The parent has checked the sizes that a zip file claims (`core.archives`); here they are compared with the content.
"""

from __future__ import annotations

import contextlib
import copy
import io
import zipfile
from typing import Any
from xml.parsers import expat

from PIL import Image, UnidentifiedImageError
from pypdf.generic import DictionaryObject

from .file_facts import FileBomb
from .pictures import check_pixels

CHUNK = 256 * 1024
XML = (".xml", ".rels")
PICTURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"RIFF",
)  # first bytes of pictures, whatever their names
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")


class RootReached(Exception):
    """The root element begins: no DTD can follow."""


def check_parts(archive: zipfile.ZipFile) -> None:
    """Raises FileBomb where a part of a document is larger than it says, has a DTD, or is a picture too large to draw."""
    for member in archive.infolist():
        _check_size(archive, member)
        name = member.filename.lower()
        if name.endswith(XML):
            _check_prolog(archive, member)
        elif _begins_as_picture(archive, member):
            _check_picture(archive.read(member))


def check_resources(page: DictionaryObject) -> None:
    """Raises FileBomb where a page of a PDF uses a picture too large to draw, also inside a form of its own."""
    waiting: list[Any] = [page]
    met: set[int] = set()
    while waiting:
        resources = _plain(waiting.pop().get("/Resources"))
        drawn = _plain(resources.get("/XObject")) if isinstance(resources, DictionaryObject) else None
        for reference in drawn.values() if isinstance(drawn, DictionaryObject) else ():
            thing = _plain(reference)
            if not isinstance(thing, DictionaryObject) or id(thing) in met:
                continue
            met.add(id(thing))
            width, height = _plain(thing.get("/Width")), _plain(thing.get("/Height"))
            if isinstance(width, int) and isinstance(height, int):
                check_pixels(width, height)
            waiting.append(thing)


def _plain(thing: Any) -> Any:
    """The object that a reference points to."""
    return thing.get_object() if thing is not None else None


def _check_size(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Unpack a member and discard it, up to one byte more than its claimed size."""
    beyond: Any = copy.copy(member)
    beyond.file_size = member.file_size + 1
    beyond.CRC = None  # so that zipfile compares no size: else it would stop at the claimed one
    size = 0
    with archive.open(beyond) as part:
        while chunk := part.read(CHUNK):
            size += len(chunk)
    if size > member.file_size:
        raise FileBomb("a part is larger than it says")


def _check_prolog(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Check what precedes the root element; a part that is no XML is left to its reader."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _no_dtd
    parser.StartElementHandler = _root
    with archive.open(member) as part, contextlib.suppress(RootReached, expat.ExpatError):
        while chunk := part.read(CHUNK):
            parser.Parse(chunk, False)


def _no_dtd(*_declared: object) -> None:
    raise FileBomb("a part declares entities")


def _root(*_element: object) -> None:
    raise RootReached


def _begins_as_picture(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    with archive.open(member) as part:
        return part.read(4).startswith(PICTURES)


def _check_picture(content: bytes) -> None:
    """Check the size of a picture; one that cannot be opened is left to the code that draws it."""
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return
    with picture:
        check_pixels(picture.width, picture.height)
