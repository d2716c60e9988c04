"""A form that comes back is one of ours: nothing of a form from elsewhere is kept, shown or offered again (T13)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.people import service as people
from eventreg.web.forms.returned_forms import NEVER_KEPT, is_ours
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.clients import signed_in_client, token_in
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

    assert answer.status_code == 400
    assert PLANTED in answer.text


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
        grants.grant(stage.people["F6"], Role.ADMINISTRATOR, unit_id=None, actor=acting("test", since))
    return app, f"/manage/people/{stage.people['A1']}"


SEASON = "/manage/season"
HEADLINE = "三月的风，属于你"


def test_at_a_privileged_door_it_comes_back_as_the_real_form(office: tuple[Flask, str]) -> None:
    client, typed = signed_in_client(office[0], "F6"), {"headline": HEADLINE, "brand": "禾川"}
    answer = client.post(SEASON, data=typed, headers={"Referer": f"http://localhost{SEASON}"})
    shown = client.get(SEASON)

    assert (answer.status_code, answer.location) == (303, SEASON)
    assert "请核对后再按一次按钮" in shown.text
    form = re.findall(rf'<form[^>]*action="{SEASON}".*?</form>', shown.text, re.DOTALL)[0]
    assert f'value="{HEADLINE}"' in form
    assert "保存" in form  # its own button
    assert HEADLINE not in client.get(SEASON).text  # once


def _expired(app: Flask, staff_no: str) -> FlaskClient:
    """A browser whose session is no longer elevated, having sent the season's form."""
    client = signed_in_client(app, staff_no, since=utc_now() - timedelta(hours=1))
    typed = {"headline": HEADLINE, "csrf_token": csrf_of(client)}
    answer = client.post(SEASON, data=typed, headers={"Referer": f"http://localhost{SEASON}"})
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in")
    return client


def _sign_in_by_link(client: FlaskClient, staff_no: str) -> str:
    """Where signing in by a console link leads in this browser."""
    said = client.application.test_cli_runner().invoke(args=["sign-in-link", staff_no]).output
    address = said.strip().split()[-1].removeprefix("http://localhost")
    return str(client.post(address, data={"csrf_token": token_in(client.get(address))}).location)


def test_after_signing_in_anew_it_waits_in_its_page(office: tuple[Flask, str]) -> None:
    client = _expired(office[0], "F6")

    assert _sign_in_by_link(client, "F6") == SEASON
    assert f'value="{HEADLINE}"' in client.get(SEASON).text


def test_somebody_else_who_signs_in_in_this_browser_does_not_get_it(office: tuple[Flask, str]) -> None:
    app, _page = office
    with app.app_context(), unit_of_work():
        since = utc_now() - timedelta(minutes=5)
        other = people.get_person_by_staff_no("B2").id
        grants.grant(other, Role.ADMINISTRATOR, unit_id=None, actor=acting("test", since))
    client = _expired(app, "F6")

    assert _sign_in_by_link(client, "B2") == "/manage"
    assert HEADLINE not in client.get(SEASON).text


def test_a_cookie_that_names_no_session_carries_no_form_to_a_privileged_door(
    office: tuple[Flask, str],
) -> None:
    """An attacker makes such a cookie in a browser of their own and plants it from another port of our host."""
    app, page = office
    attacker = app.test_client()
    for address in (SEASON, f"{page}/email"):
        typed = {"headline": PLANTED, "email": PLANTED, "csrf_token": csrf_of(attacker)}
        attacker.post(address, data=typed, headers={"Referer": f"http://localhost{page}"})
    with attacker.session_transaction() as session:
        assert "kept" not in session


def test_the_secret_of_forms_is_new_for_whoever_signs_in(office: tuple[Flask, str]) -> None:
    """A planted cookie's token is worth nothing once its victim has signed in; one's own stays good."""
    app, _page = office
    client = app.test_client()
    planted = csrf_of(client)
    _sign_in_by_link(client, "F6")
    mine = csrf_of(client)
    _sign_in_by_link(client, "F6")
    fields = {"language": "en", "next": "/help"}

    assert client.post("/language", data={**fields, "csrf_token": planted}).status_code == 400
    assert client.post("/language", data={**fields, "csrf_token": mine}).status_code == 303
    client.post("/sign-out", data={"csrf_token": csrf_of(client)})
    assert client.post("/language", data={**fields, "csrf_token": mine}).status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost:9999"}, 400),
        ({"Origin": "http://evil.localhost"}, 400),
        ({"Origin": "https://evil.example"}, 400),
        ({"Origin": "null"}, 400),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "same-site"}, 400),
    ],
    ids=str,
)
def test_a_valid_token_does_not_help_a_form_from_elsewhere(
    office: tuple[Flask, str], headers: dict[str, str], status: int
) -> None:
    """Browsers send no Sec-Fetch-Site to hosts without https: there Origin alone says it."""
    client = signed_in_client(office[0], "F6")
    form = {"language": "en", "next": "/help", "csrf_token": csrf_of(client)}

    assert client.post("/language", data=form, headers=headers).status_code == status


def test_a_program_without_an_origin_is_asked_for_its_token_alone(office: tuple[Flask, str]) -> None:
    client = signed_in_client(office[0], "F6")
    form = {"language": "en", "next": "/help", "csrf_token": csrf_of(client)}
    client.environ_base.pop("HTTP_ORIGIN")

    assert client.post("/language", data=form).status_code == 303


@pytest.mark.parametrize(
    "referer",
    ["http://evil.example//sign-in", "http://localhost//sign-in", "http://localhost/\\evil", "http://evil.example/manage/season"],
)  # fmt: skip
def test_a_referer_leads_nowhere_else(office: tuple[Flask, str], referer: str) -> None:
    client = signed_in_client(office[0], "F6")
    answer = client.post(f"{office[1]}/grants", data={"role": "x"}, headers={"Referer": referer})

    assert answer.status_code == 400
    assert 'href="//' not in answer.text
    assert f'href="{SEASON}"' not in answer.text.partition("<main")[2].partition("</main>")[0]


def test_ticks_come_back_too(office: tuple[Flask, str]) -> None:
    client, at = signed_in_client(office[0], "F6"), "/manage/campaigns/outing/robots"
    page = client.get(at).text
    boxes = re.findall(r'<input[^>]*type="checkbox"[^>]*name="([^"]+)"[^>]*value="([^"]+)"|<input[^>]*name="([^"]+)"[^>]*type="checkbox"[^>]*value="([^"]+)"', page)  # fmt: skip
    ticked = [(a or c, b or d) for a, b, c, d in boxes][:2]
    data = MultiDict([("robot_name", "工会群"), ("secret", "very-secret"), *ticked])
    answer = client.post(at, data=data, headers={"Referer": f"http://localhost{at}"})
    form = client.get(at).text

    assert (answer.status_code, len(ticked)) == (303, 2)
    checked = re.findall(r"<input[^>]*checked[^>]*>", form)
    assert [value for _, value in ticked if not any(f'value="{value}"' in tag for tag in checked)] == []
    assert 'value="工会群"' in form
    assert "very-secret" not in form


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
    assert set(sqlite_app.view_functions) >= NEVER_KEPT
