"""What a submission lacks about how the department chose, and about numbers that do not belong into a public text."""

from __future__ import annotations

from datetime import date

import pytest

from eventreg.nominations.completeness import is_personal, lacks
from eventreg.nominations.rules import Terms
from eventreg.nominations.wordcount import count
from eventreg.reports import department_choice
from tests.rig.awards import written

TODAY = date(2027, 2, 20)


def wrong(**answers: str) -> dict[str, str]:
    """Field → code of what is lacking."""
    content = written(1000, **answers)
    found = lacks(
        content, Terms(), deeds=count(content.deeds), short=count(content.says("short")), today=TODAY
    )
    return {lack.at: lack.code for lack in found}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, {}),
        ({"way": "other"}, {"way_other": "typed.missing"}),
        ({"way": "other", "way_other": "党支部研究"}, {}),
        ({"way": "other", "way_other": "字" * 61}, {"way_other": "typed.too_long"}),
        ({"due": "12", "present": "9"}, {}),
        ({"due": "8", "present": "9"}, {"due": "nomination.more_than_due"}),
        ({"due": "几个"}, {"due": "typed.not_a_number"}),
        ({"notice_from": "2027-02-11", "notice_to": "2027-02-17", "notice_result": "无异议"}, {}),
        ({"notice_from": "2027-02-11", "notice_to": "2027-02-10"}, {"notice_to": "stage.ends_first"}),
        ({"notice_from": "上周"}, {"notice_from": "typed.day_form"}),
        ({"short": "联系 13800138000"}, {"short": "nomination.personal"}),
        ({"short": "11010519491231002X"}, {"short": "nomination.personal"}),
        ({"short": "1990年3月出生，班长"}, {"short": "nomination.personal"}),
        ({"short": "2019 年抢修 138 次"}, {}),
    ],
)
def test_what_is_lacking(answers: dict[str, str], expected: dict[str, str]) -> None:
    assert wrong(**answers) == expected


def test_a_number_in_the_deeds_is_pointed_out_and_not_refused() -> None:
    content = written(1000)

    assert is_personal(content.deeds + "热线 95598 转 13800138000")
    assert not is_personal(content.deeds)


def test_the_choice_is_told_in_words() -> None:
    told = written(
        1000,
        way="other",
        way_other="党支部研究",
        due="12",
        present="9",
        notice_from="2027-02-11",
        notice_to="2027-02-17",
        notice_result="无异议",
    )

    assert "党支部研究" in department_choice.way_chosen(told)
    assert department_choice.own_notice(written(1000)) == ""
    assert department_choice.attendance(written(1000)) == "9"
