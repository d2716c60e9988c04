"""The path and the picture of a code are what the library draws."""

from __future__ import annotations

import io
import random
import re
import string

import pytest
import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

from eventreg.delivery import qr

LETTERS = f"{string.ascii_letters}{string.digits}-_"
BASES = ("http://127.0.0.1:8000", "https://events.example.cn", "https://192.168.1.20:8443/三月")


def whole(text: str) -> list[list[bool]]:
    """The library's own drawing, by its own choice of version."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=qr.QUIET, mask_pattern=qr.MASK)
    code.add_data(text, optimize=0)
    code.make(fit=True)
    return [[bool(dark) for dark in row] for row in code.get_matrix()]


def painted(picture: qr.QrPicture) -> list[list[bool]]:
    """The path, painted: absolute starts of rows, then relative runs."""
    modules = [[False] * picture.size for _ in range(picture.size)]
    x = y = 0
    for move, run in re.findall(r"([Mm][\d -]+)(h\d+)?", picture.path):
        dx, dy = (int(number) for number in move[1:].split())
        x, y = (dx, dy) if move[0] == "M" else (x + dx, y + dy)
        for n in range(int(run[1:]) if run else 0):
            modules[y][x + n] = True
    return modules


def addresses() -> list[str]:
    """Sixty tickets' addresses, the same in every process that collects these tests."""
    drawn = random.Random(38)
    tokens = ("".join(drawn.choices(LETTERS, k=22)) for _ in range(60))
    return [f"{BASES[n % 3]}/t/{token}" for n, token in enumerate(tokens)]


@pytest.mark.parametrize("text", [*addresses(), "https://events.example.cn/desk/pair#abcdefgh", "三八"])
def test_the_path_paints_the_librarys_code(text: str) -> None:
    assert painted(qr.drawn(text)) == whole(text)


@pytest.mark.parametrize("text", addresses()[::7])
def test_the_picture_shows_the_librarys_code(text: str) -> None:
    picture = Image.open(io.BytesIO(qr.png(text))).convert("L")
    size = picture.width // qr.SCALE
    middle = qr.SCALE // 2
    shown = [
        [picture.getpixel((x * qr.SCALE + middle, y * qr.SCALE + middle)) == 0 for x in range(size)]
        for y in range(size)
    ]

    assert shown == whole(text)


def test_a_code_with_one_module_wrong_would_be_seen() -> None:
    """The control: the path without its last run paints another code."""
    text = f"{BASES[0]}/t/{'A' * 21}B"
    picture = qr.drawn(text)
    cut = qr.QrPicture(picture.size, picture.path[: picture.path.rindex("M")])

    assert painted(picture) == whole(text)
    assert painted(cut) != whole(text)
