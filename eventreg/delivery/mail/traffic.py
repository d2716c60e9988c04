"""Which recipient domains the workers of a lane are sending to, so that a slow domain occupies one worker (ADR 36).

One object for each lane of a process. A worker sends a batch, whose domains are closed to the other workers until the
batch is done. If a letter waits too long for its answer, its worker is stalled and the rest of the batch is released.
Then one other worker may go on with the same domain in a hurry: if the server is silent again before the letter is
sent, the letter is put off, so it occupies no worker. After the final dot a letter cannot be put off, because it may
have been accepted. So more workers may be stalled then, but only by a domain that accepted letters lately.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable

from eventreg.outbox.rules import ClosedDomains

FRUITLESS = 5  # slow letters in a row after which a domain waits for its stalled worker
PROVEN = 600.0  # seconds for which a prompt answer shows that a domain accepts letters


class Traffic:
    """Shared by all workers of a lane; a worker holds the lock `turn` while it claims, so that two do not claim one domain."""

    def __init__(self, lines: int = 1) -> None:
        self.lines = lines
        self.turn = threading.Lock()
        self._lock = threading.Lock()
        self._working: dict[int, frozenset[str]] = {}
        self._stalled: dict[int, str] = {}
        self._slow_in_a_row: Counter[str] = Counter()
        self._moved_at: dict[str, float] = {}

    def shut(self) -> ClosedDomains:
        """The domains whose letters a worker without a batch may not claim now."""
        with self._lock:
            at_work = {domain for domains in self._working.values() for domain in domains}
            stalled = set(self._stalled.values())
            waiting = {domain for domain in stalled if self._waits(domain)}
            return ClosedDomains(frozenset(at_work | waiting), frozenset(stalled - at_work - waiting))

    def take(self, line: int, domains: Iterable[str]) -> None:
        """A worker begins a batch with letters to these domains."""
        with self._lock:
            self._working[line] = frozenset(domains)

    def leave(self, line: int) -> None:
        """A worker has finished its batch."""
        with self._lock:
            self._working.pop(line, None)
            domain = self._stalled.pop(line, "")
            if domain and domain not in self._stalled.values():
                del self._slow_in_a_row[domain]

    def stall(self, line: int, domain: str) -> None:
        """A worker is stalled by a letter to this domain, and has released the rest of its batch."""
        with self._lock:
            self._working.pop(line, None)
            self._stalled[line] = domain
            self._slow_in_a_row[domain] += 1

    def is_hurried(self, domain: str) -> bool:
        """Whether another worker is stalled by this domain: then the time-out before the letter is sent is short."""
        with self._lock:
            return domain in self._stalled.values()

    def note_prompt(self, domain: str) -> None:
        """The server answered in time for a letter of this domain."""
        with self._lock:
            self._slow_in_a_row.pop(domain, None)
            self._moved_at[domain] = time.monotonic()

    def note_slow(self, domain: str) -> bool:
        """A letter was put off; returns whether the worker may go on with this domain."""
        with self._lock:
            self._slow_in_a_row[domain] += 1
            return not self._waits(domain)

    def _waits(self, domain: str) -> bool:
        """Whether a domain gets no further worker for now. One worker is always left to other domains."""
        stalled = list(self._stalled.values()).count(domain)
        if not stalled:
            return False
        moves = time.monotonic() - self._moved_at.get(domain, -PROVEN) < PROVEN
        most = self.lines - 1 if moves else min(2, self.lines - 1)
        return stalled >= max(1, most) or self._slow_in_a_row[domain] >= FRUITLESS
