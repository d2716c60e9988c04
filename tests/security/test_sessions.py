"""A session ends on the server, at once, everywhere; its cookie is marked as it should be."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from eventreg.accounts.models import BrowserSession, RoleGrant
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.people.models import Person
from tests.security.world import World, csrf_of


def _signed_in(world: World, viewpoint: str) -> bool:
    return world.client(viewpoint).get("/my").status_code == 200


def test_a_cookie_is_worth_nothing_after_signing_out(world: World) -> None:
    client = world.client("employee")
    stolen = client.get_cookie("eventreg")
    client.post("/sign-out", data={"csrf_token": csrf_of(client)})
    thief = world.app.test_client()
    assert stolen is not None
    thief.set_cookie("eventreg", stolen.value)

    assert thief.get("/my").status_code == 302


def test_signing_out_ends_this_browser_alone(world: World) -> None:
    client = world.client("employee")
    client.post("/sign-out", data={"csrf_token": csrf_of(client)})

    assert _signed_in(world, "employee") is False
    assert _signed_in(world, "employee_other") is True


def test_somebody_who_leaves_is_out_at_her_next_request(world: World) -> None:
    client = world.client("employee")
    before = client.get("/my").status_code
    with world.app.app_context(), unit_of_work():
        db.session.execute(update(Person).where(Person.staff_no == "HC0003").values(left_at=utc_now()))

    assert (before, client.get("/my").status_code) == (200, 302)


def test_a_session_ends_when_its_time_is_over(world: World) -> None:
    client = world.client("employee")
    before = client.get("/my").status_code
    with world.app.app_context(), unit_of_work():
        db.session.execute(update(BrowserSession).values(expires_at=utc_now()))

    assert (before, client.get("/my").status_code) == (200, 302)


def test_a_role_that_ends_closes_its_door_at_once(world: World) -> None:
    client = world.client("unit_contact")
    before = client.get("/unit/codes").status_code
    now = utc_now()
    with world.app.app_context(), unit_of_work():
        db.session.execute(update(RoleGrant).values(since=now - timedelta(days=1), until=now))

    assert (before, client.get("/unit/codes").status_code) == (200, 404)


def test_a_privileged_door_asks_again_after_half_an_hour(world: World) -> None:
    with world.app.app_context(), unit_of_work():
        db.session.execute(update(BrowserSession).values(elevated_until=utc_now()))
    client = world.client("unit_contact")

    assert (client.get("/my").status_code, client.get("/unit/codes").location) == (
        200,
        "/sign-in?next=/unit/codes",
    )


def test_a_step_through_a_privileged_door_keeps_it_open_though_a_public_page_was_just_seen(
    world: World,
) -> None:
    client, soon = world.client("unit_contact"), utc_now() + timedelta(minutes=2)
    with world.app.app_context(), unit_of_work():
        db.session.execute(update(BrowserSession).values(elevated_until=soon, seen_at=utc_now()))

    pages = [client.get(path).status_code for path in ("/", "/unit/codes")]

    with world.app.app_context():
        kept = db.session.scalar(select(func.max(BrowserSession.elevated_until)))
    assert pages == [200, 200]
    assert kept is not None
    assert kept > soon + timedelta(minutes=20)


def test_signing_in_makes_a_new_session(world: World) -> None:
    """A cookie planted before the sign-in is not the one that is signed in."""
    client = world.app.test_client()
    with client.session_transaction() as session:
        session["token"] = "planted-by-somebody-else"
    client.post(world.filled("/sign-in/link/{link}"), data={"csrf_token": csrf_of(client)})
    planted = world.app.test_client()
    with planted.session_transaction() as session:
        session["token"] = "planted-by-somebody-else"

    assert (client.get("/my").status_code, planted.get("/my").status_code) == (200, 302)


def test_a_link_signs_in_once(world: World) -> None:
    link = world.filled("/sign-in/link/{link}")
    answers = []
    for _ in range(2):
        client = world.app.test_client()
        answers.append(client.post(link, data={"csrf_token": csrf_of(client)}).status_code)

    assert answers == [303, 410]


def test_opening_a_link_signs_nobody_in(world: World) -> None:
    client = world.app.test_client()
    for _ in range(2):
        client.get(world.filled("/sign-in/link/{link}"))

    assert client.get("/my").status_code == 302


def test_the_database_holds_no_token(world: World) -> None:
    with world.app.app_context():
        hashes = db.session.scalars(select(BrowserSession.token_hash)).all()
        count = db.session.scalar(select(func.count()).select_from(BrowserSession))
        db.session.remove()
    tokens = {token.encode() for token in world.tokens.values()}

    assert (len(hashes), tokens & set(hashes)) == (count, set())


def test_a_forged_cookie_is_no_cookie(world: World) -> None:
    client = world.app.test_client()
    client.set_cookie("eventreg", "eyJ0b2tlbiI6ImFkbWluIn0.AAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAA")

    assert client.get("/my").status_code == 302


def _flags(cookie: str) -> set[str]:
    return {part.strip().split("=")[0] for part in cookie.split(";")[1:]} - {"Expires", "Max-Age"}


def test_on_plain_http_the_cookie_is_for_us_alone(world: World) -> None:
    cookie = world.client("employee").get("/help").headers["Set-Cookie"]

    assert (cookie.split("=")[0], _flags(cookie)) == ("eventreg", {"HttpOnly", "Path", "SameSite"})
    assert "SameSite=Lax" in cookie


def test_on_https_the_cookie_is_bound_to_the_host(https_world: World) -> None:
    client = https_world.client("anonymous")
    cookie = client.get("/help", base_url="https://events.example.cn").headers["Set-Cookie"]

    assert cookie.split("=")[0] == "__Host-eventreg"
    assert _flags(cookie) == {"HttpOnly", "Path", "SameSite", "Secure"}
    assert "Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("viewpoint", ["left", "expired"])
def test_what_is_over_stays_over(whole_world: World, viewpoint: str) -> None:
    assert _signed_in(whole_world, viewpoint) is False


def test_a_cookie_of_a_clock_that_ran_ahead_is_good_after_it_was_put_right(world: World) -> None:
    with time_machine.travel(utc_now() + timedelta(hours=2), tick=True):
        client = world.app.test_client()
        with client.session_transaction() as session:
            session["token"] = world.tokens["employee"]

    assert client.get("/my").status_code == 200
