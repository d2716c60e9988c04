"""What a bench plays on: an installation with the demo's campaigns, a crowd with sessions, a token, tickets.

Everything is seeded in bulk; nobody signs in. The bare app plays on the very same database.
"""

from __future__ import annotations

import base64
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, insert, select, update

from eventreg.accounts import api_tokens
from eventreg.accounts.models import BrowserSession
from eventreg.accounts.rules import SESSION_LIFE, ApiScope
from eventreg.campaigns.models import Campaign, Pool
from eventreg.campaigns.service import get_campaign
from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import close_all, db, unit_of_work
from eventreg.core.keyring.keys import Keys, fingerprint_of
from eventreg.demo import company
from eventreg.factory import create_app
from eventreg.people.models import Person, Unit
from eventreg.registrations import tickets
from eventreg.registrations.models import Registration, Ticket
from eventreg.venue import devices
from tests.rig.actors import acting

SLUG = "spring-outing"
PLENTY = 1_000_000


@dataclass(frozen=True)
class Stage:
    """What the crowd needs: cookies by person, staff numbers, bearer tokens, the path of the form."""

    settings: Settings
    cookies: list[str]
    staff_nos: list[str]
    bearer: str
    device: str
    tickets: list[str]


@contextmanager
def opened(settings: Settings) -> Iterator[Flask]:
    """An app on these settings, its connections given back afterwards."""
    app = create_app(replace(settings, scheduler=False))
    yield app
    with app.app_context():
        close_all()


@contextmanager
def settled(settings: Settings) -> Iterator[Flask]:
    """The same with its context, for asking services."""
    with opened(settings) as app, app.app_context():
        yield app


def set_stage(settings: Settings, *, people: int, places: int = PLENTY, seated: int = 0) -> Stage:
    """The demo with `people` more persons, each with a session; the first `seated` hold tickets."""
    with settled(settings) as app:
        now, keys = utc_now(), app.extensions["eventreg.keys"]
        with unit_of_work():
            company.load(now=now)
        campaign = get_campaign(SLUG)
        with unit_of_work():
            ids = _crowd(people)
            cookies = _sessions(app, ids)
            bearer = api_tokens.make("bench", list(ApiScope), owner="bench", actor=acting("bench", now))
            db.session.execute(
                update(Pool).where(Pool.campaign_id == campaign.id).values(capacity=places + seated)
            )
            held = _seat(ids[:seated], campaign.id, campaign.notice_id, keys)
            code = devices.invite(campaign.id, "door", "bench", actor=acting(ids[0], now))
        with unit_of_work():
            device = devices.pair(code, now=now)
        return Stage(settings, cookies, [f"B{n:06d}" for n in range(people)], bearer, device, held)


def _crowd(people: int) -> list[int]:
    unit = db.session.scalar(select(func.min(Unit.id)))
    rows = [
        {
            "staff_no": f"B{n:06d}",
            "name": f"职工{n}",
            "gender": "female",
            "unit_id": unit,
            "email": f"b{n}@example.cn",
        }
        for n in range(people)
    ]
    db.session.execute(insert(Person), rows)
    mine = select(Person.id).where(Person.staff_no.startswith("B")).order_by(Person.staff_no)
    return list(db.session.scalars(mine))


def _sessions(app: Flask, ids: list[int]) -> list[str]:
    """A session row for each, and the cookie that its browser would hold."""
    now = utc_now()
    held = {id_: secrets.token_urlsafe(32) for id_ in ids}
    rows = [
        {
            "token_hash": fingerprint_of(token),
            "person_id": id_,
            "signed_in_at": now,
            "seen_at": now + timedelta(hours=1),  # last seen is written once a minute: not what is measured
            "expires_at": now + SESSION_LIFE,
            "elevated_until": now,
            "browser": "bench",
        }
        for id_, token in held.items()
    ]
    db.session.execute(insert(BrowserSession), rows)
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    name = app.config["SESSION_COOKIE_NAME"]
    return [f"{name}={serializer.dumps({'token': token, '_permanent': True})}" for token in held.values()]


def _seat(ids: list[int], campaign_id: int, notice_id: int, keys: Keys) -> list[str]:
    """Seated registrations with tickets, in bulk; returns the tokens."""
    if not ids:
        return []
    now, first = utc_now(), db.session.scalar(select(func.coalesce(func.max(Registration.id), 0))) or 0
    rows = [
        {
            "id": first + n,
            "campaign_id": campaign_id,
            "person_id": id_,
            "state": "seated",
            "arrival": n,
            "registered_at": now,
            "source": "web",
            "notice_id": notice_id,
        }
        for n, id_ in enumerate(ids, 1)
    ]
    db.session.execute(insert(Registration), rows)
    held = [tickets.token_of(row["id"], tickets.FIRST_SERIAL, key=keys.tickets) for row in rows]  # type: ignore[arg-type]
    issued = [
        {
            "registration_id": row["id"],
            "serial": tickets.FIRST_SERIAL,
            "token_hash": fingerprint_of(token),
            "issued_at": now,
        }
        for row, token in zip(rows, held, strict=True)
    ]
    db.session.execute(insert(Ticket), issued)
    db.session.execute(update(Campaign).where(Campaign.id == campaign_id).values(last_arrival=len(ids)))
    db.session.execute(update(Pool).where(Pool.campaign_id == campaign_id).values(taken=len(ids)))
    if db.engine.dialect.name == "postgresql":
        db.session.execute(
            select(func.setval(func.pg_get_serial_sequence("registration", "id"), first + len(ids)))
        )
    return held


def count_seated(settings: Settings) -> int:
    """How many hold a place now."""
    with settled(settings):
        seated = (Registration.campaign_id == get_campaign(SLUG).id, Registration.state == "seated")
        return db.session.scalar(select(func.count()).select_from(Registration).where(*seated)) or 0


def folder_copy(kept: Path, to: Path) -> Path:
    """A copy of an instance folder, so that each run begins alike."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(kept, to)
    return to


def nonce() -> str:
    """A key that was never used before."""
    return base64.urlsafe_b64encode(secrets.token_bytes(12)).decode()
