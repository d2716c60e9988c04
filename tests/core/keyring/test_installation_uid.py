"""The id of an installation: it stands in the UIDs of calendar entries, which must not change with the public address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import text

from eventreg.commands.backups import MIGRATIONS
from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.migrate import upgrade
from eventreg.core.db.session import close_all, db, init_database, unit_of_work
from eventreg.core.files import private_folder
from eventreg.core.keyring.installation import get_uid
from eventreg.core.keyring.keys import load_keys
from tests.conftest import close, make_app
from tests.rig import cast
from tests.rig.clients import signed_in_client

BEFORE = "0023"
LETTER = (
    "INSERT INTO letter (id, key, kind, lane, channel, locale, facts, message_id, state, posted_at, due_at, attempts, sent_at)"
    " VALUES (1, 'k', 'audit_head', 1, 'mail', 'zh-CN', '{}', '<a@b>', 'sent', :now, :now, 1, :now)"
)


@pytest.fixture
def old(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """An installation as the version before left it: with its row, a unit and a letter that was sent."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    if not database.startswith("sqlite"):
        url = request.getfixturevalue("cluster").fresh()
    made = Settings(
        instance=tmp_path / "old",
        database_url=url,
        base_url="https://events.example.cn:8443",
        scheduler=False,
    )
    load_keys(private_folder(made.instance))
    app = Flask("eventreg")
    init_database(app, url, lock_file=made.instance / "write.lock")
    with app.app_context():
        fill(utc_now())
        close_all()
    yield made
    if not database.startswith("sqlite"):
        request.getfixturevalue("cluster").drop(url)


def fill(now: datetime) -> None:
    """The rows of the version before."""
    with unit_of_work():
        upgrade(db.session.connection(), MIGRATIONS, to=BEFORE)
        for statement in (
            "INSERT INTO installation (id, made_at) VALUES (1, :now)",
            "INSERT INTO unit (id, name, kind) VALUES (1, '禾川农电', 'company')",
            LETTER,
        ):
            db.session.execute(text(statement), {"now": now} if ":now" in statement else {})


def uid_of(settings: Settings) -> str:
    """The id that a process reads that starts with these settings; it is what it uses for calendars."""
    app = make_app(settings)
    try:
        with app.app_context():
            assert app.extensions["eventreg.installation"] == get_uid()
            return get_uid()
    finally:
        close(app)


def test_an_older_installation_keeps_the_host_that_stood_in_its_entries(old: Settings) -> None:
    moved = replace(old, base_url="https://elsewhere.example.cn")

    assert [uid_of(settings) for settings in (old, moved, old)] == ["events.example.cn"] * 3


def test_a_letter_of_an_older_installation_is_not_said_to_lie_in_a_file(old: Settings) -> None:
    app = make_app(old)
    with app.app_context():
        found = db.session.execute(text("SELECT state, in_file FROM letter")).one()
        db.session.rollback()
    close(app)

    assert found.state == "sent"
    assert not found.in_file


def test_a_new_installation_gets_a_random_id(tmp_path: Path) -> None:
    uids = [uid_of(Settings(instance=tmp_path / name, scheduler=False)) for name in ("one", "two")]

    assert len(set(uids)) == 2
    assert [len(uid) for uid in uids] == [32, 32]


def test_the_uids_of_entries_stay_when_the_public_address_changes(settings: Settings) -> None:
    uids = list[list[str]]()
    for address in ("http://localhost", "https://events.example.cn"):
        app = make_app(replace(settings, base_url=address))
        if not uids:
            stage = cast.set_stage(app, now=cast.lately())
            cast.sign_up(app, stage, "A1", now=cast.lately())
        client = signed_in_client(app, "A1")
        file = Calendar.from_ical(client.get("/my/registrations/1/calendar.ics").text)
        uids.append([str(event["uid"]) for event in file.walk("VEVENT")])
        close(app)

    assert uids[0] == uids[1]
