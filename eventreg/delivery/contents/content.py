"""The content of a letter, and the exception for a letter that is out of date."""

from __future__ import annotations

from dataclasses import dataclass


class StaleLetter(Exception):
    """Raised for a letter whose facts are out of date: it is not sent."""


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """One activity in a calendar file; `method` tells a calendar program what to do with it (RFC 5546)."""

    method: str
    body: bytes


@dataclass(frozen=True, slots=True)
class LetterContent:
    """The content of a letter. `code` is shown large; `qr` is a text that is shown as a QR code.

    `title` names the campaign that the letter is about: `heading` then stands above it. `leaving` is a sentence about how to
    withdraw and the address for it; `why` says why the reader gets the letter. `state` chooses the colour of the heading.
    """

    subject: str
    heading: str
    lines: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    action: tuple[str, str] | None = None
    code: str = ""
    qr: str = ""
    calendars: tuple[CalendarFile, ...] = ()
    state: str = ""
    title: str = ""
    leaving: tuple[str, str] | None = None
    why: str = ""
