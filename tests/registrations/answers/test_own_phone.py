"""The own telephone number on the sign-up form comes from the roster; somebody else's never does."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from eventreg.campaigns.facts import QuestionFacts
from eventreg.campaigns.models import Campaign, Question
from eventreg.core.db.session import db, unit_of_work
from eventreg.people.models import Person
from eventreg.registrations.answers.rules import own_phone
from tests.rig import cast
from tests.rig.clients import send

FORM = "/campaigns/outing/registration"
ClientFor = Callable[..., FlaskClient]


def _question(id_: int, label: str, *, kind: str = "phone", hint: str = "") -> QuestionFacts:
    return QuestionFacts(f"q{id_}", kind, label, hint, False, id=id_)


@pytest.mark.parametrize(
    ("asked", "own"),
    [
        ([("手机号", "只用于当天联系，11 位数字")], 1),
        ([("手机", ""), ("备用手机", "")], 1),
        ([("紧急联系人电话", ""), ("手机号", "")], 2),
        ([("家属手机号", "")], None),
        ([("手机号", "填家里人的，紧急时联系")], None),
        ([("Mobile phone", "")], 1),
        ([("Phone of your next of kin", "")], None),
        ([("Emergency phone", ""), ("Your phone", "")], 2),
        ([], None),
    ],
)
def test_the_first_number_that_is_ones_own(asked: list[tuple[str, str]], own: int | None) -> None:
    found = own_phone([_question(n, label, hint=hint) for n, (label, hint) in enumerate(asked, 1)])

    assert (found and found.id) == own


def test_a_text_is_no_telephone_number() -> None:
    assert own_phone([_question(1, "手机号", kind="text")]) is None


def _set_phone(app: Flask, staff_no: str, phone: str | None) -> None:
    with app.app_context(), unit_of_work():
        db.session.execute(update(Person).where(Person.staff_no == staff_no).values(phone=phone))


def _filled(client: FlaskClient, page: str = FORM) -> str | None:
    tag = re.search(r'<input[^>]*name="phone"[^>]*>', client.get(page).text)
    assert tag is not None
    found = re.search(r'value="([^"]*)"', tag[0])
    return found[1] if found else None


def test_everybody_finds_their_own_number_and_nobody_elses(app: Flask, client_for: ClientFor) -> None:
    cast.set_stage(app, capacity=9, now=cast.lately())
    numbers = {"A1": "13900139001", "B2": "13900139002", "C3": None, "E5": "0571-88206666"}
    for staff_no, number in numbers.items():
        _set_phone(app, staff_no, number)

    found = {staff_no: _filled(client_for(staff_no)) for staff_no in numbers}

    assert found == {"A1": "13900139001", "B2": "13900139002", "C3": "", "E5": ""}


def test_another_number_can_be_typed_and_the_answer_stays(app: Flask, client_for: ClientFor) -> None:
    cast.set_stage(app, now=cast.lately())
    _set_phone(app, "A1", "13900139001")
    client = client_for("A1")

    receipt = send(client, FORM, phone="13700137000", consent="1").location
    _set_phone(app, "A1", "13600136000")

    assert _filled(client, f"{receipt}/answers") == "13700137000"


def test_what_was_typed_comes_back_instead_of_the_roster(app: Flask, client_for: ClientFor) -> None:
    cast.set_stage(app, now=cast.lately())
    _set_phone(app, "A1", "13900139001")

    answer = send(client_for("A1"), FORM, phone="139", consent="1")

    tag = re.search(r'<input[^>]*name="phone"[^>]*>', answer.text)
    assert answer.status_code == 422
    assert tag is not None
    assert 'value="139"' in tag[0]


def test_a_number_of_somebody_else_stays_empty(app: Flask, client_for: ClientFor) -> None:
    cast.set_stage(app, now=cast.lately())
    _set_phone(app, "A1", "13900139001")
    with app.app_context(), unit_of_work():
        db.session.execute(update(Question).where(Question.key == "phone").values(label="紧急联系人电话"))
        db.session.execute(update(Campaign).values(version=Campaign.version + 1))

    assert _filled(client_for("A1")) == ""
