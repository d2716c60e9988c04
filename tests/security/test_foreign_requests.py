"""What another site makes a browser ask sets and clears no cookie; who is refused stands in the log, so many a minute."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import func, select

from eventreg.accounts.models import BrowserSession
from eventreg.core.db.session import db
from eventreg.web.app import refusal_log
from eventreg.web.app.refusal_log import OF_ALL, OF_ONE_ADDRESS, LineLimit
from tests.rig.clients import form_of, token_in
from tests.security.matrix import POSTS
from tests.security.test_returned_forms import ELSEWHERE
from tests.security.world import World

OURS = "http://127.0.0.1:8000"
NAVIGATION = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
PICTURE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
BY_HAND = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}


@pytest.mark.parametrize("way", ELSEWHERE)
def test_a_form_of_another_site_sets_no_cookie(whole_world: World, way: str) -> None:
    """Browsers send no cookie of ours with it: the answer is to a visitor whom we do not know."""
    told = {}
    for row in POSTS:
        client = whole_world.app.test_client()
        client.environ_base.pop("HTTP_ORIGIN")
        answer = client.post(whole_world.filled(row.sample), data={"language": "en"}, headers=ELSEWHERE[way])
        told[str(row)] = (answer.status_code, answer.headers.getlist("Set-Cookie"))

    assert told == dict.fromkeys(told, (400, []))
    assert told


@pytest.mark.parametrize(
    ("headers", "sets"),
    [(NAVIGATION, True), (BY_HAND, True), ({}, True), (PICTURE, False)],
    ids=["link", "typed", "old browser", "picture"],
)
def test_a_page_asked_by_another_site_sets_one_only_where_somebody_goes_there(
    whole_world: World, headers: dict[str, str], sets: bool
) -> None:
    answer = whole_world.app.test_client().get("/sign-in", headers=headers)

    assert (answer.status_code, bool(answer.headers.getlist("Set-Cookie"))) == (200, sets)


def test_a_link_in_a_mail_leads_to_a_working_sign_in(world: World) -> None:
    client = world.app.test_client()
    page = client.get("/sign-in?next=/my", headers=NAVIGATION)
    asked = {"csrf_token": token_in(page), "identifier": "HC0003", "next": "/my"}
    answer = client.post("/sign-in", data=asked, headers={"Sec-Fetch-Site": "same-origin"})

    assert (answer.status_code, answer.location) == (303, "/sign-in/code")
    assert client.get("/sign-in/code").status_code == 200


def _alive(world: World) -> int:
    with world.app.app_context():
        open_ones = select(func.count()).where(BrowserSession.ended_at.is_(None))
        return db.session.scalar(open_ones) or 0


def test_signing_in_again_ends_the_session_that_this_browser_had(world: World) -> None:
    runner = world.app.test_cli_runner()
    link = runner.invoke(args=["sign-in-link", "HC0003"]).output.strip().split()[-1].removeprefix(OURS)
    client, before = world.client("organiser"), _alive(world)
    first = client.get_cookie("eventreg")
    client.post(link, data=form_of(client.get(link)))
    stolen = world.app.test_client()
    assert first is not None
    stolen.set_cookie("eventreg", first.value)

    assert (_alive(world), client.get("/my").status_code) == (before, 200)
    assert stolen.get("/my").status_code == 302


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The log of refusals, of a minute that has just begun."""
    monkeypatch.setattr(refusal_log, "LIMIT", LineLimit())
    caplog.set_level(logging.WARNING, "eventreg.refusals")
    return caplog


def test_a_refused_door_and_a_refused_form_leave_a_line_each(
    world: World, lines: pytest.LogCaptureFixture
) -> None:
    client = world.client("employee")
    client.get("/manage/people/7")
    client.post("/sign-out", data={"csrf_token": "old"})
    client.post("/manage/people/7/email", headers={"Sec-Fetch-Site": "cross-site"})
    client.get("/my")
    told = [(r.why, r.method, r.path, r.ids, r.address) for r in lines.records]  # type: ignore[attr-defined]

    assert told[0] == ("door.404", "GET", "/manage/people/<int:person_id>", {"person_id": 7}, "127.0.0.1")
    assert [one[0] for one in told] == ["door.404", "form.csrf", "form.foreign"]
    assert all(isinstance(r.person, int) for r in lines.records)  # type: ignore[attr-defined]


def test_no_line_holds_a_token(world: World, lines: pytest.LogCaptureFixture) -> None:
    world.client("employee").post("/sign-in/link/very-secret-token")

    assert [record.path for record in lines.records] == ["/sign-in/link/<token>"]  # type: ignore[attr-defined]
    assert "very-secret" not in str([vars(record) for record in lines.records])


def test_the_lines_of_a_minute_are_bounded_and_what_is_left_out_is_counted() -> None:
    limit = LineLimit()
    start = limit._since
    of_one = sum(limit.admits("10.0.0.1", now=start)[0] for _ in range(100))
    of_all = sum(limit.admits(f"10.0.1.{n}", now=start + 1)[0] for n in range(OF_ALL))

    assert (of_one, of_one + of_all) == (OF_ONE_ADDRESS, OF_ALL)
    assert limit.admits("10.0.0.1", now=start + 61) == (True, 100)
