"""Nothing is changed by a form that is not ours (T13)."""

from __future__ import annotations

import pytest

from eventreg.web.gate import csrf
from tests.security.matrix import POSTS, Row
from tests.security.rows import everything
from tests.security.world import World, csrf_of


def _viewpoint(row: Row) -> str:
    doors = {"/unit": "unit_contact", "/manage/tokens": "administrator", "/manage": "organiser"}
    return next((who for door, who in doors.items() if row.rule.startswith(door)), "employee")


@pytest.mark.parametrize("row", POSTS, ids=str)
def test_a_form_without_a_token_is_refused(whole_world: World, row: Row) -> None:
    answer = whole_world.client(_viewpoint(row)).post(whole_world.filled(row.sample))

    assert answer.status_code == 400


@pytest.mark.parametrize("row", POSTS, ids=str)
def test_another_browser_s_token_is_refused(whole_world: World, row: Row) -> None:
    token = csrf_of(whole_world.client("administrator"))
    client, _own = whole_world.with_a_page(_viewpoint(row))

    assert client.post(whole_world.filled(row.sample), data={"csrf_token": token}).status_code == 400


@pytest.mark.parametrize("row", POSTS, ids=str)
def test_a_form_from_another_site_is_refused_even_with_our_token(whole_world: World, row: Row) -> None:
    client, token = whole_world.with_a_page(_viewpoint(row))
    form = {"csrf_token": token}

    answer = client.post(whole_world.filled(row.sample), data=form, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 400


@pytest.mark.parametrize("row", POSTS, ids=str)
@pytest.mark.parametrize("kind", ["text/plain", "application/json"])
def test_a_body_that_is_no_form_is_refused(whole_world: World, row: Row, kind: str) -> None:
    client, token = whole_world.with_a_page(_viewpoint(row))
    body = f'{{"csrf_token": "{token}"}}'

    assert client.post(whole_world.filled(row.sample), data=body, content_type=kind).status_code == 400


def test_refused_forms_changed_nothing(world: World) -> None:
    before = everything(world)
    for row in POSTS:
        world.client(_viewpoint(row)).post(world.filled(row.sample), data={"_method": "PUT"})

    assert everything(world) == before


def test_nothing_is_exempt(world: World) -> None:
    assert (csrf._exempt_views, csrf._exempt_blueprints) == (set(), set())


def test_the_refused_form_comes_back_filled_in(world: World) -> None:
    """The page was left open too long: not a word is lost."""
    answer = world.client("employee").post("/campaigns/forum/registration", data={"remark": "坐班车去"})

    assert (answer.status_code, "坐班车去" in answer.text) == (400, True)


def test_a_foreign_form_is_not_shown_again_to_be_sent(world: World) -> None:
    answer = world.client("employee").post(
        "/campaigns/forum/registration", data={"remark": "坐班车去"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert (answer.status_code, "坐班车去" in answer.text) == (400, False)
