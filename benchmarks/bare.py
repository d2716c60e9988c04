"""The limit: a Flask app with nothing between the request and the rows.

It answers the same addresses with pages of equal bytes, checks CSRF and a session row, and writes the
same rows as a sign-up or a scan by SQLAlchemy Core in one transaction. It has an engine of its own and nothing of our
machinery: no line in the process, no turnstile, no pace; SQLite's writers wait at a plain `flock` before
BEGIN IMMEDIATE, PostgreSQL's transactions are plain READ COMMITTED. The server and its threads are the same. It
knows no window, no waiting list, no double request and no language.
`/two` is the limit that docs/figures.md compares with: a form with CSRF, one conditional UPDATE and one INSERT by the driver.

usage (by benchmarks.servers): python -m benchmarks.bare
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Flask, abort, jsonify, redirect, render_template, request, session
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from jinja2 import DictLoader
from sqlalchemy import Connection, Engine, bindparam, insert, select, update

from eventreg.accounts.models import ApiToken, BrowserSession
from eventreg.campaigns.models import Campaign, Pool
from eventreg.config import Settings, environment
from eventreg.core.idempotency import RequestKey
from eventreg.core.keyring.keys import fingerprint_of, load_keys, stamp
from eventreg.core.trail.audit import AuditEntry
from eventreg.outbox.models import Letter
from eventreg.registrations.models import Answer, Registration, TakenPlace, Ticket
from eventreg.venue.models import Admission, Scan

from .bare_engine import make_engine, writing

HOLDER = select(BrowserSession.person_id, BrowserSession.expires_at).where(
    BrowserSession.token_hash == bindparam("token")
)
CALLER = select(ApiToken.id, ApiToken.until).where(ApiToken.token_hash == bindparam("token"))
ARRIVE = (
    update(Campaign)
    .where(Campaign.id == bindparam("c"))
    .values(last_arrival=Campaign.last_arrival + 1)
    .returning(Campaign.last_arrival)
)
TAKE = update(Pool).where(Pool.id == bindparam("p"), Pool.taken < Pool.capacity).values(taken=Pool.taken + 1)
TAKE_ONE = "UPDATE pool SET taken = taken + 1 WHERE id = {pool} AND taken < capacity"
NOTE_ONE = "INSERT INTO audit_entry (at, by, action, subject, facts) VALUES ('2027-02-20 01:00:00', 'two', 'two', 'two', '{}')"
FIND_TICKET = select(Ticket.registration_id).where(Ticket.token_hash == bindparam("token"))


def create_bare(settings: Settings, sizes: dict[str, int]) -> Flask:
    """The bare app on a stage's database; `sizes` are the bytes of each page."""
    app = Flask("bare")
    keys = load_keys(settings.instance)
    app.config.update(
        SECRET_KEY=stamp(keys.session, "cookie").hex(),
        WTF_CSRF_SECRET_KEY=stamp(keys.forms, "csrf").hex(),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
        SESSION_COOKIE_NAME="eventreg",
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    app.jinja_loader = DictLoader({"page.html": PAGE})  # compiled once, as from a folder
    csrf = CSRFProtect(app)
    engine = make_engine(settings.database)
    writes = partial(writing, engine, settings.instance / "write.lock")
    with engine.connect() as connection:
        about = _about(connection)
    _pages(app, engine, sizes)
    _sign_ups(app, csrf, engine, writes, about)
    _programs(app, engine, writes, about)
    _two_statements(app, csrf, writes, about)
    return app


def _about(connection: Connection) -> dict[str, int]:
    """Ids that every row names."""
    campaign = connection.execute(
        select(Campaign.id, Campaign.notice_id).where(Campaign.slug == "spring-outing")
    ).one()
    pool = connection.scalar(select(Pool.id).where(Pool.campaign_id == campaign.id))
    return {"campaign": campaign.id, "notice": campaign.notice_id, "pool": pool or 0}


def _whose(engine: Engine, token: str) -> int:
    with engine.connect() as connection:
        row = connection.execute(HOLDER, {"token": fingerprint_of(token)}).one_or_none()
    if row is None or row.expires_at <= datetime.now(UTC):
        abort(401)
    holder: int = row.person_id
    return holder


def _calls(engine: Engine) -> int:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    with engine.connect() as connection:
        row = connection.execute(CALLER, {"token": fingerprint_of(token)}).one_or_none()
    if row is None or row.until <= datetime.now(UTC):
        abort(401)
    caller: int = row.id
    return caller


PAGE = """<!doctype html><html lang="zh-CN"><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1>
{% if asks %}<form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<input type="hidden" name="idempotency_key" value="{{ key }}"><input type="checkbox" name="consent" value="1">
<input name="phone"><button>OK</button></form>{% endif %}<!--{{ filling }}--></body></html>"""


def _page(name: str, size: int, *, asks: bool = False) -> str:
    """A rendered page of so many bytes."""
    generate_csrf()
    key = secrets.token_urlsafe(12) if asks else ""
    return render_template("page.html", title=name, asks=asks, key=key, filling="·" * ((size - 450) // 2))


def _pages(app: Flask, engine: Engine, sizes: dict[str, int]) -> None:
    @app.get("/")
    def home() -> str:
        return _page("home", sizes["home"])

    @app.get("/campaigns/<slug>")
    def campaign(slug: str) -> str:
        return _page("campaign", sizes["campaign"])

    @app.get("/campaigns/<slug>/registration")
    def form(slug: str) -> str:
        _whose(engine, session.get("token", ""))
        return _page("form", sizes["form"], asks=True)

    @app.get("/my/registrations/<int:number>")
    def receipt(number: int) -> str:
        _whose(engine, session.get("token", ""))
        return _page("receipt", sizes["receipt"])


def _sign_ups(app: Flask, csrf: CSRFProtect, engine: Engine, writes: Any, about: dict[str, int]) -> None:
    @app.post("/campaigns/<slug>/registration")
    def register(slug: str) -> Any:
        csrf.protect()
        person, form = _whose(engine, session.get("token", "")), request.form
        with writes() as connection:
            made = _registration(
                connection, about, person, key=form["idempotency_key"], phone=form["phone"], source="web"
            )
        return redirect(f"/my/registrations/{made[0]}", 303)


def _programs(app: Flask, engine: Engine, writes: Any, about: dict[str, int]) -> None:
    people = _staff(engine)

    @app.post("/api/v1/campaigns/<slug>/registrations")
    def api_register(slug: str) -> Any:
        _calls(engine)
        body, key = request.get_json(), request.headers["Idempotency-Key"]
        person, phone = people[body["staff_no"]], body["answers"]["phone"]
        with writes() as connection:
            made = _registration(connection, about, person, key=key, phone=phone, source="api")
        ticket = {"token": made[2], "url": f"http://127.0.0.1:8000/t/{made[2]}"}
        return jsonify(id=made[0], state="seated", arrival=made[1], position=None, ticket=ticket), 201

    @app.post("/api/v1/scans")
    def scans() -> Any:
        _calls(engine)
        with writes() as connection:
            results = [_scan(connection, one) for one in request.get_json()["scans"]]
        return jsonify(results=results)


def _two_statements(app: Flask, csrf: CSRFProtect, writes: Any, about: dict[str, int]) -> None:
    """The limit of limits: no session row, no other row than these two."""

    @app.get("/two")
    def two_form() -> str:
        return _page("two", 1000, asks=True)

    @app.post("/two")
    def two() -> Any:
        csrf.protect()
        with writes() as connection:
            took = connection.exec_driver_sql(TAKE_ONE.format(**about))
            if took.rowcount == 1:
                connection.exec_driver_sql(NOTE_ONE)
        return redirect("/two/done", 303)

    @app.get("/two/done")
    def two_done() -> str:
        return _page("done", 1000)


def _staff(engine: Engine) -> dict[str, int]:
    from eventreg.people.models import Person

    with engine.connect() as connection:
        return {no: id_ for no, id_ in connection.execute(select(Person.staff_no, Person.id))}  # noqa: C416


def _registration(
    connection: Connection, about: dict[str, int], person: int, *, key: str, phone: str, source: str
) -> tuple[int, int, str]:
    """The rows that a sign-up writes; id, arrival number and the ticket's token."""
    now, campaign = datetime.now(UTC), about["campaign"]
    arrival = connection.execute(ARRIVE, {"c": campaign}).scalar_one()
    made = {
        "campaign_id": campaign,
        "person_id": person,
        "state": "seated",
        "arrival": arrival,
        "registered_at": now,
        "source": source,
        "notice_id": about["notice"],
        "consented_at": now,
    }
    id_ = connection.execute(insert(Registration).returning(Registration.id), made).scalar_one()
    connection.execute(TAKE, {"p": about["pool"]})
    connection.execute(insert(TakenPlace), {"registration_id": id_, "pool_id": about["pool"]})
    connection.execute(insert(Answer), {"registration_id": id_, "question_id": 1, "value": phone})
    token = secrets.token_urlsafe(16)
    ticket = {"registration_id": id_, "serial": 1, "token_hash": fingerprint_of(token), "issued_at": now}
    connection.execute(insert(Ticket), ticket)
    connection.execute(insert(Letter), _letter(person, id_, now))
    facts = {"campaign": campaign, "arrival": arrival, "source": source}
    entry = {"at": now, "by": f"person:{person}", "action": "registration.registered", "facts": facts}
    connection.execute(insert(AuditEntry), entry | {"subject": f"registration:{id_}"})
    known = {"scope": f"person:{person} campaign:{campaign}", "key": key, "body_hash": fingerprint_of(phone)}
    answer = {"status": 201, "result_kind": "registration", "result_id": id_, "made_at": now}
    connection.execute(insert(RequestKey), known | answer)
    return id_, arrival, token


def _letter(person: int, id_: int, now: datetime) -> dict[str, Any]:
    return {
        "key": f"registration_seated:{id_}",
        "kind": "registration_seated",
        "lane": 1,
        "person_id": person,
        "address": f"b{person}@example.cn",
        "locale": "zh-CN",
        "facts": {"registration": id_, "arrival": id_, "position": None},
        "message_id": f"<{secrets.token_hex(16)}@eventreg.invalid>",
        "state": "queued",
        "posted_at": now,
        "due_at": now,
        "attempts": 0,
    }


def _scan(connection: Connection, one: dict[str, Any]) -> dict[str, Any]:
    now, hashed = datetime.now(UTC), fingerprint_of(one["token"])
    registration = connection.scalar(FIND_TICKET, {"token": hashed})
    row = {
        "device_id": 1,
        "nonce": one["nonce"],
        "check_point": one["check_point"],
        "registration_id": registration,
        "token_hash": hashed,
        "scanned_at": datetime.fromisoformat(one["scanned_at"]),
        "received_at": now,
        "verdict": "admitted",
    }
    connection.execute(insert(Scan), row)
    counted = {"registration_id": registration, "check_point": one["check_point"], "device_id": 1, "at": now}
    connection.execute(insert(Admission), counted)
    return {"nonce": one["nonce"], "verdict": "admitted", "reason": None, "first_at": None}


def worker(settings: Settings) -> Flask:
    """What each of the server's processes loads."""
    return create_bare(settings, json.loads(os.environ["BENCH_SIZES"]))


if __name__ == "__main__":
    from benchmarks.servers import serve

    serve(worker, replace(environment(os.environ), scheduler=False))
