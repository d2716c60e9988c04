"""Who can only write the database destroys no key outside it: a retirement counts when it is on record (ADR 34)."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from eventreg import jobs
from eventreg.config import Settings
from eventreg.core.db.session import unit_of_work
from eventreg.core.keyring import rotation
from eventreg.core.keyring.keys import PURPOSES, Key, keys_in_use
from tests.core.trail.test_audit_trail import by_hand, drop, rows, seal
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage
from tests.rig.keys import flask, key_ids, rotate
from tests.rig.saved import opened

from .test_key_states import another_host, stored

RETIRE = "UPDATE installation_key SET state = 'retired', retired_at = :at WHERE state = 'verifies' AND purpose = :purpose"
ALARM = "keys.retired_without_record"
FORGED = (
    "INSERT INTO audit_entry (id, at, by, action, subject, facts, nonce, mac) "
    "SELECT :id, at, by, 'keys.retired', 'installation:1', :facts, :nonce, mac FROM audit_entry WHERE mac IS NOT NULL LIMIT 1"
)


def tick(app: Flask) -> None:
    with app.app_context():
        jobs.tick("some host")


def ring(app: Flask) -> list[str]:
    found: list[Key] = app.extensions["eventreg.keys"].ring
    return [key.id for key in found]


def retire_by_hand(app: Flask, purpose: str) -> str:
    """Past the product; the id of the key."""
    [old] = key_ids(app, purpose)
    rotate(app, purpose)
    by_hand(app, RETIRE, at=NOW, purpose=purpose)
    return old


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_key_whose_retirement_is_not_on_record_stays_and_verifies(
    app: Flask, settings: Settings, caplog: pytest.LogCaptureFixture, purpose: str
) -> None:
    old = retire_by_hand(app, purpose)

    tick(app)
    with opened(settings) as again:
        kept = ring(again)
    listed = flask(app, "keys", "list").stdout

    assert (old, "verifies") in stored(settings, purpose)
    assert old in ring(app)
    assert old in kept
    alarms = [vars(record) for record in caplog.records if record.getMessage() == ALARM]
    assert alarms[0]["key"] == old
    assert next(line for line in listed.splitlines() if old in line).endswith("retirement is not on record")


def test_a_forged_record_deletes_no_key(app: Flask, settings: Settings) -> None:
    old = retire_by_hand(app, "tickets")
    facts = json.dumps({"purpose": "tickets", "key": old})
    by_hand(app, FORGED, id=rows(app)[-1] + 1, facts=facts, nonce=b"0" * 16)

    tick(app)

    assert (old, "verifies") in stored(settings, "tickets")


def test_the_record_of_another_key_deletes_no_key(app: Flask, settings: Settings) -> None:
    [forms] = key_ids(app, "forms")
    rotate(app, "forms")
    assert flask(app, "keys", "retire", forms, "--anyway").exit_code == 0
    old = retire_by_hand(app, "tickets")

    tick(app)

    assert (old, "verifies") in stored(settings, "tickets")
    assert [id_ for id_, _state in stored(settings, "forms")] == key_ids(app, "forms")[1:]


def test_a_trail_stays_whole_though_somebody_retires_its_old_key(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    seal(app)
    retire_by_hand(app, "audit")
    tick(app)
    seal(app)

    assert flask(app, "audit", "verify").exit_code == 0


@pytest.mark.parametrize("unsealed", [False, True])
def test_a_key_of_the_trail_stays_while_rows_carry_its_mac_whatever_is_on_record(
    app: Flask, stage: Stage, settings: Settings, caplog: pytest.LogCaptureFixture, unsealed: bool
) -> None:
    cast.sign_up(app, stage, "A1")
    if not unsealed:
        seal(app)
    [old] = key_ids(app, "audit")
    rotate(app, "audit")
    with app.app_context(), unit_of_work():
        rotation.retire(old, actor=acting("test", NOW))
    tick(app)

    assert (old, "verifies") in stored(settings, "audit")
    assert flask(app, "audit", "verify").exit_code == 0
    assert [r for r in caplog.records if r.getMessage() == "keys.retired_and_needed"]


def test_control_a_key_that_signed_nothing_is_deleted(
    app: Flask, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    flask(app, "keys", "add", "audit")
    new = key_ids(app, "audit")[1]

    assert flask(app, "keys", "retire", new).exit_code == 0
    tick(app)

    assert [id_ for id_, _state in stored(settings, "audit")] == key_ids(app, "audit")[:1]
    assert ALARM not in [record.getMessage() for record in caplog.records]


def test_control_a_record_that_was_removed_later_brings_no_alarm(
    app: Flask, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """The secret is gone: nothing is left to keep."""
    [old] = key_ids(app, "codes")
    rotate(app, "codes")
    assert flask(app, "keys", "retire", old, "--anyway").exit_code == 0
    drop(app, rows(app)[-1])

    tick(app)
    with opened(settings):
        pass

    assert ALARM not in [record.getMessage() for record in caplog.records]


def test_a_host_without_the_current_key_says_so_once_for_each_change(
    app: Flask, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    there = another_host(settings, settings.instance.parent / "elsewhere")
    with opened(there) as running:
        rotate(app, "session")
        path = there.instance / "keys" / "keys.json"
        path.write_bytes(path.read_bytes())  # the file changes, and still lacks the key
        client = running.test_client()
        for _ in range(5):
            assert client.get("/healthz").status_code == 200
        with running.app_context():
            assert len(keys_in_use().ring) == len(PURPOSES)

    said = [record for record in caplog.records if record.getMessage() == "keys.missing"]
    assert len(said) == 1
