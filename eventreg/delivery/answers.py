"""An SMTP server's answer, awaited for so long in all: a server that drips bytes is a silent one.

A socket's time-out begins anew with every byte, so a line an hour or an answer without an end would
hold a sender for ever.
"""

from __future__ import annotations

import io
import socket
from time import monotonic
from typing import Any


class Answers(io.RawIOBase):
    """What a line says, read until an instant (`begin` sets it)."""

    def __init__(self, line: socket.socket) -> None:
        super().__init__()
        self.line, self.until = line, monotonic()

    def begin(self, seconds: float) -> None:
        """The next answer may take so long in all."""
        self.until = monotonic() + seconds

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Raises TimeoutError once the time is up, however much has come."""
        left = self.until - monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self.line.settimeout(left)
        return self.line.recv_into(buffer)
