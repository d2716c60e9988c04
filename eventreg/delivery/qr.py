"""The QR code of an address: an SVG path for pages, a PNG for mails and for saving."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.pil import PilImage

QUIET = 4  # modules of white around it, as ISO/IEC 18004 requires
MASK = 2  # all eight masks can be read; trying all for the best takes ten times as long
SCALE = 8  # pixels of a module in a PNG


@dataclass(frozen=True, slots=True)
class QrPicture:
    """Side length in modules with the quiet zone, and the dark modules as an SVG path."""

    size: int
    path: str


@lru_cache(maxsize=64)
def drawn(text: str) -> QrPicture:
    """The code as one SVG path of horizontal runs, small enough for a page."""
    rows = _rows(text)
    return QrPicture(len(rows), "".join(_runs(rows)))


def svg(text: str) -> str:
    """The code as an SVG file, black on white."""
    picture = drawn(text)
    box = f'viewBox="0 0 {picture.size} {picture.size}"'
    ground = f'<rect width="{picture.size}" height="{picture.size}" fill="#fff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{ground}<path d="{picture.path}"/></svg>'


def png(text: str) -> bytes:
    """The code as a PNG."""
    rows = _rows(text)
    picture = Image.frombytes("L", (len(rows),) * 2, b"".join(rows).translate(_WHITE_AND_BLACK))
    out = io.BytesIO()
    picture.resize((len(rows) * SCALE,) * 2, Image.Resampling.NEAREST).convert("1").save(out, "PNG")
    return out.getvalue()


def in_text(text: str) -> str:
    """The code in block characters, light on dark, for a terminal."""
    out = io.StringIO()
    _code(text).print_ascii(out=out, invert=True)
    return out.getvalue()


def _code(text: str) -> qrcode.QRCode[PilImage]:
    code = qrcode.QRCode(
        error_correction=ERROR_CORRECT_M, border=QUIET, image_factory=PilImage, mask_pattern=MASK
    )
    code.add_data(text.encode(), optimize=0)
    code.make(fit=True)
    return code


_WHITE_AND_BLACK = bytes((255, 0)) + bytes(254)


def _rows(text: str) -> list[bytes]:
    """The modules row by row with the quiet zone, a byte each; 1 is dark."""
    return [bytes(row) for row in _code(text).get_matrix()]


def _runs(rows: list[bytes]) -> Iterator[str]:
    for y, row in enumerate(rows):
        for run in re.finditer(b"\x01+", row):
            long = run.end() - run.start()
            yield f"M{run.start()} {y}h{long}v1h-{long}z"
