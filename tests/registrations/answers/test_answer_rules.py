"""What an answer of each kind may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from eventreg.campaigns.inputs import NewQuestion
from eventreg.campaigns.question_kinds import (
    OptionInput,
    QuestionOption,
    check_bounds,
    check_options,
    coded,
    lines_of,
)
from eventreg.core.errors import Refused
from eventreg.registrations.answers.rules import CheckedAnswer, check_answer, json_answer

BUSES = (
    QuestionOption("o1", "1 号车"),
    QuestionOption("o2", "2 号车"),
    QuestionOption("o3", "自己去", gone=True),
)


def asked(kind: str, **more: Any) -> NewQuestion:
    return NewQuestion("q1", kind, "问题", "", **more)


def checked(kind: str, typed: str | Sequence[str], **more: Any) -> tuple[str, str]:
    """The stored value, or what was typed, and the code of what is wrong."""
    found = check_answer(asked(kind, **more), typed)
    return found.value, found.problem


@pytest.mark.parametrize("kind", ["text", "paragraph", "phone", "number", "date", "choice", "choices", "yes"])
def test_a_required_answer_is_missed_and_an_optional_one_is_not(kind: str) -> None:
    assert checked(kind, "  ", required=True) == ("", "answer.missing")
    assert checked(kind, "\u200b") == ("", "")
    assert checked(kind, []) == ("", "")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800138000", "13800138000"),
        (" +86 138-0013-8000 ", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("0086 13800138000", "13800138000"),
        ("\u202d13800138000\u202c", "13800138000"),
        ("8613800138000", "13800138000"),
        ("86 138 0013 8000", "13800138000"),
        ("13800138000。", "13800138000"),
        ("138·0013·8000", "13800138000"),
        ("138\ufe0f00138000\u2800", "13800138000"),
        ("tel:+86-138–0013－8000", "13800138000"),
        ("", ""),
    ],
)
def test_a_phone_number_is_forgiven_its_dress(typed: str, kept: str) -> None:
    found = check_answer(asked("phone"), typed)

    assert (found.value, found.problem) == (kept, "")


@pytest.mark.parametrize(
    ("typed", "problem", "digits"),
    [
        ("1380013800", "answer.phone_short", 10),
        ("138001380001", "answer.phone_long", 12),
        ("23800138000", "answer.phone_mobile", 0),
        ("1380013800x", "answer.phone_digits", 0),
        ("①②③", "answer.phone_digits", 0),
    ],
)
def test_a_wrong_phone_number_says_what_is_wrong(typed: str, problem: str, digits: int) -> None:
    found = check_answer(asked("phone"), typed)

    assert (found.problem, found.facts.get("digits", 0), found.value) == (problem, digits, typed)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("2", ("2", "")),
        ("０12", ("12", "")),
        ("2.5", ("2.5", "answer.number_form")),
        ("-1", ("-1", "answer.number_form")),
        ("两个", ("两个", "answer.number_form")),
        ("9999999999", ("9999999999", "answer.number_form")),
        ("6", ("6", "answer.number_range")),
        ("0", ("0", "answer.number_range")),
    ],
)
def test_a_number_is_whole_and_within_its_bounds(typed: str, found: tuple[str, str]) -> None:
    assert checked("number", typed, least=1, most=20 if typed in {"０12"} else 5) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("2027-03-04", ("2027-03-04", "")),
        ("2027/3/4", ("2027-03-04", "")),
        ("2027-03-01", ("2027-03-01", "answer.date_range")),
        ("2027-03-09", ("2027-03-09", "answer.date_range")),
        ("2027-02-30", ("2027-02-30", "answer.date_form")),
        ("明天", ("明天", "answer.date_form")),
    ],
)
def test_a_day_is_a_day_within_its_bounds(typed: str, found: tuple[str, str]) -> None:
    assert checked("date", typed, least=20270302, most=20270308) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("o2", ("o2", "")),
        ("o9", ("", "answer.no_such_option")),
        ("o3", ("", "answer.no_such_option")),
        ("1 号车", ("", "answer.no_such_option")),
        (["o1", "o2"], ("o1 o2", "answer.one_option")),
    ],
)
def test_a_choice_is_one_of_the_options_offered(typed: str | list[str], found: tuple[str, str]) -> None:
    assert checked("choice", typed, options=BUSES) == found


def test_several_options_are_stored_in_the_order_of_the_options() -> None:
    assert checked("choices", ["o2", "o1"], options=BUSES) == ("o1 o2", "")
    assert checked("choices", ["o2"], options=BUSES, least=2) == ("o2", "answer.options_few")
    assert checked("choices", ["o1", "o2"], options=BUSES, most=1) == ("o1 o2", "answer.options_many")


def test_yes_and_no() -> None:
    assert [checked("yes", typed) for typed in ("yes", "no", "y")] == [
        ("yes", ""), ("no", ""), ("y", "answer.yes_or_no"),
    ]  # fmt: skip


def test_a_text_has_one_line_and_a_paragraph_has_several() -> None:
    assert checked("text", "两件\n大号") == ("两件 大号", "")
    assert checked("paragraph", "两件\r\n大号") == ("两件\n大号", "")
    assert checked("text", "字" * 101) == ("字" * 101, "answer.too_long")
    assert check_answer(asked("paragraph"), "字" * 501) == CheckedAnswer(
        "字" * 501, "answer.too_long", {"most": 500, "length": 501}
    )
    assert checked("paragraph", "字" * 501, most=600)[1] == ""
    assert checked("text", "短", least=2) == ("短", "answer.too_short")


def test_programs_read_what_they_send() -> None:
    told = [
        json_answer(*pair)
        for pair in (("number", "3"), ("yes", "no"), ("choices", "o1 o2"), ("choice", "o1"))
    ]
    assert told == [3, False, ["o1", "o2"], "o1"]


def test_codes_stay_with_their_options_and_are_never_used_again() -> None:
    first = coded([OptionInput("1 号车"), OptionInput("2 号车")], (), held=frozenset())
    better = coded(
        [OptionInput("南门 1 号车", code="o1"), OptionInput("3 号车")], first, held=frozenset({"o2"})
    )

    assert [(o.code, o.label, o.gone) for o in better] == [
        ("o1", "南门 1 号车", False), ("o3", "3 号车", False), ("o2", "2 号车", True),
    ]  # fmt: skip


def test_options_are_typed_one_a_line_with_places_behind_a_bar() -> None:
    assert lines_of("1 号车|20\n\n2 号车｜ 20\n 自己去\n3 号车\t5", places_most=100) == (
        OptionInput("1 号车", 20), OptionInput("2 号车", 20), OptionInput("自己去"), OptionInput("3 号车", 5),
    )  # fmt: skip
    with pytest.raises(Refused, match="plan.option_places"):
        lines_of("1 号车|很多", places_most=100)


@pytest.mark.parametrize(
    ("labels", "code"),
    [
        (["一"], "plan.options_few"),
        (["一", "一"], "plan.option_twice"),
        (["一", "字" * 61], "plan.option_long"),
        ([str(n) for n in range(31)], "plan.options_many"),
    ],
)
def test_options_that_do_not_fit_are_refused_where_they_were_typed(labels: list[str], code: str) -> None:
    with pytest.raises(Refused, match=code) as refused:
        check_options("choice", [OptionInput(label) for label in labels])

    assert refused.value.facts["field"] == "more"


def test_sixty_characters_fit_and_a_text_needs_no_options() -> None:
    check_options("choices", [OptionInput("字" * 60), OptionInput("二")])
    check_options("text", [])


def test_bounds_do_not_cross() -> None:
    with pytest.raises(Refused, match="plan.bounds_crossed"):
        check_bounds("number", 5, 4, options=0)
    with pytest.raises(Refused, match="plan.bound_above_options"):
        check_bounds("choices", None, 3, options=2)
