"""A camera that films one QR code, for a Chromium of its own: the film is chosen at its start."""

from __future__ import annotations

import contextlib
import io
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter
from playwright.sync_api import Browser, Playwright

from eventreg.delivery import qr

from .phone import FLAGS, PROGRAMS

WIDTH, HEIGHT, FRAMES = 1280, 720, 12


SCENES = ("clean", "small", "rotated", "blurred", "dim")


def film(text: str, path: Path, scene: str = "clean") -> Path:
    """A ticket held before the camera, not quite still, on a grey noisy background."""
    luck = random.Random(308)
    code = _held(Image.open(io.BytesIO(qr.png(text))).convert("L"), scene)
    with path.open("wb") as file:
        for _ in range(FRAMES):
            frame = Image.effect_noise((WIDTH, HEIGHT), 18)
            left, top = (WIDTH - code.width) // 2, (HEIGHT - code.height) // 2
            frame.paste(code, (left + luck.randint(-25, 25), top + luck.randint(-25, 25)))
            _lit(frame, scene).convert("RGB").save(file, "JPEG", quality=85)
    return path


def _held(code: Image.Image, scene: str) -> Image.Image:
    """How the ticket is held: far away, at an angle, or well."""
    if scene == "small":  # three pixels a module
        return code.resize((code.width * 3 // 8, code.height * 3 // 8), Image.Resampling.LANCZOS)
    if scene == "rotated":
        return code.rotate(35, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    return code


def _lit(frame: Image.Image, scene: str) -> Image.Image:
    """How the camera sees it: out of focus, in the dark with grain, or well."""
    if scene == "blurred":
        return frame.filter(
            ImageFilter.GaussianBlur(3)
        )  # three eighths of a module: beyond, some codes are lost
    if scene == "dim":
        grain = Image.effect_noise(frame.size, 4)
        return ImageChops.add(frame.point(lambda light: light // 6), grain, offset=-118)
    return frame


@contextlib.contextmanager
def filming(playwright: Playwright, path: Path, *more: str) -> Iterator[Browser]:
    """A Chromium whose camera shows this film, with `more` flags of its own."""
    program = next(filter(None, map(shutil.which, PROGRAMS)))
    flags = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    ]
    browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *flags, *more])
    try:
        yield browser
    finally:
        browser.close()
