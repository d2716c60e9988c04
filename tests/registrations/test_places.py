"""Places: who is seated, who waits, whom a pool binds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eventreg.campaigns.rules import (
    Intake,
    PlaceApplicant,
    PoolFacts,
    PoolScope,
    SignUpWindow,
    check_changeable,
    check_open,
    has_ended_unseen,
    pools_at,
    pools_for,
)
from eventreg.core.errors import NotFound, Refused
from eventreg.registrations.rules import (
    Placement,
    RegistrationState,
    clean_text,
    masked_name,
    place_newcomer,
)
from tests.rig.cast import CLOSES, DAY, NOW

ADA = PlaceApplicant(1, "female", frozenset({1, 2, 5}))
BO = PlaceApplicant(2, "male", frozenset({1, 3}))


def total(capacity: int, taken: int) -> PoolFacts:
    return PoolFacts(1, PoolScope.TOTAL, capacity, taken)


def men(capacity: int, taken: int) -> PoolFacts:
    return PoolFacts(2, PoolScope.GENDER, capacity, taken, gender="male")


def unit(unit_id: int, capacity: int, taken: int) -> PoolFacts:
    return PoolFacts(3, PoolScope.UNIT, capacity, taken, unit_id=unit_id)


def test_a_free_place_goes_to_whoever_comes() -> None:
    assert place_newcomer(ADA, [total(30, 29)], waiting=0) == Placement(RegistrationState.SEATED, (1,))


def test_a_full_campaign_lets_wait() -> None:
    assert place_newcomer(ADA, [total(30, 30)], waiting=0) == Placement(RegistrationState.WAITING)


def test_nobody_passes_a_list_that_is_not_empty() -> None:
    assert place_newcomer(ADA, [total(30, 29)], waiting=1) == Placement(RegistrationState.WAITING)


def test_a_place_comes_from_every_pool_that_binds_or_from_none() -> None:
    assert place_newcomer(BO, [total(30, 3), men(10, 10)], waiting=0) == Placement(RegistrationState.WAITING)
    assert place_newcomer(BO, [total(30, 3), men(10, 9)], waiting=0) == Placement(
        RegistrationState.SEATED, (1, 2)
    )


def test_reserved_places_are_a_cap_on_everybody_else() -> None:
    ten_reserved = [total(30, 20), men(20, 20)]

    assert place_newcomer(ADA, ten_reserved, waiting=4).state is RegistrationState.SEATED
    assert place_newcomer(BO, ten_reserved, waiting=4).state is RegistrationState.WAITING


def test_a_units_pool_binds_the_people_below_it() -> None:
    assert [bool(pools_for(who, [unit(2, 5, 0)])) for who in (ADA, BO)] == [True, False]


def test_the_rest_are_the_people_of_no_unit_with_places_of_its_own() -> None:
    """Reserved places: ADA's unit has five of the twelve, and BO only competes for the other seven."""
    rest = PoolFacts(4, PoolScope.REST, 7, 7)
    pools = [total(12, 7), unit(2, 5, 0), rest]

    assert [pool.id for pool in pools_for(ADA, pools)] == [1, 3]
    assert [pool.id for pool in pools_for(BO, pools)] == [1, 4]
    assert place_newcomer(ADA, pools, waiting=1).state is RegistrationState.SEATED
    assert place_newcomer(BO, pools, waiting=1).state is RegistrationState.WAITING


def test_an_options_pool_binds_whoever_chose_it() -> None:
    bus = PoolFacts(5, PoolScope.OPTION, 1, 1, question_key="bus", option="a")
    rider = replace(ADA, options=frozenset({("bus", "a")}))
    other = replace(ADA, options=frozenset({("bus", "b"), ("lunch", "a")}))

    assert place_newcomer(rider, [total(30, 1), bus], waiting=0).state is RegistrationState.WAITING
    assert place_newcomer(other, [total(30, 1), bus], waiting=0).pools == (1,)


def test_a_pool_with_an_end_binds_until_that_instant() -> None:
    none_for_men = replace(men(0, 0), ends_at=CLOSES)
    pools = [total(30, 1), none_for_men]
    just_before = CLOSES - timedelta(microseconds=1)

    assert pools_at(pools, now=just_before) == tuple(pools)
    assert pools_at(pools, now=CLOSES) == (pools[0],)
    assert [has_ended_unseen(pools, now=at) for at in (just_before, CLOSES)] == [False, True]
    assert not has_ended_unseen([replace(none_for_men, lifted=True)], now=CLOSES)


def test_a_capacity_below_what_is_taken_has_nothing_free() -> None:
    assert total(10, 12).free == 0


def test_no_pool_at_all_seats_everybody() -> None:
    assert place_newcomer(ADA, [], waiting=0) == Placement(RegistrationState.SEATED)


def window(**changes: object) -> SignUpWindow:
    facts = {
        "published": True,
        "accepts": Intake.REGISTRATIONS,
        "opens_at": NOW,
        "closes_at": CLOSES,
        "begins_at": DAY,
    }
    return SignUpWindow(**(facts | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("second", [NOW, CLOSES - timedelta(seconds=1)])
def test_the_window_counts_its_first_second_and_not_its_last(second: object) -> None:
    check_open(window(), now=second)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "at", "code"),
    [
        ({}, NOW - timedelta(seconds=1), "registration.not_open_yet"),
        ({}, CLOSES, "registration.closed"),
        ({"accepts": Intake.NOMINATIONS}, NOW, "registration.not_taken_here"),
    ],
)
def test_a_closed_window_says_why(changes: dict[str, object], at: object, code: str) -> None:
    with pytest.raises(Refused, match=code):
        check_open(window(**changes), now=at)  # type: ignore[arg-type]


def test_the_window_of_a_draft_is_not_there() -> None:
    with pytest.raises(NotFound):
        check_open(window(published=False), now=NOW)


def test_answers_change_until_the_day_begins() -> None:
    check_changeable(window(), now=DAY - timedelta(seconds=1))
    with pytest.raises(Refused, match="registration.started"):
        check_changeable(window(), now=DAY)


def test_control_characters_are_dropped_and_line_ends_kept() -> None:
    assert clean_text(" a\x00b\r\nc\rd\x1b ") == "ab\nc\nd"
    assert clean_text("a\x0bb\u2028c") == "a\nb\nc"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王小芳", "王*芳"),
        ("王芳", "王*"),
        ("王", "*"),
        ("欧阳娜娜", "欧*娜"),
        ("买买提·阿不都热依木", "买*木"),
    ],
)
def test_a_name_is_shown_only_in_part(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("龚\ue863", "龚䶮"),
        ("张\ue000", "张\ue000"),
        ("⻘天", "青天"),
        ("a\u202eb\u200b", "ab"),
        ("　x", "x"),
    ],
)
def test_an_answer_has_the_usual_characters_and_loses_none(typed: str, stored: str) -> None:
    assert clean_text(typed) == stored
