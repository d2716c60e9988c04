"""Nothing is changed by a form that is not ours (T13)."""

from __future__ import annotations

from typing import Any

import pytest

from eventreg.web.app.gate import csrf
from tests.security.matrix import POSTS, Row
from tests.security.rows import everything
from tests.security.world import World, csrf_of


def viewpoint_of(row: Row) -> str:
    doors = {"/unit": "unit_contact", "/manage/tokens": "administrator", "/manage": "organiser"}
    return next((who for door, who in doors.items() if row.rule.startswith(door)), "employee")


def _refused_ways(world: World, viewpoint: str) -> dict[str, dict[str, Any]]:
    """No token; another browser's; ours from another site; ours in a body that is no form."""
    _, token = world.with_a_page(viewpoint)
    ours, in_json = {"csrf_token": token}, f'{{"csrf_token": "{token}"}}'
    return {
        "nothing": {},
        "another browser's": {"data": {"csrf_token": csrf_of(world.client("administrator"))}},
        "from another site": {"data": ours, "headers": {"Sec-Fetch-Site": "cross-site"}},
        "text/plain": {"data": in_json, "content_type": "text/plain"},
        "application/json": {"data": in_json, "content_type": "application/json"},
    }


@pytest.mark.parametrize("viewpoint", ["employee", "unit_contact", "organiser", "administrator"])
def test_a_form_that_is_not_ours_is_refused(whole_world: World, viewpoint: str) -> None:
    answered, ways = {}, _refused_ways(whole_world, viewpoint)
    for row in (row for row in POSTS if viewpoint_of(row) == viewpoint):
        for way, form in ways.items():
            client, _ = whole_world.with_a_page(viewpoint)
            answered[f"{row}, {way}"] = client.post(whole_world.filled(row.sample), **form).status_code

    assert answered == dict.fromkeys(answered, 400)
    assert answered


def test_refused_forms_changed_nothing(world: World) -> None:
    before = everything(world)
    for row in POSTS:
        world.client(viewpoint_of(row)).post(world.filled(row.sample), data={"_method": "PUT"})

    assert everything(world) == before


def test_nothing_is_exempt(world: World) -> None:
    assert (csrf._exempt_views, csrf._exempt_blueprints) == (set(), set())


def test_the_refused_form_comes_back_filled_in(world: World) -> None:
    """The page was left open too long: not a word is lost."""
    answer = world.client("employee").post("/campaigns/forum/registration", data={"remark": "坐班车去"})

    assert answer.status_code == 400
    assert "坐班车去" in answer.text


def test_a_foreign_form_is_not_shown_again_to_be_sent(world: World) -> None:
    answer = world.client("employee").post(
        "/campaigns/forum/registration", data={"remark": "坐班车去"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 400
    assert "坐班车去" not in answer.text
