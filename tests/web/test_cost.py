"""What a request costs in statements: few, and as many with ten thousand registrations as with none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert

from eventreg.campaigns.models import Campaign, Pool
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.registrations.models import Registration
from tests.rig import cast
from tests.rig.cast import Stage
from tests.rig.clients import form_of, send, signed_in_client
from tests.rig.statements import statements

SIGN_UP_MOST = {"sqlite": 13, "postgresql": 12}
OUTING = "/campaigns/outing/registration"


def fill(app: Flask, stage: Stage, count: int) -> None:
    """So many registrations, written in bulk by people of the crowd."""
    crowd = [person for no, person in stage.people.items() if no.startswith("X")]
    rows = [
        {
            "campaign_id": stage.campaign_id,
            "person_id": crowd[n % len(crowd)],
            "state": "withdrawn" if n >= len(crowd) else "seated",
            "ended_why": "herself" if n >= len(crowd) else None,
            "arrival": n + 1,
            "registered_at": utc_now(),
            "source": "web",
            "notice_id": stage.notice_id,
        }
        for n in range(count)
    ]
    with app.app_context(), unit_of_work():
        db.session.execute(insert(Registration), rows)
        campaign = db.session.get_one(Campaign, stage.campaign_id)
        campaign.last_arrival = count
        pool = db.session.query(Pool).filter(Pool.campaign_id == stage.campaign_id).one()
        pool.taken = min(count, len(crowd))


def sign_up_statements(app: Flask, who: str) -> list[str]:
    """The statements of one POST that signs somebody up."""
    client = signed_in_client(app, who)
    page = client.get(OUTING)
    assert page.status_code == 200
    with statements(app, warm=True) as seen:
        answer = client.post(OUTING, data=form_of(page))
    assert answer.status_code == 303
    return seen


def most_of(app: Flask) -> int:
    """So many statements may a sign-up take on the app's database."""
    return next(most for kind, most in SIGN_UP_MOST.items() if kind in app.config["SQLALCHEMY_DATABASE_URI"])


def test_a_sign_up_takes_few_statements_whatever_is_there(app: Flask) -> None:
    stage = cast.set_stage(app, capacity=20_000, extra=50, now=cast.lately())

    empty = len(sign_up_statements(app, "A1"))
    fill_from = 10_000
    with app.app_context(), unit_of_work():
        db.session.query(Campaign).filter(Campaign.id == stage.campaign_id).update({"last_arrival": 0})
        db.session.query(Registration).update({"arrival": Registration.arrival + 100_000})
    fill(app, stage, fill_from)
    full = len(sign_up_statements(app, "B2"))

    assert empty == full
    assert empty <= most_of(app)


def test_a_waiting_sign_up_takes_no_more(app: Flask) -> None:
    cast.set_stage(app, capacity=0, now=cast.lately())

    assert len(sign_up_statements(app, "A1")) <= most_of(app)


def test_lists_take_as_many_statements_for_three_as_for_one(
    app: Flask, client_for: Callable[..., FlaskClient]
) -> None:
    cast.set_stage(app, now=cast.lately())
    client, counts = client_for("A1"), list[list[int]]()
    for who in ("A1", "B2", "C3"):
        assert send(client_for(who), OUTING).status_code == 303
        counts.append([])
        for page in ("/", "/campaigns/outing", "/campaigns/outing/order", "/my"):
            with statements(app) as seen:
                assert client.get(page).status_code == 200
            counts[-1].append(len(seen))

    assert counts[0] == counts[1] == counts[2]


def test_no_statement_of_a_sign_up_walks_the_registrations(sqlite_app: Flask) -> None:
    """Law 5. SQLite says how it means to find rows; with bound states it once walked all of a campaign's."""
    stage = cast.set_stage(sqlite_app, capacity=20_000, extra=50, now=cast.lately())
    fill(sqlite_app, stage, 500)
    client, ways = signed_in_client(sqlite_app, "A1"), list[str]()

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE")) and "registration" in statement:
            driver = connection.connection.driver_connection
            plan = driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            ways.extend(step[3] for step in plan if " registration " in step[3])

    with sqlite_app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", explain)
    receipt = send(client, OUTING).location
    assert client.get(receipt).status_code == 200

    by_person = "registration USING INDEX uq_registration_live (campaign_id=? AND person_id=?)"
    assert {way.removesuffix(" LEFT-JOIN") for way in ways} == {
        f"SEARCH {by_person}",
        "SEARCH registration USING INTEGER PRIMARY KEY (rowid=?)",
    }
