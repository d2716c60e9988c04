"""The content of a letter, and the exception for a letter that is out of date."""

from __future__ import annotations

from dataclasses import dataclass


class StaleLetter(Exception):
    """Raised for a letter whose facts are out of date: it is not sent."""


@dataclass(frozen=True, slots=True)
class LetterContent:
    """The content of a letter. `code` is shown large; `qr` is a text that is shown as a QR code.

    `method` tells a calendar program what to do with `ics` (RFC 5546).
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
