"""Somebody else's registration and one that does not exist answer alike (T3)."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from tests.security.matrix import OWNED, ROWS, Row
from tests.security.world import STAFF_NO, World, csrf_of


def _ask(world: World, row: Row, id_: str) -> TestResponse:
    client = world.client("employee")
    form = {"csrf_token": csrf_of(client), "phone": "13800138000"} if row.unsafe else None
    return client.open(row.sample.replace("{own}", id_), method=row.method, data=form)


def _bare(answer: TestResponse, id_: str) -> str:
    """The page without what differs from request to request: our token, the address asked for."""
    page = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)
    return page.replace(f"/my/registrations/{id_}", "/my/registrations/ID")


@pytest.mark.parametrize("row", OWNED, ids=str)
def test_another_s_registration_is_as_unknown_as_one_that_is_not_there(world: World, row: Row) -> None:
    other, unknown = world.things["other"], world.things["unknown"]

    answers = [(_ask(world, row, id_), id_) for id_ in (other, unknown)]

    assert [(a.status_code, _bare(a, id_)) for a, id_ in answers] == [(404, _bare(*answers[1]))] * 2


@pytest.mark.parametrize("row", OWNED, ids=str)
def test_headers_tell_no_difference_either(world: World, row: Row) -> None:
    told = [
        {name: value for name, value in _ask(world, row, world.things[id_]).headers if name != "Set-Cookie"}
        for id_ in ("other", "unknown")
    ]
    for headers in told:
        headers.pop("Content-Length")

    assert told[0] == told[1]


def test_another_s_ticket_shows_what_an_invented_one_shows(world: World) -> None:
    client, real = world.client("employee"), world.things["ticket_employee_other"]
    pages = {
        token: re.sub(r'name="csrf_token" value="[^"]+"', "", client.get(f"/t/{token}").text).replace(
            token, "T"
        )
        for token in (real, real[::-1])
    }

    assert pages[real] == pages[real[::-1]]


def test_a_unit_contact_prints_no_code_for_another_unit_s_people(world: World) -> None:
    """Ticking a person who is not hers is like ticking nobody."""
    client = world.client("unit_contact")
    mine = set(re.findall(r'name="person" value="(\d+)"', client.get("/unit/codes").text))
    theirs = set(
        re.findall(r'name="person" value="(\d+)"', world.client("unit_contact_other").get("/unit/codes").text)
    )

    answer = client.post(
        "/unit/codes", data={"csrf_token": csrf_of(client), "person": [*theirs, "999999", "x"]}
    )

    assert mine
    assert theirs
    assert mine & theirs == set()
    assert answer.status_code == 422


def test_another_s_browser_is_as_unknown_as_one_that_is_not_there(world: World) -> None:
    client, ids = world.client("employee_other"), (world.things["session"], "999999")
    form = {"csrf_token": csrf_of(client)}
    ended = [client.post(f"/my/sessions/{id_}/end", data=form) for id_ in ids]

    pages = [_bare(a, "").replace(f"/my/sessions/{id_}", "") for a, id_ in zip(ended, ids, strict=True)]
    assert ([a.status_code for a in ended], pages[0]) == ([404, 404], pages[1])
    assert world.client("employee").get("/my").status_code == 200


def test_one_s_own_data_is_all_that_my_data_tells(world: World) -> None:
    """There is no address for another's: whatever is asked beside it, one's own comes back."""
    client = world.client("employee_other")
    asked = [
        client.get(f"/my/data.json{query}").json
        for query in ("", "?person_id=1", "?id=" + world.things["person"])
    ]

    told = [(answer or {})["person"][0]["staff_no"] for answer in asked]
    assert told == [STAFF_NO["employee_other"]] * 3
    assert "HC0003" not in client.get("/my/data.json").text


MANAGED = [row for row in ROWS if row.rule.startswith("/manage/campaigns/")]


def test_another_s_campaign_is_as_unknown_as_one_that_is_not_there(world: World) -> None:
    statuses, different = {}, []
    for row in MANAGED:
        client, token = world.with_a_page("organiser_other")
        form, pages = {"csrf_token": token} if row.unsafe else None, []
        for slug in ("spring-outing", "nothing-here"):
            address = row.sample.replace("spring-outing", slug)
            answer = client.open(address, method=row.method, data=form)
            pages.append((answer.status_code, _bare(answer, "").replace(slug, "SLUG")))
        statuses[str(row)] = pages[0][0]
        different += [str(row)] if pages[0] != pages[1] else []

    assert different == []
    assert statuses == dict.fromkeys(statuses, 404)


def test_another_campaign_s_letter_is_as_unknown_as_one_that_is_not_there(world: World) -> None:
    client = world.client("organiser_other")
    form, ids = {"csrf_token": csrf_of(client)}, (world.things["letter"], world.things["unknown"])
    told = []
    for id_ in ids:
        page = f"/manage/letters/{id_}"
        answers = [
            client.get(page),
            *(client.post(f"{page}/{w}", data=form) for w in ("again", "address", "bounce")),
        ]
        told.append([(answer.status_code, _bare(answer, "").replace(page, "PAGE")) for answer in answers])

    assert told[0] == told[1]
    assert [status for status, _page in told[0]] == [404] * 4


def test_another_s_robot_is_as_unknown_as_one_that_is_not_there(world: World) -> None:
    """A robot of the house has no address under a campaign, and none of a campaign one under the house."""
    client = world.client("administrator")
    form = {"csrf_token": csrf_of(client)}
    told = []
    for owner, robot in (
        ("/manage/campaigns/spring-outing", "house_robot"),
        ("/manage/campaigns/forum", "robot"),
        ("/manage", "robot"),
        ("/manage", "unknown"),
    ):
        page = f"{owner}/robots/{world.things[robot]}"
        told.append(
            [client.post(f"{page}/{w}", data=form).status_code for w in ("switch", "test", "removal")]
        )

    assert told == [[404] * 3] * 4


NOMINATED = [row for row in ROWS if "{nomination}" in row.sample]


@pytest.mark.parametrize("row", NOMINATED, ids=str)
def test_another_department_s_nomination_is_as_unknown_as_one_that_is_not_there(
    world: World, row: Row
) -> None:
    client = world.client("unit_contact_other")
    form = {"csrf_token": csrf_of(client)} if row.unsafe else None
    pages = []
    for id_ in (world.things["nomination"], world.things["unknown"]):
        address = row.sample.replace("{nomination}", id_)
        answer = client.open(address, method=row.method, data=form)
        pages.append((answer.status_code, _bare(answer, "").replace(address, "ADDRESS")))

    assert pages[0] == pages[1]
    assert pages[0][0] == 404


PROPOSED = [row for row in ROWS if "{proposal}" in row.sample]


@pytest.mark.parametrize("viewpoint", ["employee_other", "unit_contact", "administrator"])
@pytest.mark.parametrize("row", PROPOSED, ids=str)
def test_another_s_proposal_is_as_unknown_as_one_that_is_not_there(
    world: World, row: Row, viewpoint: str
) -> None:
    """Not even to her department's contact, before it was passed on."""
    client = world.client(viewpoint)
    form = {"csrf_token": csrf_of(client)} if row.unsafe else None
    pages = []
    for id_ in (world.things["proposal"], world.things["unknown"]):
        address = row.sample.replace("{proposal}", id_)
        answer = client.open(address, method=row.method, data=form)
        pages.append((answer.status_code, _bare(answer, "").replace(address, "ADDRESS")))

    assert pages[0] == pages[1]
    assert pages[0][0] == 404


def test_a_proposal_has_no_address_among_a_department_s_nominations(world: World) -> None:
    answer = world.client("unit_contact").get(f"/unit/nominations/{world.things['proposal']}")

    assert answer.status_code == 404


FILED = [row for row in ROWS if "{file}" in row.sample]


def test_hr_has_no_file_of_what_is_not_submitted(world: World) -> None:
    things = world.things
    answers = [
        world.client("hr_reviewer")
        .get(f"/review/nominations/{nomination}/files/{things['file']}")
        .status_code
        for nomination in (things["nomination"], things["submitted"])
    ]

    assert answers == [404, 404]


@pytest.mark.parametrize("row", FILED, ids=str)
def test_a_file_is_found_in_its_own_nomination_only(world: World, row: Row) -> None:
    client = world.client("unit_contact")
    form = {"csrf_token": csrf_of(client)} if row.unsafe else None
    address = row.sample.format_map({**world.things, "file": "0" * 32})

    assert client.open(address, method=row.method, data=form).status_code == 404
