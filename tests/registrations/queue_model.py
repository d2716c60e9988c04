"""What a fair waiting list is, in fifty lines: the model that the product is compared with."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Entry:
    """One registration of the model."""

    person: str
    arrival: int
    state: str


@dataclass
class Queue:
    """A campaign with so many places; nothing else decides than the order of arrival."""

    capacity: int
    entries: list[Entry] = field(default_factory=list)
    answers: dict[tuple[str, str], Entry] = field(default_factory=dict)

    def register(self, person: str, key: str) -> tuple[int, str]:
        """The arrival number and state that the same call must get from the product.

        A key leads to what it led to first, whether that was made by it or found there.
        """
        entry = self.answers.get((person, key)) or self.live(person)
        if entry is None:
            state = "seated" if len(self.seated()) < self.capacity and not self.line() else "waiting"
            entry = Entry(person, len(self.entries) + 1, state)
            self.entries.append(entry)
        if key:
            self.answers.setdefault((person, key), entry)
        return entry.arrival, entry.state

    def withdraw(self, person: str) -> None:
        """Leave; who waits longest takes a freed seat."""
        entry = self.live(person)
        if entry is None:
            raise AssertionError("nothing to withdraw")
        entry.state = "withdrawn"
        self.promote()

    def change_capacity(self, capacity: int) -> None:
        """More places go to the line; fewer cancel nobody and admit nobody."""
        self.capacity = capacity
        self.promote()

    def promote(self) -> None:
        """Seat the line's first while there is a place."""
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
