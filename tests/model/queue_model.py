"""What a fair waiting list is, in fifty lines: the model that the product is compared with."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Entry:
    """One registration of the model."""

    person: str
    arrival: int
    state: str
    key: str


@dataclass
class Queue:
    """A campaign with so many places; nothing else decides than the order of arrival."""

    capacity: int
    entries: list[Entry] = field(default_factory=list)

    def register(self, person: str, key: str) -> tuple[int, str]:
        """The arrival number and state that the same call must get from the product."""
        known = next((e for e in self.entries if (e.person, e.key) == (person, key) and key), None)
        entry = known or self.live(person)
        if entry is None:
            state = "seated" if len(self.seated()) < self.capacity and not self.line() else "waiting"
            entry = Entry(person, len(self.entries) + 1, state, key)
            self.entries.append(entry)
        return entry.arrival, entry.state

    def withdraw(self, person: str) -> None:
        """Leave; who waits longest takes a freed seat."""
        entry = self.live(person)
        if entry is None:
            raise AssertionError("nothing to withdraw")
        entry.state = "withdrawn"
        while self.line() and len(self.seated()) < self.capacity:
            self.line()[0].state = "seated"

    def live(self, person: str) -> Entry | None:
        """Her registration that still counts."""
        return next((e for e in self.entries if e.person == person and e.state != "withdrawn"), None)

    def seated(self) -> list[Entry]:
        """Who has a place, by arrival."""
        return [e for e in self.entries if e.state == "seated"]

    def line(self) -> list[Entry]:
        """Who waits, by arrival."""
        return [e for e in self.entries if e.state == "waiting"]
