"""Scale a picture down to what a screen shows and a judge can read, in little memory.

The bound is the area and not a side: a long screenshot keeps its width. A JPEG is reduced while it is decoded; every
other picture is scaled in bands, so that no second copy of the whole picture is needed.
"""

from __future__ import annotations

import math
from itertools import pairwise

from PIL import Image

AREA_MOST = 4096 * 4096  # pixels of a copy
DECODED_LEAST = 0.85  # a JPEG that is decoded at this share of the size that is sought is not decoded larger
BAND = 256  # rows of the copy that are scaled at once
MARGIN = 16  # rows around a band that the filter of `resize` reads
DEEP = ("I", "I;16", "I;16B", "I;16L", "F")  # modes with more than 8 bits a channel
GREY = ("1", "L", *DEEP)
SIXTEEN_TO_EIGHT = 1 / 257
ORIENTATION = 0x0112  # the EXIF tag


def scaled(picture: Image.Image, *, transparent: bool, most: int = AREA_MOST) -> Image.Image:
    """The picture with at most `most` pixels, in mode L, RGB, or RGBA if `transparent` and anything in it is.

    Its only metadata is the orientation.
    """
    width, height = fitting(picture.size, most)
    if (
        width,
        height,
    ) != picture.size:  # a JPEG is decoded at a half, quarter or eighth of its size; others ignore it
        picture.draft(None, (int(width * DECODED_LEAST), int(height * DECODED_LEAST)))
    size = fitting(picture.size, most)
    picture.load()
    if picture.mode in DEEP:
        picture.info.pop("transparency", None)  # one of 65,536 greys: it has no value among 256
    mode = "RGBA" if transparent and picture.has_transparency_data else _opaque(picture)
    drawn = picture.convert(mode) if picture.size == size and picture.mode not in DEEP else None
    drawn = drawn or _in_bands(picture, mode, size)
    turned = picture.getexif().get(ORIENTATION, 1)
    drawn.info.clear()
    drawn.getexif().clear()
    drawn.getexif()[ORIENTATION] = turned
    return drawn


def fitting(size: tuple[int, int], most: int = AREA_MOST) -> tuple[int, int]:
    """The size scaled down to `most` pixels, each side at least one pixel."""
    width, height = size
    factor = min(1.0, math.sqrt(most / (width * height)))
    return max(1, int(width * factor)), max(1, int(height * factor))


def _opaque(picture: Image.Image) -> str:
    return "L" if picture.mode in GREY else "RGB"


def _in_bands(picture: Image.Image, mode: str, size: tuple[int, int]) -> Image.Image:
    """Convert and scale; the conversion comes first, because colours of a palette cannot be averaged."""
    drawn = Image.new(mode, size)
    factor = picture.height / size[1]
    for top, bottom in pairwise([*range(0, size[1], BAND), size[1]]):
        upper = max(0, int(top * factor) - MARGIN)
        lower = min(picture.height, math.ceil(bottom * factor) + MARGIN)
        band = _eight_bits(picture.crop((0, upper, picture.width, lower))).convert(mode)
        box = (0, top * factor - upper, picture.width, min(bottom * factor - upper, band.height))
        rows = (size[0], bottom - top)
        drawn.paste(band.resize(rows, Image.Resampling.BICUBIC, box=box), (0, top))
    return drawn


def _eight_bits(picture: Image.Image) -> Image.Image:
    """A picture with 16 bits a pixel as one with 8; Pillow's own conversion makes everything above 255 white."""
    if picture.mode not in DEEP:
        return picture
    return picture.point(lambda value: value * SIXTEEN_TO_EIGHT).convert("L")
