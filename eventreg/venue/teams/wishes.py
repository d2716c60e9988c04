"""What people answered to "with whom would you like to be in a team?". Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eventreg.core.plain_text import search_text

FILLER = re.compile(
    r"[\W_]+|想|希望|愿意|和|与|跟|同|及|或|一组|一队|一起|组队|分在|在|我|们|都可以|都行|随便|无|没有"
)


@dataclass(frozen=True, slots=True)
class WishParty:
    """Somebody who may be wished for, by name or by staff number."""

    registration_id: int
    name: str
    staff_no: str


@dataclass(frozen=True, slots=True)
class WishesRead:
    """The wishes as ids of registrations, by who wishes, and whose answers were not understood completely."""

    wishes: dict[int, tuple[int, ...]]
    unclear: tuple[int, ...]


def read_wishes(parties: Iterable[WishParty], answers: Mapping[int, str]) -> WishesRead:
    """Recognise colleagues in the answers, by registration; a name that two of them have needs a staff number."""
    known = sorted(parties, key=lambda party: (-len(search_text(party.name)), party.registration_id))
    wishes: dict[int, tuple[int, ...]] = {}
    unclear = []
    for who, answer in answers.items():
        found, rest = _recognised(_folded(answer), known)
        if found:
            wishes[who] = tuple(found)
        if FILLER.sub("", rest):
            unclear.append(who)
    return WishesRead(wishes, tuple(unclear))


def _recognised(text: str, known: Sequence[WishParty]) -> tuple[list[int], str]:
    """The people in an answer, staff numbers before names, and what is left of it."""
    found: list[int] = []
    for party in known:
        number = re.compile(rf"(?<![0-9a-z]){re.escape(_folded(party.staff_no))}(?![0-9a-z])")
        if number.search(text):
            found.append(party.registration_id)
            text = number.sub(" ", text).replace(_folded(party.name), " ")
    for party in known:
        name = _folded(party.name)
        if name in text and sum(_folded(other.name) == name for other in known) == 1:
            found.append(party.registration_id)
            text = text.replace(name, " ")
    return found, text


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", search_text(text)).casefold()
