"""A form that comes back is one of ours: nothing of a form from elsewhere is kept, shown or offered again (T13)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.core.clock import utc_now
from eventreg.core.db import unit_of_work
from eventreg.web.returned_forms import GIVES_ROLES, is_ours
from tests.rig import cast
from tests.rig.clients import signed_in_client
from tests.security.matrix import POSTS
from tests.security.rows import everything
from tests.security.test_csrf import viewpoint_of
from tests.security.world import World, csrf_of

OURS = "http://127.0.0.1:8000"
PLANTED = "金丝雀-planted@evil.example"
ELSEWHERE: dict[str, dict[str, str]] = {
    "another port": {"Origin": "http://127.0.0.1:9000", "Sec-Fetch-Site": "same-site"},
    "another port, old browser": {"Origin": "http://127.0.0.1:9000"},
    "a sibling host": {"Origin": "http://evil.localhost:8000", "Sec-Fetch-Site": "same-site"},
    "another site": {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    "null": {"Origin": "null"},
    "our name, said to be elsewhere": {"Origin": OURS, "Sec-Fetch-Site": "same-site"},
    "nobody says": {},
}


@pytest.mark.parametrize("viewpoint", ["employee", "unit_contact", "organiser", "administrator", "anonymous"])
@pytest.mark.parametrize("way", ELSEWHERE)
def test_nothing_of_a_form_from_elsewhere_comes_back(whole_world: World, viewpoint: str, way: str) -> None:
    """With no token of ours, and with one that an attacker fetched in a browser of their own."""
    foreign, told = csrf_of(whole_world.client("employee_other")), {}
    for row in (row for row in POSTS if viewpoint_of(row) == viewpoint or viewpoint == "anonymous"):
        for token in ({}, {"csrf_token": foreign}):
            client = whole_world.client(viewpoint)
            client.environ_base.pop("HTTP_ORIGIN")
            fields = {"role": PLANTED, "remark": PLANTED, "phone": PLANTED, **token}
            address = whole_world.filled(row.sample)
            referer = {"Referer": f"{OURS}{address}"}
            answer = client.post(address, data=fields, headers={**ELSEWHERE[way], **referer})
            after = client.get("/manage/people/1" if viewpoint == "administrator" else "/help")
            told[f"{row}, {bool(token)}"] = (answer.status_code, PLANTED in answer.text + after.text)

    assert told == dict.fromkeys(told, (400, False))
    assert told


def test_they_changed_nothing(world: World) -> None:
    before = everything(world)
    for row in POSTS:
        headers = ELSEWHERE["another port"]
        world.client(viewpoint_of(row)).post(
            world.filled(row.sample), data={"role": PLANTED}, headers=headers
        )

    assert everything(world) == before


def test_the_control_our_own_form_comes_back(whole_world: World) -> None:
    answer = whole_world.client("employee").post("/campaigns/forum/registration", data={"remark": PLANTED})

    assert (answer.status_code, PLANTED in answer.text) == (400, True)


def test_a_form_from_elsewhere_is_not_kept_over_a_sign_in(whole_world: World) -> None:
    client = whole_world.client("employee")
    client.environ_base["HTTP_ORIGIN"] = "http://127.0.0.1:9000"
    token = csrf_of(client)
    client.post("/manage/season", data={"title": PLANTED, "csrf_token": token})

    with client.session_transaction() as session:
        assert "kept" not in session


@pytest.mark.parametrize(
    ("origin", "base", "asked_at", "ours"),
    [
        (OURS, OURS, f"{OURS}/", True),
        ("http://127.0.0.1:9000", OURS, f"{OURS}/", False),
        ("http://127.0.0.1", OURS, f"{OURS}/", False),
        ("https://127.0.0.1:8000", OURS, f"{OURS}/", False),
        ("http://localhost:8000", OURS, "http://localhost:8000/", True),  # a trusted host
        ("https://e.cn", "https://e.cn", "http://e.cn/", True),  # a proxy that ends TLS
        ("http://e.cn", "https://e.cn", "http://e.cn/", False),
        ("https://e.cn", "https://e.cn:443", "https://e.cn/", True),
        ("https://sub.e.cn", "https://e.cn", "https://e.cn/", False),
        ("http://[::1]:8000", OURS, "http://[::1]:8000/", True),
        ("null", "null", "null", False),
        (None, OURS, f"{OURS}/", False),
    ],
)
def test_ours_is_scheme_host_and_port(origin: str | None, base: str, asked_at: str, ours: bool) -> None:
    assert is_ours(origin, base_url=base, asked_at=asked_at) is ours


@pytest.fixture
def office(app: Flask) -> tuple[Flask, str]:
    """Somebody who is administrator since five minutes, and the address of a person's page."""
    stage = cast.set_stage(app)
    with app.app_context(), unit_of_work():
        since = utc_now() - timedelta(minutes=5)
        grants.grant(stage.people["F6"], Role.ADMINISTRATOR, unit_id=None, by="test", now=since)
    return app, f"/manage/people/{stage.people['A1']}"


def test_at_a_privileged_door_it_comes_back_as_the_real_form(office: tuple[Flask, str]) -> None:
    (app, page), typed = office, {"email": "new@example.cn"}
    client = signed_in_client(app, "F6")
    answer = client.post(f"{page}/email", data=typed, headers={"Referer": f"http://localhost{page}"})
    shown = client.get(page)

    assert (answer.status_code, answer.location) == (303, page)
    assert "请核对后再按一次按钮" in shown.text
    form = re.findall(rf'<form[^>]*action="{page}/email".*?</form>', shown.text, re.DOTALL)[0]
    assert 'value="new@example.cn"' in form
    assert "保存" in form  # its own button

    token = re.findall(r'name="csrf_token" value="([^"]+)"', form)[0]
    client.post(f"{page}/email", data={**typed, "csrf_token": token})
    assert "new@example.cn" in client.get(page).text


def test_after_signing_in_anew_it_waits_in_its_page(office: tuple[Flask, str]) -> None:
    (app, page), hour = office, timedelta(hours=1)
    client = signed_in_client(app, "F6", since=utc_now() - hour)  # no longer elevated
    token = csrf_of(client)
    typed = {"email": "new@example.cn", "csrf_token": token}
    answer = client.post(f"{page}/email", data=typed, headers={"Referer": f"http://localhost{page}"})
    with client.session_transaction() as session:
        kept = session["kept"]
    again = signed_in_client(app, "F6")
    with again.session_transaction() as session:
        session["kept"] = kept

    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in")
    assert 'value="new@example.cn"' in again.get(page).text


def test_a_grant_of_a_role_is_not_kept(office: tuple[Flask, str]) -> None:
    app, page = office
    client, typed = signed_in_client(app, "F6"), {"role": "administrator", "note": PLANTED}
    answer = client.post(f"{page}/grants", data=typed, headers={"Referer": f"http://localhost{page}"})

    assert answer.status_code == 400
    assert PLANTED not in answer.text
    assert f'action="{page}/grants"' not in answer.text
    with client.session_transaction() as session:
        assert "kept" not in session


def test_what_gives_roles_is_known_by_its_address(sqlite_app: Flask) -> None:
    assert set(sqlite_app.view_functions) >= GIVES_ROLES
