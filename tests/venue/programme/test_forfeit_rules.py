"""The list of forfeits: who owes follows from the results, what is entered gives title, order and end."""

from __future__ import annotations

import pytest

from eventreg.core.errors import Refused
from eventreg.venue.programme.rules import (
    Debtor,
    Forfeit,
    ItemFacts,
    ItemState,
    check_item,
    listed,
    renumbered,
)

HIKER, LATER_HIKER = Debtor(1, 4, registration_id=14), Debtor(1, 9, registration_id=19)
TEAM = Debtor(2, 3, team_id=30)
SONG = ItemFacts("茉莉花", 1)


def debtors(lines: list[Forfeit]) -> list[Debtor]:
    return [line.debtor for line in lines]


def test_hikers_come_before_teams_until_somebody_sets_an_order() -> None:
    assert debtors(listed([TEAM, LATER_HIKER, HIKER], {})) == [HIKER, LATER_HIKER, TEAM]
    assert debtors(listed([TEAM, LATER_HIKER, HIKER], {TEAM: SONG})) == [TEAM, HIKER, LATER_HIKER]


def test_what_was_entered_stays_when_the_result_is_corrected() -> None:
    assert listed([HIKER], {LATER_HIKER: ItemFacts(position=2)}) == [Forfeit(HIKER, ItemFacts())]
    assert listed([HIKER], {TEAM: SONG}) == [Forfeit(HIKER, ItemFacts()), Forfeit(TEAM, SONG, owed=False)]


def test_typed_positions_are_numbered_anew() -> None:
    lines = [
        Forfeit(HIKER, ItemFacts("甲", 2)),
        Forfeit(LATER_HIKER, ItemFacts("乙", 5)),
        Forfeit(TEAM, ItemFacts("丙", 1)),
    ]

    assert [(line.item.title, line.item.position) for line in renumbered(lines)] == [
        ("丙", 1),
        ("甲", 2),
        ("乙", 3),
    ]


def test_an_excuse_needs_a_reason() -> None:
    check_item(ItemFacts(state=ItemState.EXCUSED, reason="脚扭了"))
    with pytest.raises(Refused, match="forfeit.reason_missing"):
        check_item(ItemFacts(state=ItemState.EXCUSED))


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (ItemFacts("歌" * 81), "forfeit.title_long"),
        (ItemFacts(state=ItemState.EXCUSED, reason="因" * 201), "forfeit.reason_long"),
    ],
)
def test_what_is_too_long_is_refused(item: ItemFacts, code: str) -> None:
    with pytest.raises(Refused, match=code):
        check_item(item)
