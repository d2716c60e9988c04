"""Calendar feeds: an address shown once, that needs no session, and opens nothing once it is revoked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import update
from werkzeug.test import TestResponse

from eventreg.accounts.models import CalendarFeed
from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.campaigns.rules import ScheduleState
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.keyring.keys import fingerprint_of
from eventreg.people import service as people
from eventreg.people.models import Person
from eventreg.registrations import announcing
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import token_in
from tests.rig.plan_pages import organised
from tests.rig.plans import as_new, do, draft, facts
from tests.rig.statements import statements

ClientFor = Callable[..., FlaskClient]
PAGE = "/my/calendar"
ADDRESS = re.compile(r"http://localhost(/feeds/[\w-]+\.ics)")
MOST = 6  # statements of one feed in a process that has seen nothing yet


@pytest.fixture
def stage(app: Flask) -> Stage:
    """A1 organises the outing, B2 administers; A1 and B2 have its two places, C3 waits."""
    set_up = organised(app)
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, set_up, who, now=utc_now())
    return set_up


def press(client: FlaskClient, where: str = PAGE, scope: str = "own") -> TestResponse:
    """Press one of the page's buttons."""
    return client.post(where, data={"csrf_token": token_in(client.get(PAGE)), "scope": scope})


def made(client: FlaskClient, scope: str = "own") -> str:
    """The path of a new address."""
    found = ADDRESS.search(press(client, scope=scope).text)
    assert found is not None
    return found[1]


def fetched(app: Flask, path: str) -> list[tuple[str, str, str, int]]:
    """(UID, summary's first part, STATUS, SEQUENCE) of the entries, fetched without a session."""
    answer = app.test_client().get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    calendar = Calendar.from_ical(answer.text)
    assert (calendar.errors, str(calendar["method"])) == ([], "PUBLISH")
    return [
        (str(e["uid"]), str(e["summary"]).split(" · ")[0], str(e["status"]), int(str(e["sequence"])))
        for e in calendar.walk("VEVENT")
    ]


def test_it_holds_what_she_has_a_place_in_under_the_uids_of_her_mails(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    client = client_for("A1")
    file = Calendar.from_ical(client.get("/my/registrations/1/calendar.ics").text)

    found = fetched(app, made(client))
    assert [uid for uid, *_rest in found] == [str(e["uid"]) for e in file.walk("VEVENT")]
    assert [rest for _uid, *rest in found] == [["徒步游", "TENTATIVE", 0], ["风筝赛", "TENTATIVE", 0]]


def test_who_waits_sees_that_she_waits_and_who_left_the_list_nothing(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    with app.app_context(), unit_of_work():
        people.choose_locale(stage.people["C3"], "zh-CN")
    address = made(client_for("C3"))
    hike = facts(app, "outing").activities[0]
    do(
        app,
        "outing",
        announcing.change_activity,
        hike.id,
        as_new(hike, schedule=ScheduleState.CONFIRMED),
        now=utc_now(),
    )

    assert [rest for _uid, *rest in fetched(app, address)] == [
        ["候补：徒步游", "TENTATIVE", 1],
        ["候补：风筝赛", "TENTATIVE", 0],
    ]
    cast.withdraw(app, stage, "C3", now=utc_now())
    assert fetched(app, address) == []


def test_an_update_raises_the_sequence(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    address, numbers = made(client_for("A1")), list[int]()
    for schedule in (ScheduleState.CONFIRMED, ScheduleState.CANCELLED, ScheduleState.MOVED):
        hike = facts(app, "outing").activities[0]
        do(app, "outing", announcing.change_activity, hike.id, as_new(hike, schedule=schedule), now=utc_now())
        numbers.append(fetched(app, address)[0][3])

    assert numbers == [1, 2, 3]


def test_a_called_off_part_says_so_in_its_title(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    """Many programs show an entry with STATUS:CANCELLED like any other."""
    addresses = [made(client_for("A1")), made(client_for("A1"), "managed")]
    kites = facts(app, "outing").activities[1]
    off = as_new(kites, schedule=ScheduleState.CANCELLED)
    do(app, "outing", announcing.change_activity, kites.id, off, now=utc_now())

    for address in addresses:
        assert [rest for _uid, *rest in fetched(app, address)] == [
            ["徒步游", "TENTATIVE", 0],
            ["已取消：风筝赛", "CANCELLED", 1],
        ]


def test_only_its_fingerprint_is_kept_and_it_is_shown_once(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    client = client_for("A1")
    path = made(client)
    token = path.removeprefix("/feeds/").removesuffix(".ics")
    with app.app_context():
        row = db.session.query(CalendarFeed).one()

    assert row.token_hash == fingerprint_of(token)
    assert len(token) * 6 >= 128
    assert [token in client.get(page).text for page in (PAGE, "/my/data", "/my/data.json")] == [False] * 3


def bare(answer: TestResponse, path: str) -> tuple[int, str]:
    """Status and page, without what names the address."""
    page = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)
    return answer.status_code, page.replace(path, "PATH")


def test_revoked_replaced_and_invented_addresses_answer_alike(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    client, nobody = client_for("A1"), app.test_client()
    replaced = made(client)
    revoked = made(client)
    assert (nobody.get(replaced).status_code, nobody.get(revoked).status_code) == (404, 200)
    assert [press(client, f"{PAGE}/revocation").status_code for _twice in range(2)] == [303, 303]

    pages = [bare(nobody.get(path), path) for path in (replaced, revoked, f"/feeds/{'x' * 32}.ics")]
    assert pages[0][0] == 404
    assert pages[0] == pages[1] == pages[2]


def test_who_left_the_company_has_no_feed(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    path = made(client_for("A1"))
    with app.app_context(), unit_of_work():
        db.session.execute(update(Person).where(Person.id == stage.people["A1"]).values(left_at=utc_now()))

    assert app.test_client().get(path).status_code == 404


def test_an_organiser_s_feed_holds_her_campaigns_and_an_administrator_s_all(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    draft(app, stage)
    with app.app_context(), unit_of_work():
        now = utc_now() - timedelta(minutes=1)
        campaign_grants.grant(stage.people["E5"], Role.ORGANISER, "outing", actor=acting("test", now))

    hers, all_ = (fetched(app, made(client_for(who), "managed")) for who in ("E5", "B2"))
    installation = app.extensions["eventreg.installation"]
    assert [uid for uid, *_rest in hers] == [f"activity-{n}@{installation}" for n in (1, 2)]
    assert len(all_) == 4


def test_who_manages_nothing_any_more_gets_an_empty_calendar(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    with app.app_context(), unit_of_work():
        since = utc_now() - timedelta(minutes=1)
        campaign_grants.grant(stage.people["E5"], Role.ORGANISER, "outing", actor=acting("test", since))
    path = made(client_for("E5"), "managed")
    with app.app_context():
        [held] = [
            h
            for h in campaign_grants.list_in(stage.campaign_id, now=utc_now())
            if h.person_id == stage.people["E5"]
        ]
        with unit_of_work():
            campaign_grants.end(held.id, campaign_id=stage.campaign_id, actor=acting("test", utc_now()))

    assert fetched(app, path) == []


@pytest.mark.parametrize("scope", ["managed", "all", "own' OR 1=1"])
def test_nobody_gets_a_feed_that_is_not_hers_to_have(
    app: Flask, stage: Stage, client_for: ClientFor, scope: str
) -> None:
    assert [press(client_for("C3"), where, scope).status_code for where in (PAGE, f"{PAGE}/revocation")] == [
        404
    ] * 2


def test_each_making_and_revoking_is_on_record(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    client = client_for("A1")
    made(client)
    press(client, f"{PAGE}/revocation")

    page = client.get("/my/data").text
    assert ["生成自己的日历订阅地址" in page, "作废自己的日历订阅地址" in page] == [True, True]


def test_a_feed_takes_few_statements_however_much_it_holds(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    address, counts = made(client_for("A1")), list[int]()
    for _ in range(2):
        with statements(app) as seen:
            fetched(app, address)
        counts.append(len(seen))

    assert counts[0] <= MOST
    assert counts[1] <= counts[0]


def test_the_answer_is_kept_by_nobody_and_is_no_page(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    answer = app.test_client().get(made(client_for("A1")))

    assert (answer.headers["Cache-Control"], answer.headers["Content-Type"]) == (
        "no-store",
        "text/calendar; charset=utf-8",
    )
