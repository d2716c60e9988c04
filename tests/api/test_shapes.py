"""The contract, word by word: what is asked for, what is answered, what is written."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.core.db.session import db
from eventreg.core.trail.audit import AuditEntry
from eventreg.registrations import reading, tickets
from eventreg.registrations.models import Registration
from tests.rig import sight
from tests.rig.cast import Stage

from .program import REGISTRATIONS, Program

ZONED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+\d\d:\d\d")


def test_a_registration_is_answered_with_its_ticket(app: Flask, program: Program) -> None:
    answer = program.register("A1")
    body = answer.get_json()
    token = body["ticket"]["token"]

    assert (answer.status_code, answer.content_type) == (201, "application/json")
    assert body == {
        "id": body["id"],
        "state": "seated",
        "arrival": 1,
        "position": None,
        "ticket": {"token": token, "url": f"http://localhost/t/{token}"},
        "confirm_by": None,
        "confirmed_at": None,
    }
    with app.app_context():
        assert tickets.find_registration(token) == body["id"]


def test_a_letter_under_too_many_marks_is_refused_at_its_field(program: Program) -> None:
    answers = {"phone": "13800138000", "remark": "e" + "\u0301" * 9}
    answer = program.ask("POST", REGISTRATIONS, {"staff_no": "A1", "answers": answers})
    body = answer.get_json()

    assert (answer.status_code, body["code"]) == (422, "typed.marks")
    assert [(one["field"], one["code"]) for one in body["errors"]] == [("answers.remark", "typed.marks")]
    assert "more than 8 stacked marks" in body["detail"]


def test_answers_may_be_left_out(program: Program) -> None:
    assert program.ask("POST", REGISTRATIONS, {"staff_no": "A1"}).status_code == 201


def test_behind_the_last_place_there_is_a_position_and_no_ticket(program: Program) -> None:
    for who in ("A1", "B2", "C3"):
        program.register(who)

    body = program.register("D4").get_json()

    nothing = {"ticket": None, "confirm_by": None, "confirmed_at": None}
    assert body == {"id": body["id"], "state": "waiting", "arrival": 4, "position": 2, **nothing}


def test_source_token_and_time_of_receipt_are_recorded_and_change_no_order(
    app: Flask, program: Program
) -> None:
    program.register("A1")
    answer = program.register("B2", received_at="2026-01-05T09:00:00+08:00")
    with app.app_context():
        row = db.session.scalars(select(Registration).where(Registration.arrival == 2)).one()
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "registration.registered")
        ).all()[-1]

    assert answer.get_json()["arrival"] == 2
    assert (row.source, row.consented_at, row.received_at) == (
        "api",
        None,
        datetime(2026, 1, 5, 1, tzinfo=UTC),
    )
    assert entry.by.startswith("token:")
    assert entry.facts["source"] == "api"


def test_answers_go_in_by_question_key(app: Flask, program: Program) -> None:
    answer = program.register("a1", answers={"phone": "+86 138 0013 8000", "remark": "素食"})
    with app.app_context():
        kept = reading.answers_of(answer.get_json()["id"])

    assert kept == {"phone": "13800138000", "remark": "素食"}


def test_somebody_registered_already_is_answered_200_with_the_same_shape(
    app: Flask, program: Program
) -> None:
    first, second = program.register("A1"), program.register("A1", answers={"remark": "x"})

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json() == second.get_json()
    assert sight.count(app, Registration) == 1


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"staff_no": "Z9", "answers": {}}, "people.unknown_staff_no", "staff_no"),
        ({"staff_no": "A1\n", "answers": {}}, "people.staff_no_form", "staff_no"),
        ({"staff_no": 1, "answers": {}}, "request.wrong_type", "staff_no"),
        ({"answers": {}}, "request.missing", "staff_no"),
        ({"staff_no": "A1", "answers": {"shoe": "41"}}, "answer.unknown_question", "answers.shoe"),
        ({"staff_no": "A1", "answers": {"phone": "123"}}, "answer.phone_short", "answers.phone"),
        ({"staff_no": "A1", "answers": {"phone": 1}}, "request.wrong_type", "answers.phone"),
        ({"staff_no": "A1", "answers": {}, "by": "me"}, "request.unknown_field", "by"),
        (
            {"staff_no": "A1", "answers": {}, "received_at": "2027-01-05T09:00:00"},
            "request.time_form",
            "received_at",
        ),
        (
            {"staff_no": "A1", "answers": {}, "received_at": "0001-01-01T00:00:00+23:59"},
            "request.time_form",
            "received_at",
        ),
        (["A1"], "request.wrong_type", ""),
    ],
)
def test_what_cannot_be_taken_is_422_and_names_the_field(
    app: Flask, program: Program, body: object, code: str, field: str
) -> None:
    answer = program.ask("POST", REGISTRATIONS, body)
    told = answer.get_json(force=True)

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert (told["status"], told["code"], [e["field"] for e in told["errors"]]) == (422, code, [field])
    assert all(told[word] for word in ("type", "title", "detail"))
    assert sight.count(app, Registration) == 0


def test_somebody_who_left_is_422(app: Flask, stage: Stage, program: Program) -> None:
    sight.leave(app, stage.people["A1"])
    answer = program.register("A1")

    assert (answer.status_code, answer.get_json(force=True)["code"]) == (422, "registration.left")


def test_withdrawal_is_204_as_often_as_it_is_asked_for(app: Flask, program: Program) -> None:
    ids = [program.register(who).get_json()["id"] for who in ("A1", "B2", "C3")]

    answers = [program.withdraw(ids[0]) for _ in range(2)]

    assert [(a.status_code, a.data) for a in answers] == [(204, b""), (204, b"")]
    assert sight.places(app) == {"A1": "withdrawn", "B2": "seated", "C3": "seated"}
    assert [program.withdraw(id_).status_code for id_ in (999_999, 2**40)] == [404, 404]


def test_a_campaign_shows_its_places_and_times_with_their_zone(program: Program) -> None:
    for who in ("A1", "B2", "C3"):
        program.register(who)

    listed, one = program.get("/api/v1/campaigns"), program.get("/api/v1/campaigns/outing")
    body = one.get_json()

    assert listed.get_json() == {"items": [body]}
    assert {name: body[name] for name in ("slug", "capacity", "taken", "free", "waiting", "accepts")} == {
        "slug": "outing",
        "capacity": 2,
        "taken": 2,
        "free": 0,
        "waiting": 1,
        "accepts": "registrations",
    }
    assert body["title"] == "踏春嘉年华、健康伴我行"
    assert [a["kind"] for a in body["activities"]] == ["hike", "contest"]
    times = [body["opens_at"], body["closes_at"]]
    times += [a[when] for a in body["activities"] for when in ("starts_at", "ends_at")]
    assert [bool(ZONED.fullmatch(at)) for at in times] == [True] * 6
    assert program.get("/api/v1/campaigns/nowhere").status_code == 404
