"""When a request began: its first byte, not the moment at which its body was all there.

A deadline that an upload may outlast by some minutes needs it (`nominations.files.rules.in_time`). The servers
note it (`serving`); behind a proxy that reads bodies first it is when the proxy passed the request on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

BEGAN = "eventreg.began"  # in the WSGI environ


def began(environ: Mapping[str, Any], *, now: datetime) -> datetime:
    """When this request began; `now` where no server noted it, as in tests."""
    noted = environ.get(BEGAN)
    return noted if isinstance(noted, datetime) else now
