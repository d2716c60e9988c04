"""The door for programs: a bearer token or nothing; and only there is no CSRF token asked for."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_smorest.blueprint import Blueprint

from eventreg.web.app.gate import guarded_by_token
from tests.api.program import Program, token_for
from tests.security.matrix import API, Row
from tests.security.rows import everything
from tests.security.world import VIEWPOINTS, World, csrf_of

CLOSED = [row for row in API if not row.allow]
SCOPE = {
    "/api/v1/campaigns": "campaigns",
    "/api/v1/campaigns/<slug>": "campaigns",
    "/api/v1/scans": "scans",
    "/api/v1/campaigns/<slug>/roster": "scans",
    "/api/v1/campaigns/<slug>/check-points": "scans",
}


def _by_token(app: Flask) -> set[str]:
    """The rules whose blueprint is guarded by token."""
    by_token: set[str] = app.extensions["eventreg.by_token"]
    return {r.rule for r in app.url_map.iter_rules() if r.endpoint.split(".")[0] in by_token}


def test_only_routes_under_api_are_without_csrf_and_all_but_the_description_ask_for_a_token(
    world: World,
) -> None:
    rules = {r.rule for r in world.app.url_map.iter_rules()}
    under_api = {rule for rule in rules if rule.startswith("/api/")}
    for_phones = {rule for rule in rules if rule.startswith("/desk/api/")}

    assert under_api - _by_token(world.app) == {"/api/v1/openapi.json"}
    assert _by_token(world.app) - under_api == for_phones
    assert _by_token(world.app) - for_phones == {row.rule for row in CLOSED}


def test_a_page_cannot_be_put_behind_the_door_for_programs(world: World) -> None:
    stray = Blueprint("stray", __name__, url_prefix="/my")

    with pytest.raises(ValueError, match="not under /api/"):
        guarded_by_token(world.app, stray, lambda: None)


@pytest.mark.parametrize("row", CLOSED, ids=str)
def test_a_cookie_alone_opens_nothing_even_with_our_csrf_token(world: World, row: Row) -> None:
    before, answers = everything(world), []
    for viewpoint in VIEWPOINTS:
        client = world.client(viewpoint)
        headers = {"X-CSRFToken": csrf_of(client)}
        answers.append(client.open(world.filled(row.sample), method=row.method, json={}, headers=headers))

    assert {(a.status_code, a.headers["WWW-Authenticate"]) for a in answers} == {
        (401, 'Bearer realm="eventreg"')
    }
    assert [a.headers.get("Set-Cookie") for a in answers] == [None] * len(VIEWPOINTS)
    assert everything(world) == before


@pytest.mark.parametrize(
    "shown", ["", "Bearer", "Bearer ", "Bearer x", "Bearer a=b", "Basic eDp5", "bearer \xff", "Token {t}"]
)
def test_nothing_but_a_bearer_token_is_one(world: World, shown: str) -> None:
    token = token_for(world.app, "campaigns")
    answer = Program(world.app, "").ask(
        "GET", "/api/v1/campaigns", headers={"Authorization": shown.replace("{t}", token)}
    )

    assert answer.status_code == 401


@pytest.mark.parametrize("row", CLOSED, ids=str)
def test_a_token_opens_its_own_scope_and_no_other(world: World, row: Row) -> None:
    wanted = SCOPE.get(row.rule, "registrations")
    answers = {
        scope: Program(world.app, token_for(world.app, scope)).ask(
            row.method, world.filled(row.sample), {} if row.method == "POST" else None
        )
        for scope in ("campaigns", "registrations", "scans")
    }

    assert {scope for scope, a in answers.items() if a.status_code != 403} == {wanted}
    assert {a.get_json(force=True)["code"] for s, a in answers.items() if s != wanted} == {
        "request.scope_missing"
    }
    assert answers[wanted].status_code in {200, 204, 422}


def test_a_token_in_the_address_or_the_body_is_none(world: World) -> None:
    token = token_for(world.app, "campaigns")
    client = world.app.test_client()

    assert client.get(f"/api/v1/campaigns?access_token={token}&token={token}").status_code == 401


def test_a_token_is_no_way_into_the_pages(world: World) -> None:
    token = token_for(world.app, "campaigns", "registrations", "scans")

    assert Program(world.app, token).get("/my").status_code == 302
