"""What a letter says, and that there is nothing left to say."""

from __future__ import annotations

from dataclasses import dataclass


class Stale(Exception):
    """What the letter tells is no longer so: it is not sent."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a letter says. `code` is shown large; `qr` is a text to be drawn and shown inline.

    `method` is what a calendar program is to do with `ics` (RFC 5546).
    """

    subject: str
    heading: str
    lines: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    action: tuple[str, str] | None = None
    code: str = ""
    qr: str = ""
    ics: bytes = b""
    state: str = ""
    method: str = "PUBLISH"
