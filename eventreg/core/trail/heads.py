"""Where the chain of the audit trail ended, kept outside the database: `audit-heads.jsonl` in the instance folder.

One line for each time that rows were sealed: which seals, the hash of the last, and the numbers of their rows.
Rows that are removed with their seals leave no trace in the database; here they do (ADR 35).
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from eventreg.core.files import write_whole

NAME = "audit-heads.jsonl"
LARGEST = 2**63  # no database counts further
MOST, KEEP = 2_000, 200  # lines: at so many, all but the last are merged

RANGE = re.compile(r"(-?[0-9]{1,18})(?:-(-?[0-9]{1,18}))?")
HASH = re.compile(r"[0-9a-f]+")

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SealedRange:
    """Seals `first` to `last`, the hash of the last, and the numbers of their rows as ranges (`3-7,9`).

    `restored` marks the first line after the database was put back from a backup: older lines are of another
    course of things.
    """

    at: str
    first: int
    last: int
    hash: str
    entries: str
    restored: bool = False


def ranges_of(numbers: Iterable[int]) -> str:
    """Numbers as text: 3-7,9."""
    return joined((number, number) for number in numbers)


def _text(ranges: Iterable[Sequence[int]]) -> str:
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in ranges)


def listed(ranges: str) -> list[Range]:
    """The ranges of a text, first and last number of each, which may have a sign. Raises ValueError."""
    found = [RANGE.fullmatch(part) for part in ranges.split(",")] if ranges else []
    read = [(int(one[1]), int(one[2] or one[1])) for one in found if one]
    if len(read) < len(found) or any(first > last for first, last in read):
        raise ValueError(f"no ranges of numbers: {ranges[:40]!r}")
    return read


def read(instance: Path) -> list[SealedRange]:
    """The lines that can be read, oldest first."""
    return read_all(instance)[0]


def read_all(instance: Path) -> tuple[list[SealedRange], list[int]]:
    """All lines, oldest first, and the numbers of those that cannot be read. A last line that a kill cut off is left
    out.
    """
    try:
        whole = (instance / NAME).read_bytes()
    except FileNotFoundError:
        return [], []
    lines = {n: _parsed(line) for n, line in enumerate(whole.split(b"\n")[:-1], 1) if line}
    return [line for line in lines.values() if line], [n for n, line in lines.items() if line is None]


def _parsed(line: bytes) -> SealedRange | None:
    try:
        noted = SealedRange(**json.loads(line))
        listed(noted.entries)
        sound = datetime.fromisoformat(noted.at).tzinfo and HASH.fullmatch(noted.hash)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    numbers = (noted.first, noted.last)
    whole = all(type(number) is int and 0 <= number < LARGEST for number in numbers)
    return noted if sound and whole and isinstance(noted.restored, bool) else None


def current(lines: Sequence[SealedRange]) -> list[SealedRange]:
    """The lines since the database was put back last."""
    begins = [n for n, line in enumerate(lines) if line.restored]
    return list(lines[begins[-1] :] if begins else lines)


def append(instance: Path, line: SealedRange) -> None:
    """Add a line, on the disk before this returns; a long file is made shorter."""
    path = instance / NAME
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        whole = file.read()
        file.truncate(whole.rfind(b"\n") + 1)  # a kill may have cut the last line off
        file.write(json.dumps(asdict(line)).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
        lines, unreadable = read_all(instance) if whole.count(b"\n") >= MOST else ([], [])
        if lines and not unreadable:  # what cannot be read stays for somebody to look at
            content = b"".join(json.dumps(asdict(one)).encode() + b"\n" for one in merged(lines))
            write_whole(path, content)


def merged(lines: Sequence[SealedRange]) -> list[SealedRange]:
    """The last lines as they are, and one in the place of those before them that follow each other."""
    old, recent = current(lines[:-KEEP]), list(lines[-KEEP:])
    follow = all(one.last + 1 == then.first for one, then in pairwise(old))
    if not old or not follow:
        return list(lines)
    last, entries = old[-1], joined(part for line in old for part in listed(line.entries))
    whole = SealedRange(last.at, old[0].first, last.last, last.hash, entries, old[0].restored)
    return [whole, *recent]


def joined(ranges: Iterable[Range]) -> str:
    """Ranges in any order, none of them overlapping, as one text."""
    found: list[list[int]] = []
    for first, last in sorted(ranges):
        if found and first == found[-1][1] + 1:
            found[-1][1] = last
        else:
            found.append([first, last])
    return _text(found)


def next_line(
    lines: Sequence[SealedRange],
    *,
    last: int,
    hash_: bytes,
    entries: Sequence[int],
    now: datetime,
    restored: bool,
) -> SealedRange:
    """The line that tells of all seals after those of the last one; after a restore, of all there are."""
    first = 1 if restored or not lines else lines[-1].last + 1
    return SealedRange(now.isoformat(), first, last, hash_.hex(), ranges_of(entries), restored)
