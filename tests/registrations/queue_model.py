"""What a fair waiting list is, in fifty lines: the model that the product is compared with."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Entry:
    """One registration of the model."""

    person: str
    arrival: int
    state: str
    added: bool = False


@dataclass
class Queue:
    """A campaign with so many places, and those added for one person each; else only the order of arrival decides."""

    capacity: int
    entries: list[Entry] = field(default_factory=list)
    answers: dict[tuple[str, str], Entry] = field(default_factory=dict)

    def register(self, person: str, key: str) -> tuple[int, str]:
        """The arrival number and state that the same call must get from the product.

        A key leads to what it led to first, whether that was made by it or found there.
        """
        entry = self.answers.get((person, key)) or self.live(person)
        if entry is None:
            state = "seated" if self.has_room() and not self.line() else "waiting"
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
        entry.state, entry.added = "withdrawn", False
        self.promote()

    def add_place(self, person: str) -> tuple[int, str]:
        """One more place for somebody who would wait or waits; it is theirs, and nobody else moves."""
        entry = self.live(person)
        if entry is None and self.has_room() and not self.line():
            return self.register(person, "")
        if entry is None:
            entry = Entry(person, len(self.entries) + 1, "waiting")
            self.entries.append(entry)
        if entry.state == "waiting":
            entry.state, entry.added = "seated", True
        return entry.arrival, entry.state

    def change_capacity(self, capacity: int) -> None:
        """More places go to the line; fewer cancel nobody and admit nobody."""
        self.capacity = capacity
        self.promote()

    def promote(self) -> None:
        """Seat the line's first while there is a place."""
        while self.line() and self.has_room():
            self.line()[0].state = "seated"

    def has_room(self) -> bool:
        """Whether a place is free; added places are counted as long as they are held."""
        return len(self.seated()) < self.capacity + sum(e.added for e in self.entries)

    def live(self, person: str) -> Entry | None:
        """Her registration that still counts."""
        return next((e for e in self.entries if e.person == person and e.state != "withdrawn"), None)

    def seated(self) -> list[Entry]:
        """Who has a place, by arrival."""
        return [e for e in self.entries if e.state == "seated"]

    def line(self) -> list[Entry]:
        """Who waits, by arrival."""
        return [e for e in self.entries if e.state == "waiting"]
