"""Rows from before rows had MACs are sealed as they are and named as such; from then on they are guarded too."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from eventreg import jobs
from eventreg.commands.backups import MIGRATIONS
from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.migrate import upgrade
from eventreg.core.db.session import close_all, db, init_database, unit_of_work
from eventreg.core.errors import Unusable
from eventreg.core.files import private_folder
from eventreg.core.keyring.keys import FIRST_PURPOSES, key_file, read_keys
from tests.conftest import close, make_app
from tests.rig.cast import NOW
from tests.rig.old_trail import chain_anew

from .test_audit_trail import by_hand, sealed_rows, verify

OLD = "0018"
ROWS, SEALED = 7, 5  # rows, and how many of them are sealed
ENTRY = "INSERT INTO audit_entry (id, at, by, action, subject, facts) VALUES (:id, :at, 'system', 'registration.promoted', :subject, :facts)"
SEAL = "INSERT INTO audit_seal (id, entry_id, hash, at) VALUES (:id, :entry, :hash, :at)"


@pytest.fixture
def old(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """An installation as the version before left it: five keys in the first format, seven rows of the trail."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    if not database.startswith("sqlite"):
        url = request.getfixturevalue("cluster").fresh()
    made = Settings(instance=tmp_path / "old", database_url=url, base_url="http://localhost", scheduler=False)
    private_folder(made.instance)
    private_folder(made.instance / "keys")
    stored = {purpose: f"{n:02x}" * 32 for n, purpose in enumerate(FIRST_PURPOSES, 1)}
    key_file(made.instance).write_text(json.dumps(stored, indent=1))
    key_file(made.instance).chmod(0o600)
    app = Flask("eventreg")
    init_database(app, url, lock_file=made.instance / "write.lock")
    with app.app_context():
        fill(made)
        close_all()
    yield made
    if not database.startswith("sqlite"):
        request.getfixturevalue("cluster").drop(url)


def fill(settings: Settings) -> None:
    """Rows 1 to 7, seals with a gap in their numbers as a failed job leaves one on PostgreSQL."""
    with unit_of_work():
        connection = db.session.connection()
        upgrade(connection, MIGRATIONS, to=OLD)
        claim = "INSERT INTO installation (id, keys, made_at) VALUES (1, :keys, :at)"
        at = NOW if connection.dialect.name == "postgresql" else "2027-02-20 01:00:00.000000"
        print_of_all = read_keys(key_file(settings.instance)).first_fingerprint()
        connection.execute(text(claim), {"keys": print_of_all, "at": at})
        last = b""
        for id_ in range(1, ROWS + 1):
            facts = {"campaign": 1, "arrival": id_}
            row = {"id": id_, "at": at, "subject": f"registration:{id_}", "facts": json.dumps(facts)}
            connection.execute(text(ENTRY), row)
            plain = [id_, NOW.isoformat(), "system", "registration.promoted", f"registration:{id_}", facts]
            last = hashlib.sha256(last + json.dumps(plain, sort_keys=True).encode()).digest()
            if id_ <= SEALED:
                seal = {"id": id_ if id_ < 4 else id_ + 2, "entry": id_, "hash": last, "at": at}
                connection.execute(text(SEAL), seal)
        if connection.dialect.name == "postgresql":
            for table in ("audit_entry", "audit_seal"):
                connection.execute(text(f"SELECT setval('{table}_id_seq', 20)"))


@pytest.fixture
def upgraded(old: Settings) -> Iterator[Flask]:
    """The same after the first start of this version."""
    made = make_app(old)
    yield made
    close(made)


def test_the_instant_of_the_rig_is_the_casts() -> None:
    assert datetime(2027, 2, 20, 1, 0, tzinfo=UTC) == NOW


def test_old_rows_verify_and_are_named_as_such(upgraded: Flask) -> None:
    status, said = verify(upgraded)

    assert (status, sealed_rows(upgraded)) == (0, list(range(1, ROWS + 1)))
    assert f"{ROWS} rows are from before rows had macs" in said


def test_new_rows_follow_the_old_ones(upgraded: Flask, old: Settings) -> None:
    done = upgraded.test_cli_runner().invoke(args=["keys", "rotate", "forms", "--single-host"])
    with upgraded.app_context():
        jobs.seal(utc_now())
    close(upgraded)
    again = make_app(old)

    status, said = verify(again)
    close(again)

    assert (done.exit_code, status) == (0, 0)
    assert f"sealed: {ROWS + 2}" in said
    assert f"{ROWS} rows are from before" in said


def test_an_old_row_that_is_changed_now_is_found_out(upgraded: Flask) -> None:
    by_hand(upgraded, "UPDATE audit_entry SET by = 'nobody' WHERE id = :id", id=2)
    plain = verify(upgraded)
    with upgraded.app_context():
        chain_anew()
    anew = verify(upgraded)

    assert plain[0] == 1
    assert "row 2 was changed" in plain[1]
    assert anew[0] == 1
    assert "from before the upgrade" in anew[1]


@pytest.mark.parametrize("id_", [3, 7])
def test_an_old_row_that_goes_is_found_out(upgraded: Flask, id_: int) -> None:
    by_hand(
        upgraded,
        "DELETE FROM audit_seal WHERE entry_id = :id",
        "DELETE FROM audit_entry WHERE id = :id",
        id=id_,
    )

    assert verify(upgraded)[0] == 1


def test_a_row_without_a_mac_is_no_old_one_only_because_it_says_so(upgraded: Flask) -> None:
    """Neither above the last old row nor in the place of one; and the pin cannot be moved."""
    copy = "INSERT INTO audit_entry (id, at, by, action, subject, facts) SELECT :id, at, by, action, subject, facts FROM audit_entry WHERE id = 1"
    by_hand(upgraded, copy, id=9)
    beyond = verify(upgraded)
    by_hand(upgraded, "UPDATE installation SET old_entries = 9")
    moved = verify(upgraded)
    by_hand(upgraded, "UPDATE installation SET old_entries = NULL, old_seals = NULL, old_mac = NULL")
    taken = verify(upgraded)

    assert (beyond[0], moved[0], taken[0]) == (1, 1, 1)
    assert "row 9 was not written by the product" in beyond[1]


def test_other_keys_do_not_take_an_old_database_over(old: Settings) -> None:
    path = key_file(old.instance)
    stored = json.loads(path.read_text())
    path.write_text(json.dumps(stored | {"seal": "ff" * 32}))

    with pytest.raises(Unusable, match=r"Copy keys/keys\.json"):
        make_app(old)
    path.write_text(json.dumps(stored))
    close(make_app(old))
