"""A camera that films one QR code, for a Chromium of its own: the film is chosen at its start."""

from __future__ import annotations

import contextlib
import io
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Playwright

from eventreg.post import qr

from .phone import FLAGS, PROGRAMS

WIDTH, HEIGHT, FRAMES = 1280, 720, 12


def film(text: str, path: Path) -> Path:
    """A ticket held before the camera, not quite still, on a grey noisy background."""
    luck = random.Random(308)
    code = Image.open(io.BytesIO(qr.png(text))).convert("L")
    with path.open("wb") as file:
        for _ in range(FRAMES):
            frame = Image.effect_noise((WIDTH, HEIGHT), 18)
            left, top = (WIDTH - code.width) // 2, (HEIGHT - code.height) // 2
            frame.paste(code, (left + luck.randint(-25, 25), top + luck.randint(-25, 25)))
            frame.convert("RGB").save(file, "JPEG", quality=85)
    return path


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
