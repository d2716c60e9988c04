"""The copy of a picture that judges get is readable: its width, its greys, and photos of large cameras."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from PIL import Image, ImageChops, ImageDraw

from eventreg.core import sandbox
from eventreg.core.uploaded_files import pictures, scaling
from eventreg.core.uploaded_files.file_facts import CutPicture, UnreadableFile
from eventreg.core.uploaded_files.scaling import AREA_MOST, fitting
from tests.house.repository import ROOT

CHILD = (sys.executable, "-m", "eventreg.core.uploaded_files.reading_child")


def saved(picture: Image.Image, kind: str, **how: object) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    """The copy for judges of a picture."""
    return Image.open(io.BytesIO(pictures.stripped(content)))


def by_child(kind: str, content: bytes) -> Image.Image:
    """The same, made by the child process within its limits of memory and time."""
    ran = subprocess.run([*CHILD, kind], cwd=ROOT, input=content, capture_output=True, check=True)
    return Image.open(io.BytesIO(ran.stdout.partition(b"\n")[2]))


def ruled(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """A white picture with a black line of 20 pixels in each 200."""
    picture = Image.new(mode, size, "white")
    draw = ImageDraw.Draw(picture)
    for top in range(0, size[1], 200):
        draw.rectangle((0, top, size[0], top + 19), fill="black")
    return picture


def test_a_grey_picture_of_16_bits_keeps_its_greys() -> None:
    grey = Image.new("I;16", (3, 1))
    for place, value in enumerate((0, 0x8080, 0xFFFF)):
        grey.putpixel((place, 0), value)

    copy = opened(saved(grey, "PNG"))

    assert [copy.getpixel((place, 0)) for place in range(3)] == [0, 128, 255]


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_long_screenshot_keeps_its_width(kind: str) -> None:
    assert opened(saved(ruled((1080, 12_000)), kind)).size == (1080, 12_000)


def test_a_very_long_one_is_bound_by_its_area() -> None:
    copy = opened(saved(ruled((1080, 40_000)), "PNG"))

    assert copy.size == fitting((1080, 40_000)) == (673, 24_927)
    assert copy.width * copy.height <= AREA_MOST


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA"])
def test_a_picture_that_is_scaled_in_bands_shows_no_seam(monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    """It is what scaling it whole makes, and colours of a palette are averaged instead of dropped."""
    monkeypatch.setattr(scaling, "AREA_MOST", 500_000)
    noise = Image.effect_noise((700, 2_000), 80).convert("RGB").convert(mode)
    drawn = {"1": "L", "P": "RGB"}.get(mode, mode)

    copy = opened(saved(noise, "PNG")).convert(drawn)

    whole = noise.convert(drawn).resize(fitting(noise.size), Image.Resampling.BICUBIC)
    off = ImageChops.difference(copy.convert("L"), whole.convert("L")).histogram()
    assert copy.size == whole.size
    assert sum(off[32:]) == 0  # less is rounding; a seam, or a colour that was dropped, is off by a hundred


@pytest.mark.parametrize(
    ("size", "shown"),
    [((9248, 6936), (4624, 3468)), ((12_000, 9000), (4729, 3547)), ((16_320, 12_240), (4080, 3060))],
    ids=["64 megapixels", "108 megapixels", "200 megapixels"],
)
def test_photos_of_large_cameras_have_a_copy_within_the_limits_of_the_child(
    size: tuple[int, int], shown: tuple[int, int]
) -> None:
    noise = Image.effect_noise((1000, 750), 60).resize(size, Image.Resampling.NEAREST).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6

    copy = by_child("jpg", saved(noise, "JPEG", quality=85, exif=exif))

    assert (copy.format, copy.size) == ("JPEG", shown[::-1])
    assert dict(copy.getexif()) == {}


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L"])
def test_the_largest_png_has_a_copy_within_them_too(mode: str) -> None:
    size = (6000, 9900)

    copy = by_child("png", saved(ruled(size).convert(mode), "PNG", compress_level=1))

    assert copy.size == fitting(size)


def test_a_png_beyond_that_is_not_opened() -> None:
    with pytest.raises(UnreadableFile):
        pictures.read(saved(Image.new("1", (8000, 8000)), "PNG"))


def test_the_limit_of_memory_is_what_it_was() -> None:
    assert sandbox.MEMORY == 512 * 1024 * 1024


@pytest.mark.parametrize(("kind", "share"), [("JPEG", 0.5), ("JPEG", 0.95), ("PNG", 0.5), ("PNG", 0.95)])
def test_a_picture_without_its_end_is_said_to_be_cut(kind: str, share: float) -> None:
    whole = saved(ruled((1200, 900)), kind)

    with pytest.raises(CutPicture):
        pictures.read(whole[: int(len(whole) * share)])

    assert pictures.read(whole).text is None


def test_bytes_behind_the_end_of_a_picture_are_no_cut() -> None:
    assert pictures.read(saved(ruled((1200, 900)), "JPEG") + b"\0" * 40).text is None
