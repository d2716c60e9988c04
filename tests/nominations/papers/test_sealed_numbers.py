"""ID numbers lie encrypted in the database, and nobody who may read them notices."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from eventreg.core.db.session import db, unit_of_work
from eventreg.nominations import reading
from eventreg.nominations.models import NominationVersion
from eventreg.nominations.papers import sealed_numbers
from eventreg.nominations.papers.rules import digest_of
from tests.rig import awards
from tests.rig.awards import Contest, save, written
from tests.rig.cast import Stage
from tests.rig.keys import flask, key_ids, rotate

NUMBER = "11010519491231002X"


@pytest.fixture
def contest(app: Flask, stage: Stage) -> Contest:
    return awards.set_award(app, stage)


@pytest.fixture
def made(app: Flask, contest: Contest) -> int:
    """A draft with an ID number."""
    id_ = awards.begin(app, contest, "B2", "A1")
    save(app, contest, "B2", id_, written(1000, id_number=NUMBER))
    return id_


def stored(app: Flask) -> str:
    """Everything that the table holds, as the database holds it."""
    with app.app_context():
        rows = db.session.execute(
            text("SELECT CAST(answers AS TEXT) FROM nomination_version ORDER BY number")
        )
        return "\n".join(row[0] for row in rows)


def test_it_is_encrypted_at_rest_and_plain_to_its_readers(app: Flask, made: int) -> None:
    with app.app_context():
        assert reading.saved(made, 2).content.says("id_number") == NUMBER
    assert NUMBER not in stored(app)
    assert '"post"' in stored(app), "the other fields can be asked for"


def test_saving_the_same_again_is_no_change(app: Flask, contest: Contest, made: int) -> None:
    save(app, contest, "B2", made, written(1000, id_number=NUMBER))

    assert awards.version(app, made) == 2


def test_old_rows_are_encrypted_and_the_digest_stays(app: Flask, made: int) -> None:
    with app.app_context(), unit_of_work():
        before = digest_of(reading.saved(made, 2).content)
        plain = f'{{"post": "班长", "id_number": "{NUMBER}"}}'
        db.session.execute(
            text("UPDATE nomination_version SET answers = :plain WHERE number = 2"), {"plain": plain}
        )
        db.session.expire_all()
        old = digest_of(reading.saved(made, 2).content)
    assert NUMBER in stored(app)

    with app.app_context(), unit_of_work():
        assert sealed_numbers.seal_old() == 1
    with app.app_context(), unit_of_work():
        assert sealed_numbers.seal_old() == 0
        assert digest_of(reading.saved(made, 2).content) == old != before
    assert NUMBER not in stored(app)


def test_a_key_goes_only_when_no_number_lies_under_it(app: Flask, made: int) -> None:
    old = key_ids(app, "seal")[0]
    rotate(app, "seal")

    refused = flask(app, "keys", "retire", old)
    anew, retired = flask(app, "keys", "reseal"), flask(app, "keys", "retire", old)

    assert refused.exit_code == 1
    assert anew.output.startswith("resealed: ")
    assert retired.exit_code == 0
    with app.app_context():
        assert reading.saved(made, 2).content.says("id_number") == NUMBER


def test_what_no_key_opens_is_lost_by_no_saving(app: Flask, made: int) -> None:
    with app.app_context(), unit_of_work():
        strange = '{"post": "班长", "id_number": "sealed:gAAAAA-strange"}'
        db.session.execute(
            text("UPDATE nomination_version SET answers = :a WHERE number = 2"), {"a": strange}
        )
    with app.app_context(), unit_of_work():
        row = db.session.query(NominationVersion).filter_by(number=2).one()
        row.answers = {**row.answers, "post": "所长"}
    assert "sealed:gAAAAA-strange" in stored(app)
    assert "所长" in stored(app) or "\\u6240" in stored(app)


def test_a_process_that_found_none_looks_no_more(app: Flask, made: int) -> None:
    with app.app_context(), unit_of_work():
        assert sealed_numbers.seal_remaining() == 0
        plain = f'{{"post": "班长", "id_number": "{NUMBER}"}}'
        db.session.execute(text("UPDATE nomination_version SET answers = :a WHERE number = 2"), {"a": plain})
        assert sealed_numbers.seal_remaining() == 0
    with app.app_context(), unit_of_work():
        app.extensions[sealed_numbers.ALL_SEALED] = False  # as after a start
        assert sealed_numbers.seal_remaining() == 1
        assert sealed_numbers.seal_remaining() == 0
