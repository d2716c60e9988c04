"""All rules of places together, as a model that knows no counters: who fits is worked out from who sits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.rig import cast

DEPARTMENT = {no: unit.split("/", maxsplit=1)[0] for no, (_name, _gender, unit) in cast.NAMES.items()}
MEN = {no for no, (_name, gender, _unit) in cast.NAMES.items() if gender == "male"}


@dataclass
class Entry:
    """One registration: its options, and the bounds in which a place was added for it."""

    person: str
    options: frozenset[str]
    state: str = "waiting"
    added: set[str] = field(default_factory=set)


@dataclass
class Bound:
    """So many places for whoever it binds."""

    name: str
    places: int
    binds: Callable[[Entry], bool]


@dataclass
class Campaign:
    """Places of all, kept for women or reserved for a unit until an end, and options with places."""

    total: int
    kept: int
    unit: str
    reserved: int
    options: dict[str, int]
    ended: bool = False
    entries: list[Entry] = field(default_factory=list)

    def bounds(self) -> Iterator[Bound]:
        """What binds now."""
        yield Bound("total", self.total, lambda entry: True)
        for option, places in self.options.items():
            yield Bound(option, places, lambda entry, option=option: option in entry.options)  # type: ignore[misc]
        if self.ended:
            return
        if self.kept:
            yield Bound("men", self.total - self.kept, lambda entry: entry.person in MEN)
        if self.unit:
            yield Bound("unit", self.reserved, self._is_of_unit)
            yield Bound("rest", self.total - self.reserved, lambda entry: not self._is_of_unit(entry))

    def free(self, bound: Bound) -> int:
        """The free places of a bound; an added place is nobody else's."""
        sitting = (e for e in self.entries if e.state == "seated" and bound.binds(e))
        return bound.places - sum(bound.name not in entry.added for entry in sitting)

    def settle(self) -> None:
        """Seat whoever fits, by arrival."""
        for entry in self.entries:
            if entry.state == "waiting" and self.fits(entry):
                entry.state = "seated"

    def fits(self, entry: Entry) -> bool:
        """Whether every bound that binds has a free place."""
        return all(self.free(bound) > 0 for bound in self.bounds() if bound.binds(entry))

    def register(self, person: str, options: frozenset[str]) -> None:
        """At the end of the line, unless they are there already."""
        self.settle()
        if self.live(person) is None:
            self.entries.append(Entry(person, options))
            self.settle()

    def add_place(self, person: str, options: frozenset[str]) -> None:
        """A place for somebody who would wait: added in every bound that binds (ADR 48), so nobody else's changes."""
        self.register(person, options)
        entry = self.get(person)
        if entry.state == "seated":
            return
        entry.added = {bound.name for bound in self.bounds() if bound.binds(entry)}
        entry.state = "seated"

    def choose(self, person: str, options: frozenset[str]) -> bool:
        """Other options; False where one is full for somebody who sits."""
        self.settle()
        entry = self.get(person)
        if entry.state == "seated":
            gained = options - entry.options
            if any(self.free(bound) < 1 for bound in self.bounds() if bound.name in gained):
                return False
        entry.added -= entry.options - options
        entry.options = options
        self.settle()
        return True

    def withdraw(self, person: str) -> None:
        """An end, whoever brings it; an added place ends with it."""
        entry = self.get(person)
        entry.state, entry.added = "withdrawn", set()
        self.settle()

    def live(self, person: str) -> Entry | None:
        """The registration that still counts."""
        return next((e for e in self.entries if e.person == person and e.state != "withdrawn"), None)

    def get(self, person: str) -> Entry:
        """The same, which must be there."""
        entry = self.live(person)
        if entry is None:
            raise AssertionError("no live registration")
        return entry

    def _is_of_unit(self, entry: Entry) -> bool:
        return DEPARTMENT.get(entry.person) == self.unit
