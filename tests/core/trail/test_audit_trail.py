"""`flask audit verify` names what somebody with the database alone did to the trail (ADR 35)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from eventreg import jobs
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.trail import audit
from eventreg.core.trail.audit import AuditEntry
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.old_trail import chain_anew

FORGED = {"action": "role.given", "subject": "person:1", "by": "console", "facts": "{}"}
COLUMNS = [column.name for column in AuditEntry.__table__.columns]


def verify(app: Flask, *options: str) -> tuple[int, str]:
    """The exit status of `flask audit verify`, and all that it says, in small letters."""
    done = app.test_cli_runner().invoke(args=["audit", "verify", *options])
    return done.exit_code, done.output.lower()


def listed(app: Flask, query: str) -> list[int]:
    """The numbers that a query finds."""
    with app.app_context():
        found = list(db.session.scalars(text(query)))
        db.session.rollback()
    return found


def rows(app: Flask) -> list[int]:
    """The numbers of all rows."""
    return listed(app, "SELECT id FROM audit_entry ORDER BY id")


def sealed_rows(app: Flask) -> list[int]:
    """The numbers of the sealed rows in the order of their seals."""
    return listed(app, "SELECT entry_id FROM audit_seal ORDER BY id")


def by_hand(app: Flask, *statements: str, **values: Any) -> None:
    """Somebody works in the database, past the product."""
    with app.app_context(), unit_of_work():
        for statement in statements:
            asked = {name: value for name, value in values.items() if f":{name}" in statement}
            db.session.execute(text(statement), asked)


def seal(app: Flask) -> None:
    """Seal all rows, and note where the chain ends."""
    with app.app_context():
        jobs.seal(utc_now())


@pytest.fixture
def trail(app: Flask, stage: Stage) -> Flask:
    """An installation with some sealed rows, and some that are not sealed yet."""
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    seal(app)
    cast.sign_up(app, stage, "E5")
    return app


def drop(app: Flask, number: int) -> None:
    """Remove a row with its seal."""
    by_hand(
        app,
        "DELETE FROM audit_seal WHERE entry_id = :number",
        "DELETE FROM audit_entry WHERE id = :number",
        number=number,
    )


def test_a_whole_trail_verifies_sealed_or_not(trail: Flask) -> None:
    waiting = verify(trail)
    seal(trail)
    done = verify(trail)

    assert waiting[0] == 0
    assert "not sealed yet: 0" not in waiting[1]
    assert done[0] == 0
    assert "not sealed yet: 0" in done[1]


def test_the_last_five_rows_cannot_go_with_their_seals(trail: Flask) -> None:
    gone = sealed_rows(trail)[-5:]
    for number in gone:
        drop(trail, number)

    status, said = verify(trail)

    assert (status, [n for n in gone if f"row {n} is missing" not in said]) == (1, [])


def test_not_all_rows_can_go(trail: Flask) -> None:
    by_hand(trail, "DELETE FROM audit_seal", "DELETE FROM audit_entry")

    status, said = verify(trail)

    assert status == 1
    assert "the end is missing" in said


def test_what_is_missing_stays_missing_when_the_product_goes_on(trail: Flask) -> None:
    gone = sealed_rows(trail)[-2:]
    for number in gone:
        drop(trail, number)
    for who in ("F6", "D4"):
        cast.sign_up(trail, cast.find_stage(trail), who)
        seal(trail)

    status, said = verify(trail)

    assert status == 1
    assert len(sealed_rows(trail)) > len(gone)
    assert "noted outside" in said


def test_a_row_that_is_missing_is_named_by_its_number(trail: Flask) -> None:
    gone = sealed_rows(trail)[3]
    drop(trail, gone)

    status, said = verify(trail)

    assert status == 1
    assert f"row {gone} is missing" in said


def test_a_changed_row_is_named_though_the_plain_chain_was_made_anew(trail: Flask) -> None:
    changed = sealed_rows(trail)[2]
    by_hand(trail, "UPDATE audit_entry SET by = 'nobody' WHERE id = :number", number=changed)
    with trail.app_context():
        chain_anew()

    status, said = verify(trail)

    assert status == 1
    assert f"row {changed} was changed" in said


def test_a_changed_row_is_named_before_it_is_sealed(trail: Flask) -> None:
    changed = rows(trail)[-1]
    by_hand(trail, "UPDATE audit_entry SET by = 'nobody' WHERE id = :number", number=changed)

    status, said = verify(trail)

    assert status == 1
    assert f"row {changed} was changed" in said


def test_a_forged_row_is_named_before_it_is_sealed_and_after(trail: Flask) -> None:
    forged, into = rows(trail)[-1] + 1, "INSERT INTO audit_entry (id, at, by, action, subject, facts)"
    by_hand(
        trail,
        f"{into} SELECT :id, at, :by, :action, :subject, :facts FROM audit_entry WHERE id = 1",  # noqa: S608
        id=forged,
        **FORGED,
    )

    waiting = verify(trail)
    seal(trail)
    later = verify(trail)

    assert (waiting[0], later[0]) == (1, 1)
    assert f"row {forged} was not written by the product" in waiting[1]
    assert f"row {forged} was not written by the product" in later[1]


def test_a_copied_row_is_named(trail: Flask) -> None:
    """Whoever may write rows may drop the constraint that forbids it; SQLite would have to make the table anew."""
    if "sqlite" in trail.config["SQLALCHEMY_DATABASE_URI"]:
        return
    new, names = rows(trail)[-1] + 1, ", ".join(COLUMNS[1:])
    by_hand(
        trail,
        "ALTER TABLE audit_entry DROP CONSTRAINT uq_audit_entry_nonce",
        f"INSERT INTO audit_entry (id, {names}) SELECT :new, {names} FROM audit_entry WHERE id = 1",  # noqa: S608
        new=new,
    )

    status, said = verify(trail)

    assert status == 1
    assert f"row {new} is a copy" in said


@pytest.mark.parametrize("far", [1, 4])
def test_rows_that_changed_places_are_named(trail: Flask, far: int) -> None:
    one, other = sealed_rows(trail)[1], sealed_rows(trail)[1 + far]
    exchange(trail, one, other)

    status, said = verify(trail)

    assert (status, [n for n in (one, other) if f"row {n} is not where it was" not in said]) == (1, [])


def exchange(app: Flask, one: int, other: int) -> None:
    """Each of two rows gets all that the other held; their numbers and seals stay."""
    names = COLUMNS[1:]
    with app.app_context(), unit_of_work():
        read = "SELECT {} FROM audit_entry WHERE id = :id".format(", ".join(names))  # noqa: S608
        held = [dict(db.session.execute(text(read), {"id": id_}).mappings().one()) for id_ in (one, other)]
        if "nonce" in names:  # each stands only once
            db.session.execute(
                text("UPDATE audit_entry SET nonce = NULL WHERE id IN (:a, :b)"), {"a": one, "b": other}
            )
        change = "UPDATE audit_entry SET {} WHERE id = :id".format(", ".join(f"{n} = :{n}" for n in names))  # noqa: S608
        for id_, values in ((other, held[0]), (one, held[1])):
            values["facts"] = (
                values["facts"] if isinstance(values["facts"], str) else json.dumps(values["facts"])
            )
            db.session.execute(text(change), {**values, "id": id_})


def test_a_row_that_was_moved_is_named(trail: Flask) -> None:
    moved, to = sealed_rows(trail)[2], rows(trail)[-1] + 40
    sqlite = "sqlite" in trail.config["SQLALCHEMY_DATABASE_URI"]
    drop_reference = "ALTER TABLE audit_seal DROP CONSTRAINT IF EXISTS fk_audit_seal_entry_id"
    by_hand(
        trail,
        "PRAGMA defer_foreign_keys = ON" if sqlite else drop_reference,
        "UPDATE audit_entry SET id = :to WHERE id = :moved",
        "UPDATE audit_seal SET entry_id = :to WHERE entry_id = :moved",
        moved=moved,
        to=to,
    )

    status, said = verify(trail)

    assert status == 1
    assert f"row {to} is not where it was" in said
    assert f"row {moved} is missing" in said


def test_gaps_of_transactions_that_failed_are_no_fault(trail: Flask) -> None:
    with trail.app_context():
        for _ in range(3):
            with pytest.raises(ZeroDivisionError), unit_of_work():
                written_and_lost()
    cast.sign_up(trail, cast.find_stage(trail), "F6")
    seal(trail)
    here = rows(trail)

    gaps = here[-1] - here[0] + 1 - len(here)
    assert gaps == (0 if "sqlite" in trail.config["SQLALCHEMY_DATABASE_URI"] else 3)
    assert verify(trail)[0] == 0


def written_and_lost() -> None:
    """A row that takes a number and is rolled back."""
    audit.record("role.given", "person:1", actor=acting("console", utc_now()))
    db.session.execute(text("SELECT 1"))
    raise ZeroDivisionError


def test_a_head_from_a_letter_is_compared(trail: Flask) -> None:
    head = next(line for line in verify(trail)[1].splitlines() if line.startswith("head: "))[6:]
    count, _, hashed = head.partition(":")

    assert verify(trail, "--head", head)[0] == 0
    assert verify(trail, "--head", f"{int(count) + 1}:{hashed}")[0] == 1
    assert verify(trail, "--head", f"{count}:{'0' * len(hashed)}")[0] == 1
    assert verify(trail, "--head", "nonsense")[0] == 2
