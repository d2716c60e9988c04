"""`next` leads nowhere but to pages of ours (T15), and another Host to nothing at all (T16)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from eventreg.core.db.session import db
from eventreg.web.app.addresses import safe_path
from tests.security.matrix import ROWS
from tests.security.world import World, csrf_of

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%09/evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    " //evil.example",
    "https:evil.example",
    "https://evil.example/",
    "http:///evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "https://127.0.0.1:8000@evil.example/",
    "%2f%2fevil.example",
    "/%2fevil.example",
    "/%2F%2Fevil.example",
    "/%5cevil.example",
    "/.evil.example",
    "/my/..//evil.example",
    "/;@evil.example",
    "/@evil.example",
    "/\u3000/evil.example",
    "evil.example",
    "",
    "/nowhere",
    "/sign-out",
]
OURS = ["/", "/my", "/my?from=mail", "/campaigns/spring-outing", "/my/registrations/1", "/help#top"]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_other_place_is_a_path_of_ours(whole_world: World, target: str) -> None:
    with whole_world.app.test_request_context():
        assert safe_path(target) is None


@pytest.mark.parametrize("target", OURS)
def test_pages_of_ours_are(whole_world: World, target: str) -> None:
    with whole_world.app.test_request_context():
        assert safe_path(target) == target


@pytest.mark.parametrize("target", ELSEWHERE)
def test_choosing_a_language_leads_home_instead(world: World, target: str) -> None:
    client = world.client("anonymous")
    form = {"csrf_token": csrf_of(client), "language": "en", "next": target}

    assert client.post("/language", data=form).location == "/"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_signed_in_visitor_is_not_sent_elsewhere_by_the_sign_in_page(world: World, target: str) -> None:
    answer = world.client("employee").get("/sign-in", query_string={"next": target})

    assert (answer.status_code, answer.location) == (302, "/")


def test_a_nul_is_turned_away_at_the_gate(world: World) -> None:
    assert world.client("employee").get("/sign-in", query_string={"next": "/\x00"}).status_code == 400


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "/\t/evil.example"])
def test_signing_in_by_a_link_leads_home_instead(world: World, target: str) -> None:
    client = world.client("anonymous")
    form = {"csrf_token": csrf_of(client), "next": target}
    client.post("/sign-in", data={**form, "identifier": "HC0012"})

    assert client.post(world.filled("/sign-in/link/{link}"), data=form).location == "/"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000"])
def test_another_host_is_refused_before_the_database_is_asked(whole_world: World, host: str) -> None:
    client, refused, answers = whole_world.client("employee"), (400, 0), dict[str, tuple[int, int]]()
    with _statements(whole_world) as asked:
        for row in ROWS:
            asked.clear()
            answer = client.open(whole_world.filled(row.sample), method=row.method, headers={"Host": host})
            answers[str(row)] = answer.status_code, len(asked)

    assert {row: told for row, told in answers.items() if told != refused} == {}
    assert len(answers) == len(ROWS)


def test_statements_are_seen(whole_world: World) -> None:
    """The control of the test above."""
    with _statements(whole_world) as asked:
        whole_world.client("employee").get("/my")

    assert len(asked) > 1


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"]
)
def test_a_header_about_another_host_changes_no_page(whole_world: World, header: str) -> None:
    answer = whole_world.client("employee").get("/my", headers={header: "host=evil.example"})

    assert answer.status_code == 200
    assert "evil" not in answer.text


@contextmanager
def _statements(world: World) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    with world.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
