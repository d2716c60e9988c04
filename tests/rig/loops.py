"""An event loop for a test: in a thread of its own, because a browser of another test may have one in this one."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """What it returns, or raises."""
    with ThreadPoolExecutor(1) as crew:
        return crew.submit(asyncio.run, work).result()
