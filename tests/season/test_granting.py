"""Giving roles: an organiser without a campaign, where work begins after signing in, and the letter about a role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.campaigns.models import Campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.season import granting
from tests.rig import cast, mailbox, sight
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import send
from tests.rig.plan_pages import made


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing, and an administrator."""
    set_up = cast.set_stage(app, now=cast.lately())
    give(app, set_up, "A1", Role.ADMINISTRATOR)
    return set_up


def give(app: Flask, stage: Stage, staff_no: str, role: Role, slug: str | None = None) -> None:
    """Give a role from a minute ago on."""
    since = utc_now() - timedelta(minutes=1)
    with app.app_context(), unit_of_work():
        granting.give(stage.people[staff_no], role, unit_id=None, slug=slug, actor=acting("console", since))


def test_an_organiser_without_a_campaign_makes_one_and_sees_only_it(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    give(app, stage, "F6", Role.ORGANISER)
    organiser = client_for("F6")

    page = organiser.get("/manage")
    assert page.status_code == 200
    assert "/manage/campaigns/outing" not in page.text
    assert organiser.get("/manage/campaigns/outing").status_code == 404
    slug = made(organiser, "瑜伽课").rpartition("/")[2]

    assert f"/manage/campaigns/{slug}" in organiser.get("/manage").text
    assert organiser.get(f"/manage/campaigns/{slug}").status_code == 200
    assert client_for("A1").get(f"/manage/campaigns/{slug}").status_code == 200


def test_the_role_ends_for_new_campaigns_and_one_s_own_stay(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    give(app, stage, "F6", Role.ORGANISER)
    slug, person = made(client_for("F6"), "瑜伽课").rpartition("/")[2], stage.people["F6"]
    with app.app_context(), unit_of_work():
        held = granting.find_grant(person, in_campaign=False, now=utc_now())
        assert held is not None
        grants.end(held.id, person_id=person, actor=acting("console", utc_now()))

    assert client_for("F6").get(f"/manage/campaigns/{slug}").status_code == 200
    with app.app_context():
        assert granting.find_grant(person, in_campaign=False, now=utc_now()) is None


def test_the_letter_says_the_role_and_where_to_begin(app: Flask, stage: Stage) -> None:
    give(app, stage, "F6", Role.ORGANISER)
    wide = mailbox.newest(app, granting.KIND, now=utc_now())
    give(app, stage, "F6", Role.ORGANISER, "outing")
    narrow = mailbox.newest(app, granting.KIND, now=utc_now())
    english = mailbox.newest(app, granting.KIND, now=utc_now(), lang="en")

    assert wide is not None
    assert wide.subject == "你有了新的角色：组织者"
    assert wide.action == ("打开", "http://localhost/manage")
    assert narrow is not None
    assert narrow.facts == (("范围", "踏春嘉年华、健康伴我行"),)
    assert narrow.action == ("打开", "http://localhost/manage/campaigns/outing")
    assert english is not None
    assert english.subject == "You have a new role: Organiser"


def test_no_letter_of_a_role_that_was_taken_back_held_before_or_given_to_oneself(
    app: Flask, stage: Stage
) -> None:
    person, before = stage.people["F6"], sight.letters(app)
    give(app, stage, "F6", Role.HR_REVIEWER)
    give(app, stage, "F6", Role.HR_REVIEWER)
    letters = sight.letters(app)
    with app.app_context(), unit_of_work():
        granting.give(
            person, Role.ORGANISER, unit_id=None, slug=None, actor=acting(f"person:{person}", utc_now())
        )

    assert len(letters) == len(before) + 1
    assert sight.letters(app) == letters
    with app.app_context(), unit_of_work():
        held = next(one for one in grants.list_of(person) if one.role is Role.HR_REVIEWER)
        grants.end(held.id, person_id=person, actor=acting("console", utc_now()))
    assert mailbox.newest(app, granting.KIND, now=utc_now()) is None


@pytest.mark.parametrize("slug", [None, "outing"])
def test_a_role_that_was_taken_back_before_it_began_can_be_given_again(
    app: Flask, stage: Stage, slug: str | None
) -> None:
    """Its row is gone, so a database may use its id again; each letter is about the role that it was posted for."""
    person, soon = stage.people["F6"], utc_now() + timedelta(days=3)
    before = len(sight.letters(app))
    for _time in range(2):
        with app.app_context(), unit_of_work():
            actor = acting("console", utc_now())
            assert granting.give(person, Role.ORGANISER, unit_id=None, slug=slug, actor=actor, since=soon)
        with app.app_context(), unit_of_work():
            actor = acting("console", utc_now())
            held = granting.find_grant(person, in_campaign=slug is not None, now=actor.now)
            assert held is not None
            if slug is None:
                grants.end(held.id, person_id=person, actor=actor)
            else:
                campaign_grants.end(held.id, campaign_id=stage.campaign_id, actor=actor)

    assert len(sight.letters(app)) == before + 2


def test_a_judge_needs_a_campaign_and_an_organiser_takes_no_unit(app: Flask, stage: Stage) -> None:
    person = stage.people["F6"]
    with app.app_context():
        actor = acting("console", utc_now())
        with pytest.raises(Refused, match="needs_campaign"), unit_of_work():
            granting.give(person, Role.JUDGE, unit_id=None, slug=None, actor=actor)
        with pytest.raises(Refused, match="takes_no_unit"), unit_of_work():
            granting.give(person, Role.ORGANISER, unit_id=1, slug=None, actor=actor)


def test_a_draft_can_be_chosen_when_a_role_is_given(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    admin, page = client_for("A1"), f"/manage/people/{stage.people['F6']}"
    slug = made(admin, "瑜伽课").rpartition("/")[2]

    assert f'<option value="{slug}">瑜伽课（草稿）</option>' in admin.get(page).text
    answer = send(admin, page, f"{page}/grants", role="organiser", campaign=slug)

    assert answer.status_code == 303
    assert client_for("F6").get(f"/manage/campaigns/{slug}").status_code == 200


@pytest.mark.parametrize(("role", "to"), [(None, "/"), (Role.ORGANISER, "/manage"), (Role.HR_REVIEWER, "/")])
def test_after_signing_in_organisers_begin_with_their_work(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient], role: Role | None, to: str
) -> None:
    """Signed in already, the sign-in page leads where signing in leads."""
    if role is not None:
        give(app, stage, "F6", role)
    client = client_for("F6")

    assert client.get("/sign-in").headers["Location"] == to
    assert ('href="/manage"' in client.get("/").text) == (role is Role.ORGANISER)
    assert client.get("/sign-in?next=/my").headers["Location"] == "/my"


def test_home_without_campaigns_says_what_an_administrator_has_left_to_do(
    app: Flask, stage: Stage, client_for: Callable[..., FlaskClient]
) -> None:
    """The roster stands; what is there are drafts."""
    with app.app_context(), unit_of_work():
        db.session.execute(update(Campaign).values(state="draft"))

    said = client_for("A1").get("/").text

    assert "先导入职工名册" not in said
    assert "还没有发布的活动" in said
    assert "今天要处理" in client_for("A1").get("/manage").text
