"""Answers of every kind by programs: option codes, numbers, true and false; and the places of options."""

from __future__ import annotations

import pytest
from flask import Flask

from eventreg.campaigns.plan.questions import QuestionInput
from eventreg.campaigns.question_kinds import OptionInput
from eventreg.core.clock import utc_now
from eventreg.registrations import answered_questions
from tests.rig.plans import do

from .program import Program

CAMPAIGN, REGISTRATIONS = "/api/v1/campaigns/outing", "/api/v1/campaigns/outing/registrations"


@pytest.fixture
def keys(app: Flask, program: Program) -> dict[str, str]:
    """One question of each kind that is no text; their keys by label."""
    asked = (
        QuestionInput(
            "choice", "坐几号车", "", False, "排座位", (OptionInput("1 号车", 1), OptionInput("自己去"))
        ),
        QuestionInput("choices", "项目", "", False, options=(OptionInput("跳绳"), OptionInput("拔河"))),
        QuestionInput("number", "带几人", "", False, least=0, most=3),
        QuestionInput("date", "哪天到", "", False, least=20270301),
        QuestionInput("yes", "坐车", "", False),
    )
    for question in asked:
        do(app, "outing", answered_questions.add, question, now=utc_now())
    found = program.ask("GET", CAMPAIGN).get_json()["questions"]
    return {question["label"]: question["key"] for question in found}


def given(keys: dict[str, str], **more: object) -> dict[str, object]:
    whole = {
        "坐几号车": "o1",
        "项目": ["o2", "o1"],
        "带几人": 2,
        "哪天到": "2027-03-04",
        "坐车": False,
    } | more
    return {keys[label]: value for label, value in whole.items()}


def test_a_campaign_tells_options_bounds_and_places(
    app: Flask, program: Program, keys: dict[str, str]
) -> None:
    told = {q["label"]: q for q in program.ask("GET", CAMPAIGN).get_json()["questions"]}

    assert told["坐几号车"]["options"] == [
        {"code": "o1", "label": "1 号车", "capacity": 1, "free": 1},
        {"code": "o2", "label": "自己去", "capacity": None, "free": None},
    ]
    assert told["坐几号车"]["purpose"] == "排座位"
    assert [told["带几人"][bound] for bound in ("least", "most")] == [0, 3]
    assert [told["哪天到"][bound] for bound in ("least", "most")] == ["2027-03-01", None]


def test_answers_are_read_as_they_were_sent(program: Program, keys: dict[str, str]) -> None:
    answer = program.ask("POST", REGISTRATIONS, {"staff_no": "A1", "answers": given(keys)})

    assert (answer.status_code, answer.get_json()["state"]) == (201, "seated")
    line = program.ask("GET", REGISTRATIONS).get_json()["items"][0]
    assert line["answers"] == given(keys, 项目=["o1", "o2"])


def test_a_full_option_leads_to_the_waiting_list(program: Program, keys: dict[str, str]) -> None:
    states = [
        program.ask("POST", REGISTRATIONS, {"staff_no": who, "answers": given(keys)}).get_json()["state"]
        for who in ("A1", "B2")
    ]

    assert states == ["seated", "waiting"]
    told = program.ask("GET", CAMPAIGN).get_json()["questions"]
    assert next(q for q in told if q["label"] == "坐几号车")["options"][0]["free"] == 0


@pytest.mark.parametrize(
    ("label", "value", "code"),
    [
        ("坐几号车", "o9", "answer.no_such_option"),
        ("坐几号车", ["o1"], "request.wrong_type"),
        ("项目", 1, "request.wrong_type"),
        ("带几人", 4, "answer.number_range"),
        ("带几人", True, "request.wrong_type"),
        ("带几人", 1.5, "request.wrong_type"),
        ("哪天到", "2027-02-28", "answer.date_range"),
        ("坐车", 1, "request.wrong_type"),
        ("坐车", None, "request.wrong_type"),
    ],
)
def test_what_does_not_fit_is_said_at_its_question(
    program: Program, keys: dict[str, str], label: str, value: object, code: str
) -> None:
    body = {"staff_no": "A1", "answers": given(keys, **{label: value})}
    answer = program.ask("POST", REGISTRATIONS, body)

    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["field"] == f"answers.{keys[label]}"
    assert answer.get_json()["errors"][0]["code"] == code
