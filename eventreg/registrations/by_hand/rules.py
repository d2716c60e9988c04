"""Acts by hand: their public reasons, which rules they may overrule, and which pools get an added place. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from types import MappingProxyType

from eventreg.campaigns.rules import PlaceApplicant, PoolFacts
from eventreg.core.errors import Refused
from eventreg.registrations.rules import Placement, RegistrationState, place_newcomer

NOTE_MOST = 200  # characters of the note for organisers


class HandActKind(StrEnum):
    """What was done by hand to a registration."""

    ENTER = "enter"
    TAKE_OUT = "take_out"
    CORRECT = "correct"


class HandReason(StrEnum):
    """The fixed list of reasons. They are public, so a free text is never one of them.

    `PLACE_ADDED` and `EXCEPTION` may add a place; only `EXCEPTION` overrules a rule of the campaign.
    """

    ASKED = "asked"
    PAPER = "paper"
    DUTY = "duty"
    UNIT_LIST = "unit_list"
    PLACE_ADDED = "place_added"
    EXCEPTION = "exception"
    ABSENT = "absent"
    NOT_ELIGIBLE = "not_eligible"
    ENTERED_WRONGLY = "entered_wrongly"
    OTHER = "other"


REASONS: Mapping[HandActKind, tuple[HandReason, ...]] = MappingProxyType(
    {
        HandActKind.ENTER: (
            HandReason.ASKED,
            HandReason.PAPER,
            HandReason.DUTY,
            HandReason.PLACE_ADDED,
            HandReason.EXCEPTION,
        ),
        HandActKind.TAKE_OUT: (
            HandReason.ASKED,
            HandReason.ABSENT,
            HandReason.NOT_ELIGIBLE,
            HandReason.ENTERED_WRONGLY,
            HandReason.OTHER,
        ),
        HandActKind.CORRECT: (HandReason.ASKED, HandReason.PAPER, HandReason.ENTERED_WRONGLY),
    }
)
ADDING = frozenset({HandReason.PLACE_ADDED, HandReason.EXCEPTION})
OVERRULING = frozenset({HandReason.EXCEPTION})

# Refusals of a sign-up that an organiser may overrule. What nobody may overrule: the person has left, everything is called
# off, the first activity has begun, or they hold a place in another campaign of the same group.
CAN_BE_OVERRULED = frozenset({"registration.closed", "registration.not_open_yet", "registration.not_for_you"})


def check_overruled(refused: Refused, reason: HandReason) -> None:
    """Pass over a refusal that this reason overrules. Raises the refusal itself if nobody may overrule it, or
    Refused("acts.needs_exception") when another reason was chosen."""
    if refused.code not in CAN_BE_OVERRULED:
        raise refused
    if reason not in OVERRULING:
        raise Refused("acts.needs_exception", field="reason", why=refused.code)


def check_adding(reason: HandReason) -> None:
    """Refuse to add a place for a reason that does not say so in the public order."""
    if reason not in ADDING:
        raise Refused("acts.adding_reason", field="reason")


def check_not_adding(reason: HandReason) -> None:
    """Refuse a public reason that says that a place was added where none is. Raises Refused("acts.no_place_added")."""
    if reason is HandReason.PLACE_ADDED:
        raise Refused("acts.no_place_added", field="reason")


def place_each(
    candidates: Sequence[PlaceApplicant], pools: Sequence[PoolFacts], *, waiting: int
) -> list[Placement]:
    """What each of several newcomers gets if they are entered one after the other."""
    free, placed = {pool.id: pool for pool in pools}, []
    for candidate in candidates:
        place = place_newcomer(candidate, tuple(free.values()), waiting=waiting)
        waiting += place.state is RegistrationState.WAITING
        free |= {id_: replace(free[id_], taken=free[id_].taken + 1) for id_ in place.pools}
        placed.append(place)
    return placed
