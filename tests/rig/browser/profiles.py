"""Phones whose browser keeps its storage on disk, so that it can be closed, killed and started again."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Playwright

from .phone import FLAGS, PHONE, PROGRAMS, WAIT

# Shifts the clock of every page by a number of milliseconds, as a phone with a wrong clock has it.
SHIFT = """(() => {
  const Real = Date, shift = %d;
  globalThis.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + shift); }
    static now() { return Real.now() + shift; }
  };
})();"""


@contextlib.contextmanager
def profile(
    playwright: Playwright, folder: Path, *, shift_ms: int = 0, **options: Any
) -> Iterator[BrowserContext]:
    """A browser with the storage of this folder, and a clock that is wrong by `shift_ms`."""
    program = next(filter(None, map(shutil.which, PROGRAMS)))
    width, height = PHONE
    context = playwright.chromium.launch_persistent_context(
        str(folder),
        executable_path=program,
        args=list(FLAGS),
        viewport={"width": width, "height": height},
        locale="zh-CN",
        accept_downloads=True,
        **options,
    )
    context.set_default_timeout(WAIT)
    if shift_ms:
        context.add_init_script(SHIFT % shift_ms)
    try:
        yield context
    finally:
        context.close()
