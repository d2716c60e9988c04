"""The place of a person who is entered by hand: by the rules of everybody, or on a place that is added for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from eventreg.campaigns.rules import PlaceApplicant, PoolFacts, pools_for
from eventreg.core.errors import Refused
from eventreg.registrations.rules import Placement, RegistrationState

from . import added_places
from .rules import HandReason, check_adding, check_not_adding, check_overruled


class HandSource(StrEnum):
    """Who enters somebody by hand; also the source of the registration."""

    ORGANISER = "organiser"
    CONTACT = "contact"


class EntryResult(StrEnum):
    """What an entry by hand leads to: a place, the waiting list, or a place that is added for the person."""

    PLACE = "place"
    WAITING = "waiting"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class HandEntry:
    """How somebody is entered by hand. `foreseen` is what the page showed before, None for whatever it is now.

    `adding` asks for an added place where the person would wait otherwise.
    """

    reason: HandReason
    source: HandSource = HandSource.ORGANISER
    note: str = ""
    adding: bool = False
    foreseen: EntryResult | None = None


@dataclass(frozen=True, slots=True)
class PlacementByHand:
    """The place, and the pools that were extended for it; in these it is taken already."""

    place: Placement
    extended: tuple[int, ...] = ()

    @property
    def to_take(self) -> tuple[int, ...]:
        """The pools that a place is still to be taken from."""
        return tuple(id_ for id_ in self.place.pools if id_ not in self.extended)


@contextmanager
def overruled(entry: HandEntry | None) -> Iterator[None]:
    """Pass over a refusal that an entry by hand overrules; None overrules nothing. Raises what `check_overruled` does."""
    try:
        yield
    except Refused as refused:
        if entry is None:
            raise
        check_overruled(refused, entry.reason)


def place_by_hand(
    entry: HandEntry | None,
    place: Placement,
    candidate: PlaceApplicant,
    pools: Sequence[PoolFacts],
) -> PlacementByHand:
    """Add a place for a person who would wait, if that is asked for. `place` is what everybody would get, and what
    somebody gets without an entry by hand.

    Raises what `check_adding` and `check_not_adding` do, and Refused("acts.changed_meanwhile") when the result is another one than the page showed.
    """
    if entry is None:
        return PlacementByHand(place)
    waits = place.state is RegistrationState.WAITING
    if waits and entry.adding:
        check_adding(entry.reason)
        found = add_place(candidate, pools)
        result = EntryResult.ADDED
    else:
        if not entry.adding:
            check_not_adding(entry.reason)
        found = PlacementByHand(place)
        result = EntryResult.WAITING if waits else EntryResult.PLACE
    if entry.foreseen not in {None, result}:
        raise Refused("acts.changed_meanwhile")
    return found


def add_place(candidate: PlaceApplicant, pools: Sequence[PoolFacts]) -> PlacementByHand:
    """Add a place for this person to every pool that binds them, and take it.

    Also to pools that are not full: their free places may be reserved for others (of a unit, or kept for women), or somebody who
    waits may get one next. So each pool has as many free places as before, now and when the added place ends, and nothing
    changes for anybody else.
    """
    ids = tuple(pool.id for pool in pools_for(candidate, pools))
    added_places.extend_and_take(ids)
    return PlacementByHand(Placement(RegistrationState.SEATED, ids), ids)
