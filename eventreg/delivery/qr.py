"""The QR code of an address: an SVG path for pages, a PNG for mails and for saving.

The codes of tickets differ in 22 characters only. With fixed version, level and mask, a QR code is an affine map over
GF(2) of the bits it holds: positions, Reed-Solomon check bytes and mask are all exclusive ors. So `qrcode` draws one
code, and one more for each bit of those characters; the code of any other ticket is the exclusive or of those that
its bits select, in a hundredth of the time. A test compares the two.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.pil import PilImage
from qrcode.util import MODE_8BIT_BYTE, QRData

QUIET = 4  # modules of white around it, as ISO/IEC 18004 requires
MASK = 2  # all eight masks can be read; trying all for the best takes ten times as long (ADR 11)
SCALE = 8  # pixels of a module in a PNG
TICKET = re.compile(r"(.*/t/)([A-Za-z0-9_-]{22})", re.ASCII)
BYTES: Literal[4] = MODE_8BIT_BYTE  # type: ignore[assignment]  # 4, ISO/IEC 18004 table 2
CHUNK = 8  # modules that are drawn by one table look-up


@dataclass(frozen=True, slots=True)
class QrPicture:
    """Side length in modules with the quiet zone, and the dark modules as an SVG path."""

    size: int
    path: str


@lru_cache(maxsize=64)
def drawn(text: str) -> QrPicture:
    """The code as one SVG path of horizontal runs, small enough for a page."""
    size, bits = _modules(text)
    length = -(-size // CHUNK)
    rows = range(QUIET, size - QUIET)
    path = "".join(f"M0 {y}{_row(bits >> size * (size - 1 - y), size, length)}" for y in rows)
    return QrPicture(size, path)


def svg(text: str) -> str:
    """The code as an SVG file, black on white."""
    picture = drawn(text)
    box = f'viewBox="0 0 {picture.size} {picture.size}"'
    ground = f'<rect width="{picture.size}" height="{picture.size}" fill="#fff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{ground}<path d="{picture.path}"/></svg>'


def png(text: str) -> bytes:
    """The code as a PNG."""
    size, bits = _modules(text)
    pixels = bytes(255 if mark == "0" else 0 for mark in f"{bits:0{size * size}b}")
    picture = Image.frombytes("L", (size, size), pixels).resize((size * SCALE,) * 2, Image.Resampling.NEAREST)
    out = io.BytesIO()
    picture.convert("1").save(out, "PNG")
    return out.getvalue()


def in_text(text: str) -> str:
    """The code in block characters, light on dark, for a terminal."""
    out = io.StringIO()
    _code(text.encode()).print_ascii(out=out, invert=True)
    return out.getvalue()


def warm(base_url: str) -> None:
    """Draw the codes that all tickets of this address are made of, so that the first request need not wait."""
    _basis(f"{base_url}/t/".encode(), 22)


def _modules(text: str) -> tuple[int, int]:
    """Side length with the quiet zone, and all modules row by row as one number, dark is 1."""
    found = TICKET.fullmatch(text)
    if found is None:
        return _by_library(text.encode())
    token = found[2].encode()
    size, bits, flips = _basis(found[1].encode(), len(token))
    held = int.from_bytes(token)
    for place, flip in enumerate(flips):
        if held >> place & 1:
            bits ^= flip
    return size, bits


@lru_cache(maxsize=4)
def _basis(before: bytes, length: int) -> tuple[int, int, tuple[int, ...]]:
    """Size and modules of the code of `before` and `length` zero bytes, and the modules that each of their bits flips."""
    return (*_by_library(before + bytes(length)), _flips(len(before), length))


@lru_cache(maxsize=4)
def _flips(before: int, length: int) -> tuple[int, ...]:
    """The modules that each bit of `length` bytes flips, after so many bytes, whose values do not matter."""
    _size, zero = _by_library(bytes(before + length))
    ones = (_by_library((1 << place).to_bytes(before + length))[1] for place in range(8 * length))
    return tuple(one ^ zero for one in ones)


def _by_library(content: bytes) -> tuple[int, int]:
    rows = _code(content).get_matrix()
    return len(rows), int("".join("1" if dark else "0" for row in rows for dark in row), 2)


def _code(content: bytes) -> qrcode.QRCode[PilImage]:
    code = _empty(_version(len(content)))
    code.add_data(QRData(content, mode=BYTES), optimize=0)
    code.make(fit=False)
    return code


@lru_cache(maxsize=64)
def _version(length: int) -> int:
    """The smallest version that holds so many bytes."""
    code = _empty(None)
    code.add_data(QRData(bytes(length), mode=BYTES), optimize=0)
    return code.best_fit()


def _empty(version: int | None) -> qrcode.QRCode[PilImage]:
    return qrcode.QRCode(
        version=version,
        error_correction=ERROR_CORRECT_M,
        border=QUIET,
        image_factory=PilImage,
        mask_pattern=MASK,
    )


def _row(bits: int, size: int, length: int) -> str:
    """The runs of the lowest `size` bits, chunk by chunk from the left; light modules at the end draw nothing."""
    row = (bits & (1 << size) - 1) << length * CHUNK - size
    return "".join(map(_CHUNKS.__getitem__, row.to_bytes(length)))


def _chunk(bits: int) -> str:
    """Eight modules as relative moves, ending where the next eight modules begin."""
    parts, at = [], 0
    for run in re.finditer("1+", f"{bits:08b}"):
        long = run.end() - run.start()
        parts.append(f"m{run.start() - at} 0h{long}v1h-{long}z")
        at = run.start()
    return "".join(parts) + f"m{CHUNK - at} 0"


_CHUNKS = [_chunk(bits) for bits in range(256)]
