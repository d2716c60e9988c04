"""A QR code: an SVG path for pages, a PNG for mails and for saving, characters for a terminal."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.pil import PilImage

QUIET = 4  # modules of white around it, as ISO/IEC 18004 asks
MASK = 2  # any of the eight reads alike; to try all for the best costs ten times the drawing (ADR 7)


@dataclass(frozen=True, slots=True)
class Picture:
    """Side length in modules with the quiet zone, and the dark modules as an SVG path."""

    size: int
    path: str


@lru_cache(maxsize=512)
def drawn(text: str) -> Picture:
    """The code as one path of horizontal runs: small enough to stand in the page."""
    rows = _matrix(text).get_matrix()
    return Picture(size=len(rows), path="".join(_runs(y, row) for y, row in enumerate(rows)))


def png(text: str) -> bytes:
    """The code as a PNG, 8 pixels a module: sharp on any phone."""
    out = io.BytesIO()
    _matrix(text).make_image().save(out)
    return out.getvalue()


def in_text(text: str) -> str:
    """The code in block characters, light on dark, for a terminal."""
    out = io.StringIO()
    _matrix(text).print_ascii(out=out, invert=True)
    return out.getvalue()


def _matrix(text: str) -> qrcode.QRCode[PilImage]:
    code = _empty(_version(len(text.encode())))
    code.add_data(text, optimize=0)
    code.make(fit=False)
    return code


@lru_cache(maxsize=64)
def _version(length: int) -> int:
    """The smallest version that holds so many bytes; our texts are addresses, in byte mode."""
    code = _empty(None)
    code.add_data("a" * length, optimize=0)
    return code.best_fit()


def _empty(version: int | None) -> qrcode.QRCode[PilImage]:
    return qrcode.QRCode(
        version=version,
        error_correction=ERROR_CORRECT_M,
        box_size=8,
        border=QUIET,
        image_factory=PilImage,
        mask_pattern=MASK,
    )


def _runs(y: int, row: list[bool]) -> str:
    runs, start = [], -1
    for x, dark in enumerate([*row, False]):
        if dark and start < 0:
            start = x
        elif not dark and start >= 0:
            runs.append(f"M{start} {y}h{x - start}v1h{start - x}z")
            start = -1
    return "".join(runs)
