"""What HR looks at, and how the nominated are distributed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eventreg.core.errors import Refused
from eventreg.nominations.rules import CONDITIONS
from eventreg.nominations.screening.rules import (
    CheckStatus,
    ConsentState,
    GroupDimension,
    LimitStatus,
    ReportNominee,
    ScreeningCase,
    StructureLimitFacts,
    SubmissionMarks,
    band,
    bars,
    check_accepted,
    check_limit,
    checks,
    groups,
    is_safe,
)

ALL = SubmissionMarks(signed=True, judges=ConsentState.GIVEN, notice=ConsentState.GIVEN, received=3)
CASE = ScreeningCase(
    handed_in=3,
    employed=True,
    female=True,
    women_only=True,
    in_unit=True,
    lacks=0,
    twins=0,
    filled=1,
    places=2,
    marks=ALL,
)


def standing(case: ScreeningCase) -> dict[str, CheckStatus]:
    """What is not fine."""
    return {c.code: c.standing for c in checks(case) if c.standing is not CheckStatus.FINE}


def test_a_complete_one_is_fine_and_safe_to_be_accepted_unopened() -> None:
    assert standing(CASE) == {}
    assert is_safe(checks(CASE)) is True
    check_accepted(checks(CASE), ticked=CONDITIONS, reason="")


@pytest.mark.parametrize(
    ("case", "found"),
    [
        (replace(CASE, employed=False), {"service": CheckStatus.BLOCKED}),
        (replace(CASE, in_unit=False), {"service": CheckStatus.BLOCKED}),
        (replace(CASE, female=False), {"women": CheckStatus.BLOCKED}),
        (replace(CASE, female=False, women_only=False), {}),
        (replace(CASE, lacks=2), {"holds": CheckStatus.BLOCKED}),
        (replace(CASE, twins=1), {"twins": CheckStatus.OPEN}),
        (replace(CASE, filled=3), {"quota": CheckStatus.OPEN}),
        (replace(CASE, marks=replace(ALL, signed=False)), {"signature": CheckStatus.BLOCKED}),
        (replace(CASE, marks=replace(ALL, judges=ConsentState.NONE)), {"judges": CheckStatus.OPEN}),
        (replace(CASE, marks=replace(ALL, notice=ConsentState.DECLINED)), {"notice": CheckStatus.BLOCKED}),
        (replace(CASE, marks=replace(ALL, received=None)), {"paper": CheckStatus.OPEN}),
        (replace(CASE, marks=replace(ALL, received=2)), {"paper": CheckStatus.OPEN}),
    ],
)
def test_what_is_missing_is_open_or_in_the_way(case: ScreeningCase, found: dict[str, CheckStatus]) -> None:
    assert (standing(case), is_safe(checks(case))) == (found, not found)


def test_what_is_open_needs_a_remark_and_what_is_in_the_way_keeps_her_out() -> None:
    open_, blocked = replace(CASE, twins=1), replace(CASE, lacks=1)

    for case, ticked, reason, code in [
        (open_, CONDITIONS, "", "acceptance.open"),
        (blocked, CONDITIONS, "领导同意", "acceptance.blocked"),
        (CASE, CONDITIONS[:4], "", "nomination.conditions"),
    ]:
        with pytest.raises(Refused, match=code):
            check_accepted(checks(case), ticked=ticked, reason=reason)
    check_accepted(checks(open_), ticked=CONDITIONS, reason="去年也是她，没有得奖")


@pytest.mark.parametrize(
    ("born", "code"),
    [
        ("1992年3月", "to35"),
        ("1991-12", "to45"),
        ("1982", "to45"),
        ("1981.1", "to55"),
        ("1971", "from56"),
        ("", "unknown"),
        ("三十五", "unknown"),
        ("2030", "unknown"),
    ],
)
def test_the_age_band_is_that_of_the_year(born: str, code: str) -> None:
    assert band(born, year=2027) == code


COUNTED = [
    ReportNominee(1, "班长", "1990", True),
    ReportNominee(1, "部门经理", "1975", True),
    ReportNominee(2, "收费员", "", False),
]


def test_groups_tell_how_many_are_nominated_and_how_many_candidates() -> None:
    assert groups(COUNTED, GroupDimension.UNIT, year=2027) == [("1", 2, 2), ("2", 1, 0)]
    assert groups(COUNTED, GroupDimension.AGE, year=2027) == [
        ("to45", 1, 1),
        ("to55", 1, 1),
        ("unknown", 1, 0),
    ]


def test_a_limit_counts_the_candidates_and_all_nominated_while_there_are_none() -> None:
    managers, teams = (
        StructureLimitFacts(GroupDimension.POST, "经理", True, 40),
        StructureLimitFacts(GroupDimension.UNIT, "1", False, 60),
    )

    assert bars(COUNTED, [managers, teams], year=2027) == [
        LimitStatus(managers, 1, 2, False),
        LimitStatus(teams, 2, 2, True),
    ]
    assert bars([replace(one, candidate=False) for one in COUNTED], [managers], year=2027) == [
        LimitStatus(managers, 1, 3, True)
    ]
    assert bars([], [managers, teams], year=2027) == [
        LimitStatus(managers, 0, 0, True),
        LimitStatus(teams, 0, 0, True),
    ]


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        (StructureLimitFacts(GroupDimension.POST, "", True, 20), "typed.missing"),
        (StructureLimitFacts(GroupDimension.AGE, "to35", True, 100), "typed.out"),
    ],
)
def test_a_limit_says_of_whom_and_how_much(limit: StructureLimitFacts, code: str) -> None:
    with pytest.raises(Refused, match=code):
        check_limit(limit)
