"""When a request started: at its first byte, not when its body had arrived.

An upload that started before a deadline may end some minutes after it (`nominations.files.rules.in_time`). The
servers set it (`serving`, `dated`, `rsgi`); behind a proxy that buffers bodies it is when the proxy passed the request on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

REQUEST_START = "eventreg.request_start"  # in the WSGI environ


def request_started_at(environ: Mapping[str, Any], *, now: datetime) -> datetime:
    """When this request started; `now` if no server set it, as in tests."""
    noted = environ.get(REQUEST_START)
    return noted if isinstance(noted, datetime) else now
