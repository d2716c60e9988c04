"""Which recipient domains the lines of one lane are at work on, so that a slow domain keeps one line and no more (ADR 36).

One object for each lane of a process. A line works on a batch; its domains are closed to the other lines until
the batch is done. A letter that has waited too long for its answer keeps its line (the line is stalled), and the
rest of the batch is given back. Then one other line may go on with the same domain, in a hurry: a letter whose
server is silent again before it is given the letter is put off, so it keeps no line. After the final dot nothing can
be put off (the letter may have been taken), so more lines may stall, but only by a domain whose letters moved lately.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable

from eventreg.outbox.rules import ClosedDomains

FRUITLESS = 5  # slow letters in a row after which a domain waits for the line that is stalled by it
PROVEN = 600.0  # seconds for which a prompt answer says that a domain's letters move


class Traffic:
    """Safe for all lines of a lane; `turn` is a lock held while a worker claims, so that two do not claim one domain."""

    def __init__(self, lines: int = 1) -> None:
        self.lines = lines
        self.turn = threading.Lock()
        self._lock = threading.Lock()
        self._working: dict[int, frozenset[str]] = {}
        self._stalled: dict[int, str] = {}
        self._slow_in_a_row: Counter[str] = Counter()
        self._moved_at: dict[str, float] = {}

    def shut(self) -> ClosedDomains:
        """What a line without a batch may not claim now."""
        with self._lock:
            at_work = {domain for domains in self._working.values() for domain in domains}
            stalled = set(self._stalled.values())
            waiting = {domain for domain in stalled if self._waits(domain)}
            return ClosedDomains(frozenset(at_work | waiting), frozenset(stalled - at_work - waiting))

    def take(self, line: int, domains: Iterable[str]) -> None:
        """A line begins a batch with letters of these domains."""
        with self._lock:
            self._working[line] = frozenset(domains)

    def leave(self, line: int) -> None:
        """A line is done with its batch."""
        with self._lock:
            self._working.pop(line, None)
            domain = self._stalled.pop(line, "")
            if domain and domain not in self._stalled.values():
                del self._slow_in_a_row[domain]

    def stall(self, line: int, domain: str) -> None:
        """A line keeps one letter of a domain and nothing else of its batch."""
        with self._lock:
            self._working.pop(line, None)
            self._stalled[line] = domain
            self._slow_in_a_row[domain] += 1

    def is_hurried(self, domain: str) -> bool:
        """Whether another line is stalled by this domain: then a silence before the letter itself is cut short."""
        with self._lock:
            return domain in self._stalled.values()

    def note_prompt(self, domain: str) -> None:
        """The server answered in time for a letter of this domain."""
        with self._lock:
            self._slow_in_a_row.pop(domain, None)
            self._moved_at[domain] = time.monotonic()

    def note_slow(self, domain: str) -> bool:
        """A letter was put off; returns whether the line may go on with this domain."""
        with self._lock:
            self._slow_in_a_row[domain] += 1
            return not self._waits(domain)

    def _waits(self, domain: str) -> bool:
        """Whether a domain gets no further line for now. One line is always left to other domains."""
        stalled = list(self._stalled.values()).count(domain)
        if not stalled:
            return False
        moves = time.monotonic() - self._moved_at.get(domain, -PROVEN) < PROVEN
        most = self.lines - 1 if moves else min(2, self.lines - 1)
        return stalled >= max(1, most) or self._slow_in_a_row[domain] >= FRUITLESS
