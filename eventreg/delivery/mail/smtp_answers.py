"""An SMTP server's answer with a total time-out, so that a server that sends byte by byte counts as silent.

The time-out of a socket starts anew with every byte: one byte a minute, or an answer without an end, would
occupy a sender for ever.
"""

from __future__ import annotations

import io
import socket
from time import monotonic
from typing import Any


class DeadlineReader(io.RawIOBase):
    """A reader of a socket with a deadline, which `begin` sets."""

    def __init__(self, line: socket.socket) -> None:
        super().__init__()
        self.line, self.until = line, monotonic()

    def begin(self, seconds: float) -> None:
        """Set the deadline: the next answer may take so many seconds in total."""
        self.until = monotonic() + seconds

    def readable(self) -> bool:
        """Always True, as `io.RawIOBase` asks."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what has arrived. Raises TimeoutError after the deadline."""
        left = self.until - monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self.line.settimeout(left)
        return self.line.recv_into(buffer)
