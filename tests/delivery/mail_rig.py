"""An app whose letters go to a server on loopback, with short waits; and letters without a fact."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from eventreg.config import Settings
from eventreg.core.db.session import db, unit_of_work
from eventreg.delivery.mail.smtp import SmtpTimeouts
from eventreg.outbox import service as outbox
from eventreg.outbox.models import Letter
from eventreg.outbox.service import AddressedLetter, LetterTopic, Recipient
from eventreg.registrations.reading import find_live
from tests.conftest import close, make_app
from tests.rig.cast import NOW, Stage

SHORT = SmtpTimeouts(connect=1, command=1, dot=1)


@contextmanager
def mailing_app(
    tmp_path: Path, port: int, *, database: str | Path = "", limits: str = "", waits: SmtpTimeouts = SHORT
) -> Iterator[Flask]:
    """On SQLite in `tmp_path` (a copy of a migrated file, if one is given) or on another database's URL."""
    if isinstance(database, Path):
        shutil.copy(database, tmp_path / "eventreg.db")
        database = f"sqlite:///{tmp_path / 'eventreg.db'}"
    made = make_app(
        Settings(
            instance=tmp_path / "instance",
            database_url=database,
            base_url="http://localhost",
            scheduler=False,
            smtp_url=f"smtp://127.0.0.1:{port}{limits}",
        )
    )
    delivery = made.extensions["eventreg.delivery"]
    made.extensions["eventreg.delivery"] = replace(delivery, waits=waits)
    yield made
    close(made)


def post_letters(
    app: Flask,
    stage: Stage,
    staff_no: str,
    count: int,
    *,
    now: datetime = NOW,
    expires_at: datetime | None = None,
) -> None:
    """Letters about somebody's seat, to x1@, x2@ … so that each can be told from the others."""
    person = stage.people[staff_no]
    with app.app_context():
        live = find_live(stage.campaign_id, person)
        if live is None:
            raise AssertionError(f"{staff_no} has no live registration")
        about = LetterTopic("registration_seated", stage.campaign_id, expires_at)
        facts = {"registration": live.id}
        many = [
            AddressedLetter(Recipient(person, f"x{n}@example.cn", "zh-CN"), f"rig:{now:%j%H%M%S}:{n}", facts)
            for n in range(1, count + 1)
        ]
        with unit_of_work():
            outbox.post_many(about, many, now=now)


def states(app: Flask) -> dict[str, tuple[str, int]]:
    """Address → (state, attempts) of the rig's letters."""
    with app.app_context():
        rows = db.session.execute(select(Letter.address, Letter.state, Letter.attempts).order_by(Letter.id))
        found = {str(address): (state, tries) for address, state, tries in rows if str(address)[0] == "x"}
        db.session.rollback()
        return found
