"""Bounds of a count sheet, two keepers who differ, quorum, majority and ties."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eventreg.awards.ballots.rules import (
    CountSheet,
    MajorityBase,
    Tally,
    Vote,
    bases,
    check_quorum,
    check_sheet,
    differences,
    elected,
    is_void,
    majority,
    quorum,
)
from eventreg.core.errors import Refused

VOTE = Vote(present=7, seats=2, candidates=(1, 2, 3), recused_present={1: 1})


def sheet(*ayes: int, issued: int = 7, returned: int = 7, invalid: int = 2) -> CountSheet:
    return CountSheet(issued, returned, invalid, {n: Tally(a) for n, a in enumerate(ayes, 1)})


def test_seven_returned_two_invalid_one_recused_five_is_accepted_and_six_refused() -> None:
    check_sheet(sheet(5, 5, 0), VOTE)

    for ayes, at in (((6, 0, 0), "1"), ((0, 6, 0), "2")):
        with pytest.raises(Refused, match="count.too_many") as refused:
            check_sheet(sheet(*ayes), VOTE)
        assert refused.value.facts["field"] == at


def test_a_recused_judge_bounds_her_line_also_where_no_slip_is_invalid() -> None:
    check_sheet(sheet(6, 7, 0, invalid=0), VOTE)

    with pytest.raises(Refused, match="count.too_many"):
        check_sheet(sheet(7, 0, 0, invalid=0), VOTE)


@pytest.mark.parametrize(
    ("counted", "code"),
    [
        (sheet(0, 0, 0, issued=8), "count.issued"),
        (sheet(0, 0, 0, returned=1, invalid=2), "count.invalid"),
        (sheet(0, 0), "count.candidates"),
        (sheet(4, 4, 4), "count.too_many_ticks"),
        (sheet(0, 0, -1), "count.negative"),
        (sheet(0, 0, 0, invalid=-1), "count.negative"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused(counted: CountSheet, code: str) -> None:
    with pytest.raises(Refused, match=code):
        check_sheet(counted, VOTE)


def test_more_returned_than_issued_voids_the_vote_and_is_no_mistake_of_the_sheet() -> None:
    counted = sheet(0, 0, 0, issued=6)

    check_sheet(counted, VOTE)
    assert is_void(counted)
    assert not is_void(sheet(0, 0, 0))


def test_three_answers_add_up_to_the_valid_slips_and_a_blank_line_is_an_abstention() -> None:
    vote = replace(VOTE, three=True)
    fits = CountSheet(7, 7, 2, {1: Tally(3, 1, 1), 2: Tally(5, 0, 0), 3: Tally(0, 0, 5)})

    check_sheet(fits, vote)
    for line, code in (
        (Tally(3, 1, 0), "count.sum"),
        (Tally(5, 1, 0), "count.too_many"),
        (Tally(5), "count.blank"),
    ):
        with pytest.raises(Refused, match=code):
            check_sheet(replace(fits, tallies={**fits.tallies, 1: line}), vote)


def test_two_keepers_who_differ_are_told_in_which_lines() -> None:
    assert differences(sheet(5, 4, 0), sheet(5, 4, 0)) == []
    assert differences(sheet(5, 4, 0), sheet(5, 3, 0, invalid=1)) == ["invalid", "2"]
    assert differences(sheet(5, 4, 0), sheet(5, 4)) == ["3"]


def test_quorum_of_seven_is_five_and_four_are_refused() -> None:
    assert [quorum(due) for due in (3, 5, 6, 7, 9)] == [2, 4, 4, 5, 6]
    check_quorum(due=7, present=5)
    with pytest.raises(Refused, match="ballot.no_quorum"):
        check_quorum(due=7, present=4)
    with pytest.raises(Refused, match="ballot.more_than_due"):
        check_quorum(due=7, present=8)


def test_bases_of_seven_six_and_five_need_four_four_and_three() -> None:
    assert [majority(base) for base in (7, 6, 5)] == [4, 4, 3]
    of = bases(MajorityBase.DUE, due=7, present=6, recused={2: 1, 3: 2}, candidates=(1, 2, 3))
    assert of == {1: 7, 2: 6, 3: 5}
    assert bases(MajorityBase.PRESENT, due=7, present=6, recused={}, candidates=(1,)) == {1: 6}


def test_ranks_go_by_share_and_not_by_votes() -> None:
    found = elected({1: 5, 2: 5, 3: 4}, {1: 7, 2: 5, 3: 5}, 2)

    assert found.elected == (2, 3)
    assert (found.tied, found.empty) == ((), 0)


def test_half_is_not_more_than_half() -> None:
    assert elected({1: 3, 2: 2}, {1: 6, 2: 4}, 1).elected == ()
    assert elected({1: 3, 2: 2}, {1: 6, 2: 4}, 1).empty == 1


def test_a_tie_for_the_last_seat_is_left_to_another_ballot() -> None:
    found = elected({1: 7, 2: 5, 3: 5, 4: 4}, dict.fromkeys(range(1, 5), 7), 2)

    assert (found.elected, found.tied, found.empty) == ((1,), (2, 3), 1)


def test_equal_shares_that_all_have_a_seat_are_no_tie() -> None:
    found = elected({1: 7, 2: 5, 3: 5}, dict.fromkeys(range(1, 4), 7), 3)

    assert (found.elected, found.tied, found.empty) == ((1, 2, 3), (), 0)


def test_nobody_can_be_elected_and_nobody_judged_whose_base_is_nobody() -> None:
    assert elected({1: 0, 2: 0}, {1: 0, 2: 7}, 2).elected == ()
