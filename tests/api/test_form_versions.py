"""Programs and the words of a form: an optional version, times of receipt, and fields that are given twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.campaigns.models import Campaign, Question
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from tests.rig import sight

from .program import REGISTRATIONS, Program

CAMPAIGN = "/api/v1/campaigns/outing"


def reword(app: Flask) -> None:
    """The remark asks about something else; nobody has answered it."""
    with app.app_context(), unit_of_work():
        db.session.scalars(select(Question).where(Question.key == "remark")).one().label = "是否自驾？"
        db.session.scalars(select(Campaign)).one().version += 1


def test_a_version_of_the_form_protects_answers(app: Flask, program: Program) -> None:
    read = program.get(CAMPAIGN).get_json()
    reword(app)

    refused = program.register("A1", answers={"remark": "是"}, form_version=read["form_version"])
    now = program.get(CAMPAIGN).get_json()
    taken = program.register("A1", answers={"remark": "是"}, form_version=now["form_version"])

    assert [q["key"] for q in read["questions"]] == ["phone", "remark"]
    assert (refused.status_code, refused.get_json()["code"]) == (409, "registration.form_changed")
    assert now["questions"][1]["label"] == "是否自驾？"
    assert taken.status_code == 201


def test_a_program_without_versions_goes_on_working(app: Flask, program: Program) -> None:
    reword(app)

    assert program.register("A1", answers={"remark": "是"}).status_code == 201


@pytest.mark.parametrize(("minutes", "status"), [(-60, 201), (4, 201), (6, 422), (60 * 24 * 40, 422)])
def test_a_time_of_receipt_in_the_future_is_refused(
    app: Flask, program: Program, minutes: int, status: int
) -> None:
    at = (utc_now() + timedelta(minutes=minutes)).isoformat()
    answer = program.register("A1", received_at=at)

    assert answer.status_code == status
    assert sight.places(app) == ({"A1": "seated"} if status == 201 else {})
    if status == 422:
        found = [(one["field"], one["code"]) for one in answer.get_json()["errors"]]
        assert found == [("received_at", "registration.received_in_future")]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('{"staff_no": "A1", "staff_no": "B2", "answers": {}}', "staff_no"),
        ('{"staff_no": "A1", "answers": {"remark": "是", "remark": "不"}}', "remark"),
    ],
)
def test_a_field_given_twice_is_refused(app: Flask, program: Program, body: str, name: str) -> None:
    answer = program.app.test_client(use_cookies=False).post(
        REGISTRATIONS,
        data=body.encode(),
        content_type="application/json",
        headers={"Authorization": f"Bearer {program.token}"},
    )
    found = [(one["field"], one["code"]) for one in answer.get_json()["errors"]]

    assert (answer.status_code, found) == (422, [(name, "request.field_twice")])
    assert sight.places(app) == {}
