"""Who gets a place, and in which order. Pure."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from eventreg.accounts.rules import plain_code
from eventreg.campaigns.rules import PlaceApplicant, PoolFacts, PoolScope, Restriction, pools_for
from eventreg.core.errors import Refused
from eventreg.core.plain_text import clean, plain_name, unix_lines

CLOCK_TOLERANCE = timedelta(minutes=5)
TOKEN_LENGTH = 22  # of a ticket's token: base64url characters, 132 bits of the HMAC
CODE_LENGTH = 8
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's alphabet: without I, L, O and U
LOOK_ALIKE = str.maketrans("ILO", "110")


class RegistrationState(StrEnum):
    """The state of a registration."""

    SEATED = "seated"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"


class EndedWhy(StrEnum):
    """Why a withdrawn registration ended: by its person, by an organiser, or because the person left the company."""

    HERSELF = "herself"
    ORGANISER = "organiser"
    LEFT = "left"
    SILENT = "silent"


LIVE = (RegistrationState.SEATED, RegistrationState.WAITING)


class NumberedRegistration(Protocol):
    """What names a registration: its id, its campaign and its arrival number there."""

    @property
    def id(self) -> int: ...
    @property
    def campaign_id(self) -> int: ...
    @property
    def arrival(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Placement:
    """The result for a newcomer: a state and, when seated, the pools that a place is taken from."""

    state: RegistrationState
    pools: tuple[int, ...] = ()


def fits(candidate: PlaceApplicant, pools: Sequence[PoolFacts]) -> bool:
    """Whether every pool that binds this person has a free place: a place is taken from all of them or none."""
    return all(pool.free for pool in pools_for(candidate, pools))


def place_newcomer(candidate: PlaceApplicant, pools: Sequence[PoolFacts], *, waiting: int) -> Placement:
    """Seat a newcomer, or put them at the end of the waiting list.

    While anybody waits for the pool of the whole campaign, no newcomer is seated (law 6): a place that is free at that
    moment belongs to the waiting list. People who wait only for a narrower pool (of a unit or a gender) do not hold up
    people whom that pool does not bind.
    """
    mine = pools_for(candidate, pools)
    passes = waiting and all(binds_everybody(pool) for pool in pools)
    if passes or not fits(candidate, pools):
        return Placement(RegistrationState.WAITING)
    return Placement(RegistrationState.SEATED, tuple(pool.id for pool in mine))


def check_seated_at_door(place: Placement, *, source: str, waiting: int) -> None:
    """Refuse somebody at the door (`source` is "door") for whom there is no place: nobody is put on the waiting list there.

    Raises Refused("walk_in.others_wait") with the number of people who come before them, or ("walk_in.full").
    """
    if source == "door" and place.state is RegistrationState.WAITING:
        raise Refused("walk_in.others_wait", n=waiting) if waiting else Refused("walk_in.full")


class Outcome(StrEnum):
    """What a person would get if they signed up now."""

    PLACE = "place"
    WAITING_LIST = "waiting_list"
    NOT_FOR_YOU = "not_for_you"


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a person would get if they signed up now. `free` are the places that they could take, None without a bound.

    `narrowed`: fewer than the whole campaign has, because a pool of their unit or gender binds them. `restriction` is why the
    campaign is not for them, if it is not.
    """

    outcome: Outcome
    free: int | None
    narrowed: bool
    restriction: Restriction | None = None


ANYBODY = PlaceApplicant(0, "", frozenset())  # bound by no pool of a unit or a gender


def prospect_of(
    candidate: PlaceApplicant,
    pools: Sequence[PoolFacts],
    *,
    waiting: int,
    restriction: Restriction | None = None,
) -> Prospect:
    """What `place_newcomer` would decide, and how many places there are for this person.

    Where a pool of their unit or gender has no place at all and never ends, waiting would be in vain.
    """
    mine = pools_for(candidate, pools)
    free = min((pool.free for pool in mine), default=None)
    everybody = min((pool.free for pool in mine if binds_everybody(pool)), default=None)
    narrowed = free != everybody
    if restriction is not None:
        return Prospect(Outcome.NOT_FOR_YOU, 0, narrowed, restriction)
    if any(p.capacity == 0 and p.ends_at is None and not binds_everybody(p) for p in mine):
        return Prospect(Outcome.NOT_FOR_YOU, 0, narrowed)
    seated = place_newcomer(candidate, pools, waiting=waiting).state is RegistrationState.SEATED
    return Prospect(Outcome.PLACE if seated else Outcome.WAITING_LIST, free, narrowed)


T = TypeVar("T")


def next_in_line(
    line: Iterable[tuple[T, PlaceApplicant]], pools: Sequence[PoolFacts]
) -> Iterator[tuple[T, tuple[PoolFacts, ...] | None]]:
    """Whoever gets a place, in the order of the line, each with the pools that it is taken from.

    People whose own pools are full are passed over: they are named with None. It ends when nobody at all can be seated.
    """
    free = {pool.id: pool for pool in pools}
    for one, candidate in line:
        if not all(pool.free for pool in free.values() if binds_everybody(pool)):
            return
        mine = pools_for(candidate, tuple(free.values()))
        if not all(pool.free for pool in mine):
            yield one, None
            continue
        free |= {pool.id: replace(pool, taken=pool.taken + 1) for pool in mine}
        yield one, mine


def binds_everybody(pool: PoolFacts) -> bool:
    """Whether a pool binds everybody."""
    return pool.scope is PoolScope.TOTAL


def is_in_future(received_at: datetime, *, now: datetime) -> bool:
    """Whether a time of receipt cannot be true; clocks of other systems may be some minutes fast."""
    return received_at > now + CLOCK_TOLERANCE


def clean_text(typed: str) -> str:
    """Text as it is stored: line ends as LF, no control characters, no spaces at either end."""
    unix = clean(unix_lines(typed))
    return "".join(c for c in unix if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"}).strip()


def answers_version(answers: Mapping[str, str]) -> str:
    """The version of somebody's answers by question key; a form carries it, so that no other tab's change is overwritten."""
    given = sorted((key, value) for key, value in answers.items() if value)
    return hashlib.sha256(json.dumps(given, ensure_ascii=False).encode()).hexdigest()[:16]


def ticket_code_in(typed: str) -> str:
    """The short code of a ticket in a typed text, or "". Case, spaces and dashes do not matter; I and O are read as 1 and 0."""
    code = plain_code(typed).translate(LOOK_ALIKE)
    fits = len(code) == CODE_LENGTH and set(code) <= set(CODE_ALPHABET)
    return code if fits else ""


def in_groups(code: str) -> str:
    """A short code as it is shown: ABCD-EFGH."""
    return f"{code[:4]}-{code[4:]}"


def masked_name(name: str) -> str:
    """Family name, `*`, last character (王*芳); of two characters 王*; one stays as `*`."""
    name = plain_name(name)
    if len(name) <= 1:
        return "*"
    return f"{name[0]}*{name[-1]}" if len(name) > 2 else f"{name[0]}*"
