"""What a fair waiting list with options is: the model that the product is compared with."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Entry:
    """One registration of the model, with the options that it chose."""

    person: str
    arrival: int
    state: str
    options: frozenset[str]


@dataclass
class Buses:
    """A campaign with so many places, and options of which some have places of their own."""

    capacity: int
    places: dict[str, int]
    entries: list[Entry] = field(default_factory=list)

    def register(self, person: str, options: frozenset[str]) -> tuple[int, str]:
        """The arrival number and state that the same call must get from the product."""
        entry = self.live(person)
        if entry is None:
            entry = Entry(person, len(self.entries) + 1, "waiting", options)
            passes = (
                bool(self.line()) and not self.places
            )  # only the whole campaign binds: the line goes first
            if not passes and self.fits(options):
                entry.state = "seated"
            self.entries.append(entry)
        return entry.arrival, entry.state

    def withdraw(self, person: str) -> None:
        """Leave; whoever fits takes the place."""
        self.get(person).state = "withdrawn"
        self.promote()

    def choose(self, person: str, options: frozenset[str]) -> bool:
        """Choose anew; False when an option is full for somebody who has a place, and then nothing has changed."""
        entry = self.get(person)
        if entry.state == "seated":
            gained = options - entry.options
            if any(self.free(option) < 1 for option in gained if option in self.places):
                return False
        entry.options = options
        self.promote()
        return True

    def set_places(self, places: dict[str, int]) -> None:
        """Other places of the options."""
        self.places = places
        self.promote()

    def change_capacity(self, capacity: int) -> None:
        """Another number of places of all."""
        self.capacity = capacity
        self.promote()

    def promote(self) -> None:
        """Seat everybody who waits and fits, in the order of arrival."""
        for entry in self.line():
            if len(self.seated()) >= self.capacity:
                return
            if self.fits(entry.options):
                entry.state = "seated"

    def fits(self, options: frozenset[str]) -> bool:
        """Whether the campaign and every chosen option has a free place."""
        mine = [option for option in options if option in self.places]
        return len(self.seated()) < self.capacity and all(self.free(option) > 0 for option in mine)

    def free(self, option: str) -> int:
        """The free places of an option."""
        return self.places[option] - self.taken(option)

    def taken(self, option: str) -> int:
        """How many hold an option with a place."""
        return sum(option in entry.options for entry in self.seated())

    def live(self, person: str) -> Entry | None:
        """Their registration that still counts."""
        return next((e for e in self.entries if e.person == person and e.state != "withdrawn"), None)

    def get(self, person: str) -> Entry:
        """The same, which must be there."""
        entry = self.live(person)
        if entry is None:
            raise AssertionError("no live registration")
        return entry

    def seated(self) -> list[Entry]:
        """Who has a place, by arrival."""
        return [e for e in self.entries if e.state == "seated"]

    def line(self) -> list[Entry]:
        """Who waits, by arrival."""
        return [e for e in self.entries if e.state == "waiting"]
