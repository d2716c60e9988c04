"""Every route times every viewpoint: who is let in is what matrix.toml says, cell by cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Blueprint
from werkzeug.test import TestResponse

from eventreg.config import Settings
from eventreg.core.db.session import db
from eventreg.factory import create_app
from tests.security.matrix import BY_TOKEN, OWNED, ROWS, Row, live
from tests.security.world import VIEWPOINTS, World


def _ask(world: World, row: Row, viewpoint: str) -> TestResponse:
    client, token = world.with_a_page(viewpoint) if row.unsafe else (world.client(viewpoint), "")
    form = {"csrf_token": token} if row.unsafe else {}
    return client.open(world.filled(row.sample), method=row.method, data=form or None, buffered=True)


def _let_in(row: Row, answer: TestResponse) -> bool:
    """Neither refused nor sent to sign in; the sign-in pages send nobody to themselves in vain."""
    to_sign_in = answer.status_code in {302, 303} and answer.location.startswith("/sign-in")
    return answer.status_code not in {400, 401, 403, 404, 405, 500} and (
        not to_sign_in or row.rule.startswith("/sign-in")
    )


def test_every_route_has_a_row(world: World) -> None:
    assert live(world.app) - {str(row) for row in ROWS} == set()


def test_every_row_has_a_route(world: World) -> None:
    assert {str(row) for row in ROWS} - live(world.app) == set()


def test_rows_name_viewpoints_that_exist() -> None:
    assert {viewpoint for row in ROWS for viewpoint in row.allow} - set(VIEWPOINTS) == set()


@pytest.mark.parametrize("viewpoint", VIEWPOINTS)
def test_each_viewpoint_is_let_in_exactly_where_the_matrix_says(whole_world: World, viewpoint: str) -> None:
    wrong = {}
    for row in ROWS:
        answer = _ask(whole_world, row, viewpoint)
        let_in = _let_in(row, answer)
        if row.unsafe and let_in:  # who was turned away at the door has changed nothing
            whole_world.restore()
        if let_in != (viewpoint in row.allow):
            wrong[str(row)] = answer.status_code

    assert wrong == {}


@pytest.mark.parametrize("row", [row for row in OWNED if not row.unsafe], ids=str)
def test_head_says_no_more_than_get(world: World, row: Row) -> None:
    answer = world.client("employee_other").head(world.filled(row.sample))

    assert (answer.status_code, answer.data) == (404, b"")


def test_options_tells_methods_and_nothing_else(world: World) -> None:
    """Or, behind a door that is closed to her, what every page there answers; 401 where no cookie counts."""
    wrong, client = {}, world.client("employee_other")
    for row in ROWS:
        address = world.filled(row.sample)
        answer = client.options(address)
        told = answer.status_code, answer.data
        if told[0] == 200:
            same = told[1] == b""
        else:
            same = told[0] == client.get(address, buffered=True).status_code
            same = same or told[0] == _closed(world, row, address)
        if not same:
            wrong[str(row)] = told
        world.restore()

    assert wrong == {}


def _closed(world: World, row: Row, address: str) -> int | None:
    """What a form's own address answers to her; of a page that has no GET it is the only answer."""
    if row in BY_TOKEN:
        return 401
    client, token = world.with_a_page("employee_other")
    return client.post(address, data={"csrf_token": token}).status_code if row.unsafe else None


def test_the_guard_can_fail(tmp_path: Path) -> None:
    """The control: a route that nobody guards is closed, and turns the matrix red."""
    app = create_app(Settings(instance=tmp_path, scheduler=False))
    forgotten = Blueprint("forgotten", __name__)
    forgotten.add_url_rule("/forgotten", "page", lambda: "open to everybody")
    app.register_blueprint(forgotten)
    app.add_url_rule("/bare", "bare", lambda: "open to everybody")

    asked = [app.test_client().get(path).status_code for path in ("/forgotten", "/bare")]

    assert asked == [403, 403]
    assert live(app) - {str(row) for row in ROWS} == {"GET /forgotten", "GET /bare"}
    with app.app_context():
        db.engine.dispose()


def test_a_wrong_row_turns_red(world: World) -> None:
    """The control of the cells: neither answer is what a wrong row would say."""
    rows = {str(row): row for row in ROWS}

    mine, home = rows["GET /my"], rows["GET /"]

    assert [_let_in(mine, _ask(world, mine, v)) for v in ("anonymous", "employee")] == [False, True]
    assert _let_in(home, _ask(world, home, "anonymous")) is True
