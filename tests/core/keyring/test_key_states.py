"""Every process has every key that signs or verifies, or does not start; running ones notice a rotation (ADR 34)."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from eventreg import jobs
from eventreg.config import Settings
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound, Unusable
from eventreg.core.keyring import rotation
from eventreg.core.keyring.installation import list_known
from eventreg.core.keyring.keys import FIRST_PURPOSES, PURPOSES, key_file, read_keys
from tests.conftest import close, make_app
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import form_of, signed_in_client
from tests.rig.keys import flask, key_ids, rotate
from tests.rig.saved import opened

OUTING = "/campaigns/outing/registration"


def stored(settings: Settings, purpose: str) -> list[tuple[str, str]]:
    """Id and state of a purpose's keys in the file."""
    found = json.loads(key_file(settings.instance).read_text())
    return [(key["id"], key["state"]) for key in found[purpose]]


def known(app: Flask, purpose: str) -> list[tuple[str, str]]:
    """The same in the database."""
    with app.app_context():
        found = [(key.id, str(key.state)) for key in list_known() if key.purpose == purpose]
        db.session.rollback()
    return found


def another_host(settings: Settings, tmp_path: Path) -> Settings:
    """An instance folder on another machine, with a copy of the keys."""
    there = replace(settings, instance=tmp_path / "other host")
    (there.instance / "keys").mkdir(parents=True, mode=0o700)
    there.instance.chmod(0o700)
    copy_keys(settings, there)
    return there


def copy_keys(settings: Settings, there: Settings) -> None:
    shutil.copy(key_file(settings.instance), key_file(there.instance))


def test_a_rotation_keeps_the_old_key_and_a_retirement_deletes_it(app: Flask, settings: Settings) -> None:
    [old] = key_ids(app, "forms")
    secret = next(key.secret for key in read_keys(key_file(settings.instance)).ring if key.id == old)
    rotate(app, "forms")
    new = key_ids(app, "forms")[1]

    rotated = stored(settings, "forms"), known(app, "forms")
    retired = flask(app, "keys", "retire", old, "--anyway")

    assert rotated == ([(old, "verifies"), (new, "current")],) * 2
    assert retired.exit_code == 0
    assert (stored(settings, "forms"), known(app, "forms")) == (
        [(new, "current")],
        [(old, "retired"), (new, "current")],
    )
    assert secret.hex() not in key_file(settings.instance).read_text()
    assert key_file(settings.instance).stat().st_mode & 0o077 == 0


def test_signed_in_people_stay_and_open_forms_are_taken(app: Flask) -> None:
    cast.set_stage(app, now=cast.lately())
    client = signed_in_client(app, "A1")
    page = client.get(OUTING)
    rotate(app, "session", "forms")

    sent = client.post(OUTING, data=form_of(page))

    assert (sent.status_code, client.get(sent.location).status_code) == (303, 200)


def test_control_a_retired_key_lets_nobody_in(app: Flask) -> None:
    cast.set_stage(app, now=cast.lately())
    client, other = signed_in_client(app, "A1"), signed_in_client(app, "B2")
    [old] = key_ids(app, "session")
    rotate(app, "session")
    before = other.get("/my").status_code
    flask(app, "keys", "retire", old, "--anyway")

    assert (before, client.get("/my").status_code) == (200, 302)


def test_a_key_in_use_is_not_retired(app: Flask) -> None:
    [current] = key_ids(app, "codes")

    said = [flask(app, "keys", "retire", id_) for id_ in (current, "00000000")]
    assert [done.exit_code for done in said] == [1, 1]
    assert "flask keys rotate codes" in said[0].stderr
    assert "flask keys list" in said[1].stderr


def test_the_key_of_the_trail_stays(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    [old] = key_ids(app, "audit")
    rotate(app, "audit")
    with app.app_context():
        jobs.seal(cast.NOW)

    assert flask(app, "keys", "retire", old, "--anyway").exit_code == 1
    assert flask(app, "audit", "verify").exit_code == 0


def test_another_process_on_this_host_notices_at_its_next_request(app: Flask, settings: Settings) -> None:
    cast.set_stage(app, now=cast.lately())
    with opened(settings) as running:
        client = signed_in_client(running, "A1")
        assert client.get("/my").status_code == 200
        rotate(app, "session", "tickets")
        assert client.get("/my").status_code == 200
        ids = [key.id for key in running.extensions["eventreg.keys"].ring]

    assert ids == [key.id for key in app.extensions["eventreg.keys"].ring]


def test_another_host_notices_at_its_tick(app: Flask, settings: Settings, tmp_path: Path) -> None:
    flask(app, "keys", "add", "session")
    there = another_host(settings, tmp_path)
    with opened(there) as running:
        before = running.config["SECRET_KEY"]
        assert flask(app, "keys", "rotate", "session").exit_code == 0
        with running.app_context():
            jobs.tick("other host")
        after = running.config["SECRET_KEY"]

    assert before != after
    assert after == app.config["SECRET_KEY"]


def test_a_running_host_without_the_new_key_goes_on_and_says_what_to_copy(
    app: Flask, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    there = another_host(settings, tmp_path)
    with opened(there) as running:
        rotate(app, "session")
        with running.app_context():
            jobs.tick("other host")
        kept = running.config["SECRET_KEY"]
        named = [record for record in caplog.records if record.getMessage() == "keys.missing"]
        copy_keys(settings, there)
        with running.app_context():
            jobs.tick("other host")
        assert running.config["SECRET_KEY"] == app.config["SECRET_KEY"]
        assert kept != app.config["SECRET_KEY"]
    assert key_ids(app, "session")[1] in vars(named[0])["advice"]


@pytest.mark.parametrize("verb", ["add", "rotate"])
def test_a_host_that_lacks_a_key_does_not_start(
    app: Flask, settings: Settings, tmp_path: Path, verb: str
) -> None:
    there = another_host(settings, tmp_path)
    options = ["--single-host"] if verb == "rotate" else []
    flask(app, "keys", verb, "tickets", *options)
    new = key_ids(app, "tickets")[1]

    with pytest.raises(Unusable, match=f"tickets {new} is not here.*Copy keys/keys.json"):
        make_app(there)
    copy_keys(settings, there)
    close(make_app(there))


def test_a_retired_key_need_not_be_copied_and_its_copies_are_deleted(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    there, [old] = another_host(settings, tmp_path), key_ids(app, "codes")
    rotate(app, "codes")
    copy_keys(settings, there)
    flask(app, "keys", "retire", old, "--anyway")

    close(make_app(there))

    assert [id_ for id_, _state in stored(there, "codes")] == key_ids(app, "codes")[1:]


def test_with_several_hosts_a_key_is_added_first(app: Flask) -> None:
    sqlite = "sqlite" in app.config["SQLALCHEMY_DATABASE_URI"]

    alone = flask(app, "keys", "rotate", "forms")
    added, rotated = flask(app, "keys", "add", "codes"), flask(app, "keys", "rotate", "codes")

    assert alone.exit_code == (0 if sqlite else 1)
    assert ("flask keys add forms" in alone.output) is not sqlite
    assert (added.exit_code, rotated.exit_code) == (0, 0)
    assert [state for _id, state in known(app, "codes")] == ["verifies", "current"]


def test_the_list_says_state_dates_and_what_depends(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    rotate(app, "tickets")

    told = flask(app, "keys", "list").stdout.splitlines()

    assert {line.split()[0] for line in told} == set(PURPOSES)
    old, new = (line for line in told if line.startswith("tickets"))
    assert " verifies " in old
    assert " current " in new


def test_keys_of_an_older_version_are_taken_over(tmp_path: Path) -> None:
    """One hex string for each of five purposes; the key of the trail follows from them, alike on every host."""
    first = {purpose: f"{n:02x}" * 32 for n, purpose in enumerate(FIRST_PURPOSES)}
    old = tmp_path / "old"
    (old / "keys").mkdir(parents=True, mode=0o700)
    key_file(old).write_text(json.dumps(first))
    keys = read_keys(key_file(old))

    assert [keys.good(purpose)[0].hex() for purpose in FIRST_PURPOSES] == list(first.values())
    assert read_keys(key_file(old)).audit == keys.audit
    assert keys.audit not in {keys.good(purpose)[0] for purpose in FIRST_PURPOSES}


def test_a_file_that_is_being_copied_is_read_again_later(
    app: Flask, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    path = key_file(settings.instance)
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    client = app.test_client()
    cut = client.get("/healthz").status_code
    path.write_bytes(whole)

    assert (cut, client.get("/healthz").status_code) == (200, 200)
    assert [record.getMessage() for record in caplog.records].count("keys.unreadable") == 1


def test_of_two_rotations_at_once_one_is_refused(app: Flask) -> None:
    """Of each purpose one key is current, whatever happens."""
    flask(app, "keys", "add", "forms")
    with app.app_context():
        waiting = rotation.find_next("forms")
        db.session.rollback()
        assert waiting is not None
        with unit_of_work():
            rotation.make_current(waiting.fingerprint, actor=acting("console", cast.NOW))
        with pytest.raises(NotFound), unit_of_work():
            rotation.make_current(waiting.fingerprint, actor=acting("console", cast.NOW))
    assert sorted(state for _id, state in known(app, "forms")) == ["current", "verifies"]


def test_a_kill_before_the_database_knows_of_a_key_leaves_one_that_nobody_uses(
    app: Flask, settings: Settings
) -> None:
    left = rotation.put_in_file("codes", instance=settings.instance)

    with opened(settings) as again:
        rotate(again, "codes")

    assert (left.id, "verifies") in stored(settings, "codes")
    assert len(known(app, "codes")) == 2
    assert left.id not in key_ids(app, "codes")


def test_a_key_that_only_the_file_knows_is_listed_and_can_be_retired(app: Flask, settings: Settings) -> None:
    [old] = key_ids(app, "codes")
    left = rotation.put_in_file("codes", instance=settings.instance)

    listed = flask(app, "keys", "list").stdout
    retired, again = flask(app, "keys", "retire", left.id), flask(app, "keys", "retire", left.id)

    assert f"codes    {left.id} in the file only" in listed
    assert (retired.exit_code, again.exit_code) == (0, 1)
    assert stored(settings, "codes") == [(old, "current")]
    assert left.id not in [key.id for key in app.extensions["eventreg.keys"].ring]


@pytest.mark.parametrize("retires", [False, True])
def test_a_kill_after_the_database_has_changed_is_made_good_at_the_next_start(
    app: Flask, settings: Settings, retires: bool
) -> None:
    flask(app, "keys", "add", "codes")
    old, new = key_ids(app, "codes")
    with app.app_context(), unit_of_work():
        rotation.make_current(
            next(k.fingerprint for k in list_known() if k.id == new), actor=acting("c", cast.NOW)
        )
        if retires:
            rotation.retire(old, actor=acting("c", cast.NOW))
    before = stored(settings, "codes")

    with opened(settings) as again:
        assert again.extensions["eventreg.keys"].codes != app.extensions["eventreg.keys"].codes

    assert before == [(old, "current"), (new, "verifies")]
    assert stored(settings, "codes") == [*([] if retires else [(old, "verifies")]), (new, "current")]
