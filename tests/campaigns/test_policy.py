"""The admission policies as pools, and what an organiser may type: pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from eventreg.campaigns.inputs import NewPool
from eventreg.campaigns.policy import (
    AdmissionTerms,
    Allotment,
    Policy,
    admission_of,
    check_kept_promise,
    check_until,
    nested,
    pools_of_policy,
)
from eventreg.campaigns.rules import Intake, PoolFacts, PoolScope, SignUpWindow
from eventreg.core.errors import Refused
from tests.rig.cast import CLOSES, DAY, NOW

T = CLOSES - timedelta(days=2)
UNITS = {7: Allotment(8), 9: Allotment(2, "新成立")}
COMPLETE = [
    AdmissionTerms(Policy.FIRST_COME, 30),
    AdmissionTerms(Policy.FIRST_COME, None),
    AdmissionTerms(Policy.WOMEN_FIRST, 30, until=T),
    AdmissionTerms(Policy.KEPT_FOR_WOMEN, 30, kept=10, until=T),
    AdmissionTerms(Policy.ALLOTTED, 20, until=T, units={7: Allotment(8), 9: Allotment(2)}),
    AdmissionTerms(Policy.CEILINGS, 20, units={7: Allotment(8)}),
    AdmissionTerms(Policy.CEILINGS, 20, kept=5),
    AdmissionTerms(Policy.CEILINGS, None, units={7: Allotment(8)}),
]


def as_facts(bounds: list[NewPool]) -> list[PoolFacts]:
    return [
        PoolFacts(n, b.scope, b.capacity, 0, b.unit_id, b.gender, ends_at=b.ends_at)
        for n, b in enumerate(bounds, 1)
    ]


@pytest.mark.parametrize("wanted", COMPLETE, ids=lambda a: f"{a.policy}-{a.total}-{a.kept}")
def test_the_pools_say_which_policy_they_carry_out(wanted: AdmissionTerms) -> None:
    assert admission_of(as_facts(pools_of_policy(wanted))) == wanted


def test_an_allotment_reserves_by_bounding_the_rest() -> None:
    bounds = pools_of_policy(AdmissionTerms(Policy.ALLOTTED, 20, until=T, units=UNITS))

    assert [(b.scope, b.unit_id, b.capacity, b.ends_at, b.reason) for b in bounds] == [
        (PoolScope.TOTAL, None, 20, None, None),
        (PoolScope.UNIT, 7, 8, T, None),
        (PoolScope.UNIT, 9, 2, T, "新成立"),
        (PoolScope.REST, None, 10, T, None),
    ]


def test_a_ceiling_never_ends_and_reserves_nothing() -> None:
    bounds = pools_of_policy(AdmissionTerms(Policy.CEILINGS, 20, until=T, units=UNITS))

    assert [b.ends_at for b in bounds] == [None, None, None]
    assert PoolScope.REST not in {b.scope for b in bounds}


@pytest.mark.parametrize(
    ("wanted", "code", "field"),
    [
        (AdmissionTerms(Policy.WOMEN_FIRST, None, until=T), "plan.places_missing", "capacity"),
        (AdmissionTerms(Policy.WOMEN_FIRST, 30), "plan.turn_missing", "until"),
        (AdmissionTerms(Policy.KEPT_FOR_WOMEN, 30, until=T), "plan.kept_missing", "kept"),
        (AdmissionTerms(Policy.KEPT_FOR_WOMEN, 30, kept=31, until=T), "plan.reserved_too_many", "kept"),
        (AdmissionTerms(Policy.KEPT_FOR_WOMEN, 30, kept=30, until=T), "plan.kept_all", "kept"),
        (AdmissionTerms(Policy.CEILINGS, None, kept=3), "plan.reserved_without_total", "kept"),
        (AdmissionTerms(Policy.ALLOTTED, 30, until=T), "plan.units_missing", "unit_0"),
        (AdmissionTerms(Policy.ALLOTTED, 9, until=T, units=UNITS), "plan.allotted_too_many", "capacity"),
    ],
)
def test_what_is_missing_or_too_much_is_said_at_its_field(
    wanted: AdmissionTerms, code: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        pools_of_policy(wanted)

    assert (refused.value.code, refused.value.facts["field"]) == (code, field)


def test_all_places_may_be_allotted_and_none_left_for_the_rest() -> None:
    bounds = pools_of_policy(AdmissionTerms(Policy.ALLOTTED, 10, until=T, units=UNITS))

    assert bounds[-1] == NewPool(PoolScope.REST, 0, ends_at=T)


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (NOW, "plan.until_past"),
        (NOW + timedelta(minutes=30), "plan.until_before_opening"),
        (DAY - timedelta(hours=24) + timedelta(seconds=1), "plan.until_too_late"),
        (DAY, "plan.until_too_late"),
    ],
)
def test_the_end_lies_where_people_can_still_be_told(until: Any, code: str) -> None:
    window = SignUpWindow(False, Intake.REGISTRATIONS, NOW + timedelta(hours=1), CLOSES, DAY)

    with pytest.raises(Refused, match=code):
        check_until(until, window, now=NOW)
    check_until(DAY - timedelta(hours=24), window, now=NOW)
    check_until(None, window, now=NOW)


def test_what_people_signed_up_under_stays() -> None:
    first_come, shown, ceilings = COMPLETE[0], COMPLETE[2], COMPLETE[5]
    later = AdmissionTerms(Policy.WOMEN_FIRST, 40, until=T + timedelta(hours=1))

    for before, wanted in ((shown, first_come), (first_come, shown), (ceilings, shown)):
        with pytest.raises(Refused, match=r"plan\.policy_fixed"):
            check_kept_promise(before, wanted)
    with pytest.raises(Refused, match=r"plan\.until_fixed"):
        check_kept_promise(shown, later)
    check_kept_promise(shown, AdmissionTerms(Policy.WOMEN_FIRST, 40, until=T))
    check_kept_promise(first_come, ceilings)


def test_units_under_each_other_are_found() -> None:
    chains = {1: [1], 5: [5, 1], 7: [7, 5, 1], 8: [8, 1]}

    assert [nested(chosen, chains) for chosen in ([5, 8], [5, 7], [1, 8])] == [None, 7, 8]
