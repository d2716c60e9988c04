"""An award's rules: the deadline as one instant, what a submission has to hold, which versions stay."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from eventreg.campaigns.rules import Intake, SignUpWindow
from eventreg.core.errors import Refused
from eventreg.nominations.completeness import lacks
from eventreg.nominations.rules import (
    CATALOGUE,
    CONDITIONS,
    DEFAULT_FIELDS,
    NominationContent,
    Nominee,
    Terms,
    TextMeasure,
    check_nominee,
    check_open,
    few_places,
)
from eventreg.nominations.version_pruning import versions_to_prune
from eventreg.nominations.wordcount import count
from tests.rig.awards import written

CHINA = ZoneInfo("Asia/Shanghai")
CLOSES = datetime(2027, 2, 26, 16, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TODAY = date(2027, 2, 20)


def wrong(content: NominationContent, asks: Terms) -> dict[str, str]:
    """What is lacking: field → code."""
    short = count(content.says("short"))
    found = lacks(content, asks, deeds=count(content.deeds), short=short, today=TODAY)
    return {lack.at: lack.code for lack in found}


@pytest.mark.parametrize(
    ("at", "extended", "open_"),
    [
        (CLOSES - SECOND, None, True),
        (CLOSES, None, False),
        (CLOSES, CLOSES + 2 * SECOND, True),
        (CLOSES + 2 * SECOND, CLOSES + 2 * SECOND, False),
    ],
)
def test_the_deadline_itself_is_too_late(at: datetime, extended: datetime | None, open_: bool) -> None:
    window = SignUpWindow(True, Intake.NOMINATIONS, CLOSES - timedelta(days=9), CLOSES, CLOSES)
    try:
        check_open(window, extended, now=at)
        found = True
    except Refused:
        found = False

    assert found is open_


def test_what_is_sensitive_is_off_by_default() -> None:
    assert {key for key, asked in CATALOGUE.items() if asked.sensitive} == {
        "ethnicity", "native_place", "political_status", "id_number",
    }  # fmt: skip
    assert [key for key in DEFAULT_FIELDS if CATALOGUE[key].sensitive] == []


@pytest.mark.parametrize(("length", "code"), [(999, "nomination.too_short"), (3001, "nomination.too_long")])
def test_the_deeds_text_is_neither_short_nor_long(length: int, code: str) -> None:
    assert (wrong(written(length), Terms()), wrong(written(1000), Terms())) == ({"deeds": code}, {})


def test_the_figure_that_is_tested_is_the_organiser_s() -> None:
    content = NominationContent(written().answers, CONDITIONS, "字，" * 500)

    assert wrong(content, Terms(counted=TextMeasure.ZISHU)) == {}
    assert wrong(content, Terms(counted=TextMeasure.HAN)) == {"deeds": "nomination.too_short"}


def test_an_empty_draft_lacks_all_that_is_asked() -> None:
    assert wrong(NominationContent(), Terms()) == {
        "post": "typed.missing",
        "since": "typed.missing",
        "ticked": "nomination.conditions",
        "way": "nomination.way",
        "chosen_on": "typed.missing",
        "present": "typed.missing",
        "short": "typed.missing",
        "deeds": "nomination.too_short",
    }


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"chosen_on": "2027-02-21"}, {"chosen_on": "nomination.chosen_later"}),
        ({"present": "几个"}, {"present": "typed.not_a_number"}),
        ({"short": "字" * 201}, {"short": "nomination.too_long"}),
        ({"post": "字" * 61}, {"post": "typed.too_long"}),
    ],
)
def test_each_answer_is_held_to_its_own_rule(answers: dict[str, str], expected: dict[str, str]) -> None:
    assert wrong(written(1000, **answers), Terms()) == expected


def test_an_id_number_has_eighteen_digits() -> None:
    asks = Terms(fields={"id_number": "发奖金时核对"})

    assert wrong(written(id_number="11010519491231002"), asks) == {"id_number": "nomination.id_form"}
    assert wrong(written(id_number="11010519491231002X"), asks) == {}


@pytest.mark.parametrize(
    ("nominee", "code"),
    [
        (Nominee(female=True, employed=False, unit_id=1), "nomination.left"),
        (Nominee(female=True, employed=True, unit_id=9), "nomination.elsewhere"),
        (Nominee(female=False, employed=True, unit_id=1), "nomination.for_women"),
    ],
)
def test_a_nominee_is_a_woman_in_service_of_the_department(nominee: Nominee, code: str) -> None:
    with pytest.raises(Refused, match=code):
        check_nominee(nominee, Terms(), unit_ids={1, 2})


def test_ten_places_for_ten_seats_are_no_choice() -> None:
    assert [few_places(total, 10) for total in (10, 11, 12)] == [True, False, False]


def test_an_afternoon_of_autosaves_is_thinned_and_its_ends_stay() -> None:
    start = datetime(2027, 2, 20, 1, tzinfo=UTC)
    saved = [(n, start + n * timedelta(seconds=10)) for n in range(1, 721)]

    gone = versions_to_prune(saved, keep={1}, now=start + timedelta(hours=2))

    left = [n for n, _at in saved if n not in gone]
    assert (left[0], left[-20:], len(left)) == (1, list(range(701, 721)), 32)
