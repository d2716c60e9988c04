"""SIGKILL at random during sign-ups: nothing acknowledged may be lost (I2, I20).

usage: python -m tests.registrations.kill [KILLS]     prints kills, acknowledged, lost, incomplete
"""

from __future__ import annotations

import http.client
import random
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select, text

from eventreg.accounts.models import BrowserSession
from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.keyring.keys import fingerprint_of
from eventreg.core.trail.audit import AuditEntry
from eventreg.outbox.models import Letter
from eventreg.registrations.models import Registration
from eventreg.registrations.recount import recount
from tests.conftest import close, make_app
from tests.rig import cast
from tests.rig.cast import Stage
from tests.rig.server import Server

CLIENTS = 6
LEAST = 5  # sign-ups a life acknowledges before it may end
PATH = "/campaigns/outing/registration"


@dataclass(frozen=True)
class Ticketless:
    """Somebody about to sign up: her cookie and form, made beforehand."""

    person_id: int
    cookie: str
    form: str


@dataclass
class Tally:
    """What a run found."""

    kills: int = 0
    acknowledged: set[int] = field(default_factory=set)
    registered: int = 0
    lost: int = 0
    without_letter: int = 0
    without_audit_row: int = 0
    drift: int = 0
    integrity: str = "ok"

    @property
    def red(self) -> bool:
        """Whether a promise was broken."""
        wrongs = (self.lost, self.without_letter, self.without_audit_row, self.drift)
        return any(wrongs) or self.integrity != "ok"


def run(settings: Settings, *, kills: int, fault: str = "", seed: int = 308) -> Tally:
    """Kill a busy server again and again; with a planted fault, stop at the first broken promise."""
    luck, tally = random.Random(seed), Tally()
    app = make_app(settings)
    people = crowd(app, cast.set_stage(app, capacity=None, extra=kills * 60, now=utc_now()))
    while tally.kills < kills:
        _one_life(settings, fault, people, tally, luck)
        if fault and tally.kills % 4 == 0 and judge(app, tally).red:
            break
    judge(app, tally)
    close(app)
    return tally


def _one_life(
    settings: Settings, fault: str, people: list[Ticketless], tally: Tally, luck: random.Random
) -> None:
    """Start, let some sign up, and kill at a random instant of the work (not of the wall clock)."""
    enough = len(tally.acknowledged) + luck.randint(LEAST, 4 * LEAST)
    server, stop = Server(settings, fault), threading.Event()
    clients = [
        threading.Thread(target=_client, args=(server.port, people, tally, stop)) for _ in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    patience = time.monotonic() + 30
    while len(tally.acknowledged) < enough and time.monotonic() < patience:
        time.sleep(0.001)
    time.sleep(luck.uniform(0, 0.02))
    server.kill()
    stop.set()
    tally.kills += 1
    for client in clients:
        client.join(timeout=30)


def _client(port: int, people: list[Ticketless], tally: Tally, stop: threading.Event) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        while people and not stop.is_set():
            somebody = people.pop()
            headers = {"Cookie": somebody.cookie, "Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", PATH, somebody.form, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status == 303 and "/my/registrations/" in (answer.getheader("Location") or ""):
                tally.acknowledged.add(somebody.person_id)
    except (OSError, http.client.HTTPException):
        pass  # the server died while we were talking: nothing was acknowledged
    finally:
        connection.close()


def judge(app: Flask, tally: Tally) -> Tally:
    """Count what is wrong in the tables beside what was acknowledged."""
    with app.app_context():
        db.session.rollback()
        rows = {
            r.id: r.person_id for r in db.session.execute(select(Registration.id, Registration.person_id))
        }
        told = {facts["registration"] for facts in db.session.scalars(select(Letter.facts))}
        actions = select(AuditEntry.subject).where(AuditEntry.action == "registration.registered")
        audited = set(db.session.scalars(actions))
        tally.registered = len(rows)
        tally.lost = len(tally.acknowledged - set(rows.values()))
        tally.without_letter = len(set(rows) - told)
        tally.without_audit_row = len({f"registration:{id_}" for id_ in rows} - audited)
        tally.drift = len(recount())
        if db.engine.dialect.name == "sqlite":
            tally.integrity = str(db.session.scalar(text("PRAGMA integrity_check")))
        db.session.rollback()
    return tally


def crowd(app: Flask, stage: Stage) -> list[Ticketless]:
    """Signed-in browsers for everybody, with the form filled in: the run itself only posts."""
    ids = [person_id for no, person_id in stage.people.items() if no.startswith("X")]
    now = utc_now()
    with app.app_context(), unit_of_work():
        for person_id in ids:
            db.session.add(
                BrowserSession(
                    token_hash=fingerprint_of(f"token-{person_id}"),
                    person_id=person_id,
                    signed_in_at=now,
                    expires_at=now + (cast.DAY - cast.NOW),
                    seen_at=now,
                    elevated_until=now,
                    browser="harness",
                )
            )
    return [_prepared(app, stage, person_id) for person_id in ids]


def _prepared(app: Flask, stage: Stage, person_id: int) -> Ticketless:
    raw = f"csrf-{person_id}"
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie = signer.dumps({"token": f"token-{person_id}", "csrf_token": raw, "_permanent": True})
    token = URLSafeTimedSerializer(app.config["WTF_CSRF_SECRET_KEY"], salt="wtf-csrf-token").dumps(raw)
    form = {"csrf_token": token, "consent": stage.notice_id, "idempotency_key": f"key-{person_id}"}
    return Ticketless(person_id, f"{app.config['SESSION_COOKIE_NAME']}={cookie}", urlencode(form))


def main() -> None:
    """Run on SQLite and print the tally."""
    with tempfile.TemporaryDirectory() as folder:
        tally = run(Settings(instance=Path(folder), scheduler=False), kills=int(sys.argv[1]))
    print(f"kills {tally.kills}, acknowledged {len(tally.acknowledged)}, registered {tally.registered}")
    print(
        f"lost {tally.lost}, without letter {tally.without_letter}, without audit {tally.without_audit_row}"
    )
    raise SystemExit(1 if tally.red else 0)


if __name__ == "__main__":
    main()
