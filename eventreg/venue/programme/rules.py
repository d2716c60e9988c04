"""The list of forfeits: who owes one, in which order, and what became of it (plan P7, P8). Pure.

Who owes a forfeit follows from the results at every reading. Only what an organiser enters is stored: title, order, done
or excused. So the list writes itself, and a corrected result changes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from eventreg.core.errors import Refused

TITLE_MOST = 80
REASON_MOST = 200


class ItemState(StrEnum):
    """What became of an item."""

    DUE = "due"
    DONE = "done"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True, order=True)
class Debtor:
    """Who owes a forfeit together: a hiker by registration, or a team. Hikers come first, each kind in its own order."""

    activity_id: int
    natural: int
    registration_id: int = 0
    team_id: int = 0


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What is entered about one forfeit; `position` is None until somebody sets an order."""

    title: str = ""
    position: int | None = None
    state: ItemState = ItemState.DUE
    reason: str = ""


UNTOUCHED = ItemFacts()


@dataclass(frozen=True, slots=True)
class Forfeit:
    """One line of the list. `owed` is False where the result was corrected after something had been entered."""

    debtor: Debtor
    item: ItemFacts
    owed: bool = True


def listed(owed: Iterable[Debtor], entered: Mapping[Debtor, ItemFacts]) -> list[Forfeit]:
    """The forfeits in the order of the programme: those with a position first, then the others in their natural order.

    What was entered for somebody who owes nothing any more comes last, if it says anything.
    """
    due = set(owed)
    kept = {one for one, item in entered.items() if item.title or item.state is not ItemState.DUE}
    lines = [Forfeit(one, entered.get(one, UNTOUCHED), one in due) for one in due | kept]
    return sorted(lines, key=_order)


def renumbered(lines: Iterable[Forfeit]) -> list[Forfeit]:
    """The same lines in the order of their typed positions, numbered 1, 2, 3; equal positions keep their order."""
    ordered = sorted(lines, key=_order)
    return [
        Forfeit(line.debtor, ItemFacts(line.item.title, n, line.item.state, line.item.reason), line.owed)
        for n, line in enumerate(ordered, 1)
    ]


def check_item(item: ItemFacts) -> None:
    """Refuse a title or a reason that is too long, and an excuse without a reason.

    Raises Refused("forfeit.title_long"), ("forfeit.reason_long") or ("forfeit.reason_missing").
    """
    if len(item.title) > TITLE_MOST:
        raise Refused("forfeit.title_long", field="title", most=TITLE_MOST)
    if len(item.reason) > REASON_MOST:
        raise Refused("forfeit.reason_long", field="reason", most=REASON_MOST)
    if item.state is ItemState.EXCUSED and not item.reason:
        raise Refused("forfeit.reason_missing", field="reason")


def _order(line: Forfeit) -> tuple[bool, bool, int, Debtor]:
    position = line.item.position
    return not line.owed, position is None, position or 0, line.debtor
