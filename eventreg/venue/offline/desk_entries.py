"""What a phone's queue holds beside scans: shapes only. Each entry has its own nonce and is answered by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EntryKind(StrEnum):
    """The kinds of entries; a scan goes its own way (`venue/scans.py`)."""

    SCAN = "scan"
    TAP = "tap"
    WALK_IN = "walk_in"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class DeskEntry:
    """An entry as it arrives. `at` is its time by our clock, `device_at` and `sent_at` by the device's, `offset_ms` how much
    later ours was known to be.

    `staff_no` is of a walk-in, `of` the nonce of the scan that was let through. `let_through` says that somebody went in
    before the server had answered, `green` of a release that the phone had shown green by itself.
    """

    kind: EntryKind
    nonce: str
    at: datetime
    device_at: datetime
    sent_at: datetime | None = None
    offset_ms: int | None = None
    staff_no: str = ""
    of: str = ""
    let_through: bool = False
    green: bool = False


@dataclass(frozen=True, slots=True)
class EntryAnswer:
    """The answer to one entry. `refused` is a code; with `stored` False the phone keeps the entry and shows why.

    `registration_id` is whom a walk-in entered, `n` how many people come before them.
    """

    nonce: str
    refused: str | None = None
    stored: bool = True
    registration_id: int | None = None
    n: int = 0
