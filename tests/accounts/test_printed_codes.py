"""A contact prints codes for colleagues without a mailbox, and by none of them gets a role that she has not."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.people import service as people
from eventreg.season import granting
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import signed_in_client, token_in

CODES = "/unit/codes"
BARE = "D4"  # of the cast, the one without a mailbox
WITH_A_ROLE = "邓力在活动里有角色"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """B2 is contact of the unit that D4 belongs to."""
    set_up = cast.set_stage(app, now=cast.lately())
    _give(app, set_up, "B2", Role.UNIT_CONTACT)
    return set_up


def _give(app: Flask, stage: Stage, staff_no: str, role: Role, slug: str | None = None) -> None:
    since = utc_now() - timedelta(minutes=5)
    with app.app_context(), unit_of_work():
        unit = people.find_unit("城关供电所") if role in grants.UNIT_ROLES else None
        granting.give(stage.people[staff_no], role, unit_id=unit, slug=slug, actor=acting("test", since))


def _printed(app: Flask, stage: Stage) -> str:
    contact = signed_in_client(app, "B2")
    form = {"csrf_token": token_in(contact.get(CODES)), "person": str(stage.people[BARE])}
    sheet = contact.post(CODES, data=form).text
    found = re.search(r"\b[A-Z0-9]{5}-[A-Z0-9]{5}\b", sheet)
    assert found is not None
    return found[0]


def _try(client: FlaskClient, code: str) -> tuple[int, str]:
    """Ask for a code in this browser, and type the printed one."""
    client.post("/sign-in", data={"csrf_token": token_in(client.get("/sign-in")), "identifier": BARE})
    form = {"csrf_token": token_in(client.get("/sign-in/code")), "code": code}
    answer = client.post("/sign-in/code", data=form)
    return answer.status_code, answer.text


ROLES = [
    (Role.ADMINISTRATOR, None),
    (Role.HR_REVIEWER, None),
    (Role.DEPARTMENT_HEAD, None),
    (Role.ORGANISER, "outing"),
    (Role.JUDGE, "outing"),
]


@pytest.mark.parametrize(("role", "slug"), ROLES)
def test_for_who_has_a_role_nothing_is_printed(
    app: Flask, stage: Stage, role: Role, slug: str | None
) -> None:
    _give(app, stage, BARE, role, slug)
    contact = signed_in_client(app, "B2")
    page = contact.get(CODES)

    form = {"csrf_token": token_in(page), "person": str(stage.people[BARE])}
    assert WITH_A_ROLE in page.text
    assert 'name="person"' not in page.text
    assert contact.post(CODES, data=form).status_code == 422


@pytest.mark.parametrize(("role", "slug"), ROLES)
def test_a_code_that_was_printed_before_opens_no_role(
    app: Flask, stage: Stage, role: Role, slug: str | None
) -> None:
    code = _printed(app, stage)
    _give(app, stage, BARE, role, slug)

    status, page = _try(app.test_client(), code)

    assert status == 422
    assert "要用邮箱里的验证码登录" in page


def test_without_a_role_and_as_a_contact_it_opens(app: Flask, stage: Stage) -> None:
    """The control; a contact of a team without a mailbox goes on signing in so."""
    first = _try(app.test_client(), _printed(app, stage))
    _give(app, stage, BARE, Role.UNIT_CONTACT)
    second = _try(app.test_client(), _printed(app, stage))

    assert (first[0], second[0]) == (303, 303)
    assert WITH_A_ROLE not in signed_in_client(app, "B2").get(CODES).text


def test_a_contact_of_a_unit_that_the_printer_has_not_signs_in_by_mail(app: Flask, stage: Stage) -> None:
    code = _printed(app, stage)
    with app.app_context(), unit_of_work():
        since, unit = utc_now() - timedelta(minutes=5), people.find_unit("营销部")
        grants.grant(stage.people[BARE], Role.UNIT_CONTACT, unit_id=unit, actor=acting("test", since))

    assert _try(app.test_client(), code)[0] == 422
    assert WITH_A_ROLE in signed_in_client(app, "B2").get(CODES).text


def test_a_contact_of_a_team_of_the_printer_s_unit_signs_in_with_it(app: Flask, stage: Stage) -> None:
    with app.app_context(), unit_of_work():
        since, team = utc_now() - timedelta(minutes=5), people.find_unit("城关供电所/运维一班")
        grants.grant(stage.people[BARE], Role.UNIT_CONTACT, unit_id=team, actor=acting("test", since))

    assert _try(app.test_client(), _printed(app, stage))[0] == 303
