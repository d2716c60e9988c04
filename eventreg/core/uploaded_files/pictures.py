"""Pictures in the child process: drawn anew and upright, without the metadata of cameras."""

from __future__ import annotations

import io
import re

from PIL import Image, ImageOps

from . import scaling
from .file_facts import CutPicture, DocumentText, FileBomb, UnreadableFile

Image.MAX_IMAGE_PIXELS = None  # `_opened` checks the size itself
PIXELS_MOST = 60_000_000  # of a PNG, which can only be decoded whole
PIXELS_BOMB = (
    200_000_000  # pixels, more than any camera takes: such a picture is made to fill the reader's memory
)
QUALITY = 90  # of a JPEG that is drawn anew
PAGE_AREA = 1600 * 1200  # pixels of a picture on a page
PAGE_QUALITY = 80
LYING = range(5, 9)  # the EXIF orientations of a picture that lies on its side

JPEG, PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")  # but not a data byte or a restart marker
KEPT_MARKERS = frozenset({0xEE, *range(0xC0, 0xD0), *range(0xDA, 0xE0)})  # 0xEE: Adobe's colour transform
END_OF_PICTURE, START_OF_SCAN = 0xD9, 0xDA
LENGTH = 2  # bytes of a segment's length field
JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
KEPT_CHUNKS = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS"),
    *(b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"),
}


def read(content: bytes) -> DocumentText:
    """Check that the picture can be opened and has its end. Raises CutPicture, and what `_opened` does."""
    with _opened(content) as picture:
        if not _has_end(content):
            _check_whole(picture)
    return DocumentText(None)


def read_for_page(content: bytes) -> DocumentText:
    """Like `read`, with the width and height of the copy that `for_page` makes."""
    read(content)
    with _opened(content) as picture:
        width, height = scaling.fitting(picture.size, PAGE_AREA)
        turned = picture.getexif().get(scaling.ORIENTATION, 1) in LYING
    return DocumentText(None, size=(height, width) if turned else (width, height))


def _has_end(content: bytes) -> bool:
    """Whether the mark of a picture's end follows its last pixels; bytes may stand behind it."""
    if content.startswith(PNG):
        return b"IEND" in content
    return content.rfind(b"\xff\xd9") > content.rfind(b"\xff\xda")


def _check_whole(picture: Image.Image) -> None:
    """Raises CutPicture if the pixels cannot be decoded to the last one."""
    picture.draft(None, (picture.width // 8, picture.height // 8))
    try:
        picture.load()
    except OSError as error:
        raise CutPicture from error


def stripped(content: bytes) -> bytes:
    """The picture drawn anew and upright: pixels, nothing else, at most as many as `scaling.AREA_MOST`."""
    out = io.BytesIO()
    with _opened(content) as picture:
        kind = picture.format
        drawn = ImageOps.exif_transpose(scaling.scaled(picture, transparent=kind == "PNG"))
    drawn.getexif().clear()
    drawn.info.clear()
    if kind == "PNG":
        drawn.save(out, "PNG", compress_level=1)
    else:
        drawn.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def for_page(content: bytes) -> bytes:
    """The picture as a JPEG that a page can show: upright, on white, at most PAGE_AREA pixels, without metadata."""
    out = io.BytesIO()
    with _opened(content) as picture:
        drawn = ImageOps.exif_transpose(scaling.scaled(picture, transparent=True, most=PAGE_AREA))
    if drawn.mode == "RGBA":
        ground = Image.new("RGB", drawn.size, "white")
        ground.paste(drawn, mask=drawn.getchannel("A"))
        drawn = ground
    drawn.getexif().clear()
    drawn.info.clear()
    drawn.save(out, "JPEG", quality=PAGE_QUALITY, progressive=True)
    return out.getvalue()


def without_metadata(content: bytes) -> bytes:
    """A picture inside a document with unchanged pixels and without metadata; empty for an unknown kind of picture."""
    try:
        if content.startswith(JPEG):
            return _jpeg(content)
        return _png(content) if content.startswith(PNG) else b""
    except (IndexError, ValueError):
        return b""


def _opened(content: bytes) -> Image.Image:
    """Open a picture. Raises FileBomb for a bomb, UnreadableFile for a PNG with too many pixels."""
    picture = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
    check_pixels(picture.width, picture.height)
    if picture.format == "PNG" and picture.width * picture.height > PIXELS_MOST:
        raise UnreadableFile("more pixels than anybody looks at")
    return picture


def check_pixels(width: int, height: int) -> None:
    """Raises FileBomb for a picture whose size alone is a bomb."""
    if width * height > PIXELS_BOMB:
        raise FileBomb("more pixels than any camera takes")


def _jpeg(content: bytes) -> bytes:
    """Keep the segments that are needed for drawing; remove comments, EXIF, XMP, and everything after the end marker."""
    kept, at, drawn = [JPEG], len(JPEG), False
    while (found := MARKER.search(content, at)) is not None and found[1][0] != END_OF_PICTURE:
        marker, length = found[1][0], int.from_bytes(content[found.end() : found.end() + 2])
        at = found.end() + length
        if length < LENGTH or at > len(content):
            raise ValueError("a segment without an end")
        segment = content[found.end() - 2 : at]
        if marker in KEPT_MARKERS:
            kept.append(segment)
        elif segment.startswith(JFIF[:9]):
            kept.append(JFIF)  # without the thumbnail
        if marker == START_OF_SCAN:
            drawn, after = True, MARKER.search(content, at)
            end = after.start() if after else len(content)
            kept.append(content[at:end])
            at = end
    if not drawn:
        raise ValueError("a picture without a picture")
    return b"".join((*kept, b"\xff\xd9"))


def _png(content: bytes) -> bytes:
    kept, at = [PNG], len(PNG)
    while at < len(content):
        name, end = content[at + 4 : at + 8], at + 12 + int.from_bytes(content[at : at + 4])
        if name in KEPT_CHUNKS:
            kept.append(content[at:end])
        if name == b"IEND":
            return b"".join(kept)
        at = end
    raise ValueError("a picture without an end")
