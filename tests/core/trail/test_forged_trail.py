"""`flask audit verify` names rows and seals with impossible numbers or contents, and never ends in a traceback."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from flask import Flask

from eventreg.config import Settings
from eventreg.core.trail import heads
from tests.rig import cast

from .test_audit_trail import FORGED, by_hand, rows, seal, sealed_rows, verify
from .test_audit_trail import trail as trail

ROW = "INSERT INTO audit_entry (id, at, by, action, subject, facts) SELECT :id, at, :by, :action, :subject, :facts FROM audit_entry WHERE id = 1"
SEAL = "INSERT INTO audit_seal (id, entry_id, hash, at) SELECT :number, :id, :hash, at FROM audit_entry WHERE id = 1"


def forge(app: Flask, *statements: str, **values: Any) -> None:
    by_hand(app, *statements, hash=secrets.token_bytes(32), **FORGED, **values)


# What PostgreSQL's owner may take away is put back, for the tests that use the same database next.
PUT_BACK = (
    "DELETE FROM audit_seal",
    "DELETE FROM audit_entry",
    *(f"ALTER TABLE audit_entry ALTER {name} SET NOT NULL" for name in ("at", "action", "facts")),
    *(f"ALTER TABLE audit_seal ALTER {name} SET NOT NULL" for name in ("hash", "entry_id")),
    "ALTER TABLE audit_seal DROP CONSTRAINT IF EXISTS fk_audit_seal_entry_id",
    "ALTER TABLE audit_seal ADD CONSTRAINT fk_audit_seal_entry_id FOREIGN KEY (entry_id) REFERENCES audit_entry (id)",
    "ALTER TABLE audit_seal DROP CONSTRAINT IF EXISTS uq_audit_seal_entry_id",
    "ALTER TABLE audit_seal ADD CONSTRAINT uq_audit_seal_entry_id UNIQUE (entry_id)",
)


@pytest.fixture
def owned(trail: Flask) -> Iterator[Flask]:
    """A trail whose tables somebody changes as their owner."""
    yield trail
    if not is_sqlite(trail):
        by_hand(trail, *PUT_BACK)


def is_sqlite(app: Flask) -> bool:
    return "sqlite" in app.config["SQLALCHEMY_DATABASE_URI"]


@pytest.mark.parametrize("number", [0, -1, -7])
def test_a_forged_row_under_a_seal_that_stands_before_the_chain_is_named(trail: Flask, number: int) -> None:
    forge(trail, ROW, SEAL, id=90_000, number=number)

    status, said = verify(trail)

    assert status == 1
    assert f"seal {number} has a number that the product never gives" in said
    assert "row 90000 was not written by the product" in said


def test_a_row_below_one_is_named_before_it_is_sealed_and_after(trail: Flask, settings: Settings) -> None:
    forge(trail, ROW, id=-7)

    waiting = verify(trail)
    seal(trail)
    later, noted = verify(trail), heads.read(settings.instance)

    for status, said in (waiting, later):
        assert status == 1
        assert "row -7 has a number that the product never gives" in said
    assert "value" not in later[1]
    assert (-7, -7) in heads.listed(noted[-1].entries)


def test_a_row_of_ours_that_was_moved_below_one_is_named(trail: Flask) -> None:
    moved = rows(trail)[-1]
    by_hand(trail, "UPDATE audit_entry SET id = -3 WHERE id = :moved", moved=moved)
    seal(trail)

    status, said = verify(trail)

    assert status == 1
    assert "row -3 has a number" in said


def test_the_chain_goes_on_beside_a_seal_before_it(trail: Flask) -> None:
    """Once the forged seal and row are taken out, nothing is left to complain about."""
    forge(trail, ROW, SEAL, id=90_000, number=0)
    seal(trail)
    by_hand(trail, "DELETE FROM audit_seal WHERE id = 0", "DELETE FROM audit_entry WHERE id = 90000")

    assert verify(trail)[0] == 0


@pytest.mark.parametrize("far", [1, 5, 10**9])
def test_a_seal_beyond_the_head_is_named(trail: Flask, far: int) -> None:
    forge(trail, ROW, SEAL, id=90_000, number=len(sealed_rows(trail)) + far)

    status, said = verify(trail)

    assert status == 1
    assert "row 90000 was not written by the product" in said


def test_a_second_seal_of_a_row_is_named(owned: Flask) -> None:
    """Whoever may write rows may drop the constraint that forbids it; SQLite would have to make the table anew."""
    if is_sqlite(owned):
        return
    row, number = sealed_rows(owned)[2], len(sealed_rows(owned)) + 1
    forge(owned, "ALTER TABLE audit_seal DROP CONSTRAINT uq_audit_seal_entry_id", SEAL, id=row, number=number)

    status, said = verify(owned)

    assert status == 1
    assert f"row {row} is not where it was" in said


def test_a_seal_of_a_row_that_does_not_exist_is_named(owned: Flask) -> None:
    """Past the constraint that forbids it: PostgreSQL lets the owner drop it, SQLite's is asked for by each session."""
    number = len(sealed_rows(owned)) + 1
    if is_sqlite(owned):
        file = owned.config["SQLALCHEMY_DATABASE_URI"].partition("///")[2]
        with closing(sqlite3.connect(file)) as past, past:
            past.execute(SEAL, {"id": 90_000, "number": number, "hash": secrets.token_bytes(32)})
    else:
        forge(
            owned,
            "ALTER TABLE audit_seal DROP CONSTRAINT IF EXISTS fk_audit_seal_entry_id",
            SEAL,
            id=90_000,
            number=number,
        )

    status, said = verify(owned)

    assert status == 1
    assert "row 90000 is missing" in said


OF_SQLITE = [
    "UPDATE audit_entry SET at = 'yesterday' WHERE id = :n",
    "UPDATE audit_entry SET at = 7 WHERE id = :n",
    "UPDATE audit_entry SET facts = '{' WHERE id = :n",
    "UPDATE audit_entry SET facts = 7 WHERE id = :n",
    "UPDATE audit_entry SET facts = '[1]' WHERE id = :n",
    "UPDATE audit_entry SET mac = 'text' WHERE id = :n",
    "UPDATE audit_entry SET mac = 1000000000000 WHERE id = :n",
    "UPDATE audit_entry SET nonce = 'ab' WHERE id = :n",
    "UPDATE audit_entry SET by = x'ff' WHERE id = :n",
    "UPDATE audit_entry SET by = CAST(x'ff' AS TEXT) WHERE id = :n",
    "UPDATE audit_seal SET hash = 'text' WHERE entry_id = :n",
    "UPDATE audit_seal SET hash = 1000000000000 WHERE entry_id = :n",
    "UPDATE audit_seal SET hash = x'00' WHERE entry_id = :n",
    "UPDATE installation SET old_mac = 'text'",
    "UPDATE installation SET old_mac = 7",
    "UPDATE installation SET old_seals = 'x'",
    "UPDATE installation SET old_entries = 'x'",
    "UPDATE installation SET old_seals = -5",
]
OF_POSTGRESQL = [
    "UPDATE audit_entry SET at = 'infinity' WHERE id = :n",
    "UPDATE audit_entry SET at = '0044-03-15 BC' WHERE id = :n",
    "UPDATE audit_entry SET facts = '[1]' WHERE id = :n",
    "UPDATE audit_entry SET facts = 'null' WHERE id = :n",
    "UPDATE audit_entry SET mac = '' WHERE id = :n",
    "UPDATE audit_seal SET hash = '' WHERE entry_id = :n",
    "ALTER TABLE audit_entry ALTER at DROP NOT NULL; UPDATE audit_entry SET at = NULL",
    "ALTER TABLE audit_entry ALTER facts DROP NOT NULL; UPDATE audit_entry SET facts = NULL",
    "ALTER TABLE audit_entry ALTER action DROP NOT NULL; UPDATE audit_entry SET action = NULL",
    "ALTER TABLE audit_seal ALTER hash DROP NOT NULL; UPDATE audit_seal SET hash = NULL",
    "ALTER TABLE audit_seal ALTER entry_id DROP NOT NULL; UPDATE audit_seal SET entry_id = NULL",
]


@pytest.mark.parametrize("which", range(max(len(OF_SQLITE), len(OF_POSTGRESQL))))
def test_what_cannot_be_read_is_a_finding_and_no_traceback(owned: Flask, which: int) -> None:
    ways = OF_SQLITE if is_sqlite(owned) else OF_POSTGRESQL
    if which >= len(ways):
        return
    for statement in ways[which].split(";"):
        by_hand(owned, statement, n=sealed_rows(owned)[2])

    done = owned.test_cli_runner().invoke(args=["audit", "verify"])

    assert (done.exit_code, type(done.exception)) == (1, SystemExit), done.output
    assert "findings" in done.stderr


def test_a_row_that_cannot_be_read_stops_no_sealing(trail: Flask) -> None:
    """Otherwise one such row would leave all later ones without seals, and those can go without a trace."""
    date = "'yesterday'" if is_sqlite(trail) else "'infinity'"
    forge(trail, ROW, f"UPDATE audit_entry SET at = {date} WHERE id = 90000", id=90_000)  # noqa: S608
    cast.sign_up(trail, cast.find_stage(trail), "F6")
    seal(trail)

    status, said = verify(trail)

    assert rows(trail) == sorted(sealed_rows(trail))
    assert status == 1
    assert "row 90000 cannot be read" in said


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "7",
        '{"at": "2027-01-01T00:00:00+00:00"}',
        '{"at": 7, "first": 1, "last": 2, "hash": "00", "entries": "1"}',
        '{"at": "2027-01-01", "first": 1, "last": 2, "hash": "00", "entries": "1"}',
        '{"at": "2027-01-01T00:00:00+00:00", "first": "1", "last": 2, "hash": "00", "entries": "1"}',
        '{"at": "2027-01-01T00:00:00+00:00", "first": 1, "last": 2, "hash": "00", "entries": "1-2-3"}',
        '{"at": "2027-01-01T00:00:00+00:00", "first": 1, "last": 2, "hash": "00", "entries": "1-x"}',
        '{"at": "2027-01-01T00:00:00+00:00", "first": 1, "last": 2, "hash": "00", "entries": "99999999999999999999"}',
        "\udcff",
    ],
)
def test_a_line_of_the_head_file_that_cannot_be_read_is_a_finding(
    trail: Flask, settings: Settings, line: str
) -> None:
    path = settings.instance / heads.NAME
    path.write_bytes(line.encode("utf-8", "surrogateescape") + b"\n" + path.read_bytes())
    seal(trail)

    status, said = verify(trail)

    assert status == 1
    assert "line 1 of audit-heads.jsonl cannot be read" in said
    assert path.read_bytes().startswith(line.encode("utf-8", "surrogateescape"))


@pytest.mark.parametrize(
    ("text", "ranges"), [("-7--3,-1,4-6", [(-7, -3), (-1, -1), (4, 6)]), ("-2-3", [(-2, 3)]), ("", [])]
)
def test_ranges_may_have_signs(text: str, ranges: list[tuple[int, int]]) -> None:
    assert heads.listed(text) == ranges
    assert heads.joined(ranges) == text


@pytest.mark.parametrize("text", ["x", "1-", "-", "3-1", "1,,2", "1 ", "٣", "9" * 30])
def test_anything_else_is_no_range(text: str) -> None:
    with pytest.raises(ValueError, match="ranges"):
        heads.listed(text)
