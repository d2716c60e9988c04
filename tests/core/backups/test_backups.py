"""A backup is all of one instant; what is restored from it is the same, stands still, and never half."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import create_engine, select, text

from eventreg.commands.backups import MIGRATIONS
from eventreg.config import Settings
from eventreg.core.backups import service
from eventreg.core.clock import utc_now
from eventreg.core.db.migrate import upgrade
from eventreg.core.db.session import db, init_database, unit_of_work
from eventreg.core.errors import Unusable
from eventreg.core.files import private_folder
from eventreg.core.keyring.keys import Keys, load_keys
from eventreg.core.trail import trail_check
from eventreg.outbox import pausing
from eventreg.outbox.models import Letter
from eventreg.outbox.rules import PauseReason
from eventreg.registrations.models import Registration
from eventreg.registrations.recount import recount
from tests.conftest import close, make_app
from tests.delivery.test_letters import deliver_all, mails
from tests.rig import cast
from tests.rig.saved import another, files, fill, no, opened, restored, rows, saved, say

SETTLED = {
    "audit_entry",
    "browser_session",
    "letter",
    "postbox",
    "printed_code",
    "sign_in_code",
    "sign_in_link",
}
NOW = utc_now() - timedelta(hours=1)
ONE_FINGERPRINT = "0018"  # the last revision at which all keys had one fingerprint together


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Another, empty installation."""
    with another(settings, tmp_path, request) as found:
        yield found


@pytest.fixture
def full(app: Flask) -> Flask:
    """An installation with something in each corner."""
    return fill(app)


def test_what_is_restored_is_what_was_saved(
    full: Flask, settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    folder, before = saved(full, tmp_path / "b"), rows(full)
    done = restored(elsewhere, folder)
    assert (done.exit_code, done.stderr.count("flask mail resume")) == (0, 2)
    assert files(elsewhere) == files(settings)
    assert {path.stat().st_mode & 0o77 for path in (folder, *folder.rglob("*"))} == {0}
    assert {path.stat().st_mode & 0o77 for path in elsewhere.instance.rglob("*")} == {0}
    with opened(elsewhere) as app:
        after = rows(app)
        with app.app_context():
            assert (recount(), trail_check.verify().broken) == ([], None)
    assert {name: after[name] for name in after.keys() - SETTLED} == {
        name: before[name] for name in before.keys() - SETTLED - {"lease"}
    } | {"lease": []}
    told = [entry[3] for entry in after["audit_entry"][len(before["audit_entry"]) :]]
    assert after["audit_entry"][: len(before["audit_entry"])] == before["audit_entry"]
    assert told == ["letters.paused", "installation.restored"]


def test_new_rows_follow_the_restored_ones(full: Flask, elsewhere: Settings, tmp_path: Path) -> None:
    restored(elsewhere, saved(full, tmp_path / "b"))

    with opened(elsewhere) as app:
        receipt = cast.sign_up(app, cast.find_stage(app), "F6", now=utc_now())
        assert (receipt.arrival, recount_of(app)) == (4, 0)


def test_nobody_is_signed_in_and_no_code_is_good_after_a_restore(
    full: Flask, elsewhere: Settings, tmp_path: Path
) -> None:
    restored(elsewhere, saved(full, tmp_path / "b"))

    with opened(elsewhere) as app:
        found = rows(app)
    names = ("browser_session", "printed_code", "sign_in_code", "sign_in_link")
    ended = {name: "ended_at" if name == "browser_session" else "used_at" for name in names}
    with opened(elsewhere) as app, app.app_context():
        tables = db.metadata.tables
        open_ = {
            n: db.session.execute(select(tables[n]).where(tables[n].c[at].is_(None))).all()
            for n, at in ended.items()
        }
    assert ([len(found[name]) for name in names], set(map(len, open_.values()))) == ([1, 1, 1, 0], {0})


def test_nothing_is_sent_until_somebody_resumes_and_then_each_once(
    full: Flask, elsewhere: Settings, tmp_path: Path
) -> None:
    restored(elsewhere, saved(full, tmp_path / "b"))

    with opened(elsewhere) as app:
        with app.app_context():
            stopped = pausing.find_pause()
            due = db.session.scalars(select(Letter.message_id).where(Letter.state == "queued")).all()
            db.session.rollback()
        quiet = (deliver_all(app), len(mails(elsewhere)))
        assert say(app, "mail", "resume").exit_code == 0
        deliver_all(app)
        deliver_all(app)
        went = sorted(mail["Message-ID"] for mail in mails(elsewhere))
    assert (stopped and stopped.why, quiet, len(went)) == (PauseReason.RESTORED, (0, 0), 3)
    assert went == sorted(due)


def test_a_backup_while_people_sign_up_is_of_one_instant(
    app: Flask, settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    stage = cast.set_stage(app, capacity=None, extra=120)
    begun, over, done = threading.Event(), threading.Event(), list[int]()

    def sign_up() -> None:
        for n in range(1, 121):
            done.append(cast.sign_up(app, stage, f"X{n:04d}").arrival)
            if n == 5:
                begun.set()
            if over.is_set():
                return

    crowd = threading.Thread(target=sign_up)
    crowd.start()
    begun.wait()
    earlier = len(done)
    folder = saved(app, tmp_path / "b")
    over.set()
    crowd.join()
    if settings.database_url.startswith("sqlite"):  # the control: the file alone lacks what was acknowledged
        assert registered_in(tmp_path, Path(settings.database_url.removeprefix("sqlite:///"))) < earlier
    restored(elsewhere, folder)

    with opened(elsewhere) as other:
        arrivals = sorted(row[0] for row in query(other, select(Registration.arrival)))
        letters = query(other, select(Letter.id).where(Letter.kind == "registration_seated"))
        assert (arrivals, recount_of(other)) == (list(range(1, len(arrivals) + 1)), 0)
    assert earlier <= len(arrivals) <= len(done)
    assert len(letters) == len(arrivals)


@pytest.mark.parametrize("revision", [ONE_FINGERPRINT, "head"])
def test_a_backup_of_an_older_version_is_upgraded(
    settings: Settings, elsewhere: Settings, tmp_path: Path, request: pytest.FixtureRequest, revision: str
) -> None:
    older = revision
    if revision == "head":
        older = str(ScriptDirectory(str(MIGRATIONS)).get_revision("head").down_revision)
    old = f"sqlite:///{tmp_path / 'old.db'}"
    if not settings.database_url.startswith("sqlite"):
        old = request.getfixturevalue("cluster").fresh()
    with at_revision(old, str(older), tmp_path):
        service.save(tmp_path / "b", instance=tmp_path / "old", now=utc_now())
    done = restored(elsewhere, tmp_path / "b")

    with opened(elsewhere) as app:
        assert (done.exit_code, [row[3] for row in rows(app)["unit"]]) == (0, ["禾川农电"])


def test_what_is_in_use_is_replaced_only_when_it_is_said(
    full: Flask, settings: Settings, tmp_path: Path
) -> None:
    folder, before = saved(full, tmp_path / "b"), rows(full)
    cast.sign_up(full, cast.find_stage(full), "F6", now=utc_now())
    refused = say(full, "restore", folder)
    assert (refused.exit_code, refused.stderr) == (1, no(full, "backup.in_use"))
    assert say(full, "restore", folder, "--replace").exit_code == 0

    with opened(settings) as app:
        assert rows(app)["registration"] == before["registration"]


def test_a_restore_that_is_cut_off_leaves_the_old_database(
    full: Flask, elsewhere: Settings, tmp_path: Path
) -> None:
    folder = saved(full, tmp_path / "b")

    def power_cut(_keys: Keys) -> None:
        raise KeyboardInterrupt

    with opened(elsewhere) as app:
        before = rows(app)
        lock_file = app.extensions["eventreg.lock_file"]
        places = {"instance": elsewhere.instance, "migrations": MIGRATIONS, "lock_file": lock_file}
        with app.app_context():
            found = service.read(folder, migrations=MIGRATIONS)
            with pytest.raises(KeyboardInterrupt):
                service.restore(folder, found, **places, settle=power_cut)
    with opened(elsewhere) as app:
        assert rows(app) == before


def test_one_that_is_cut_off_before_the_keys_says_what_to_copy(
    full: Flask, elsewhere: Settings, tmp_path: Path
) -> None:
    folder, keys = saved(full, tmp_path / "b"), elsewhere.instance / service.KEYS
    with opened(elsewhere):
        fresh = keys.read_bytes()
    assert restored(elsewhere, folder).exit_code == 0
    keys.write_bytes(fresh)
    with pytest.raises(Unusable, match="Copy keys/keys.json"):
        make_app(elsewhere)
    shutil.copy(folder / service.KEYS, keys)

    with opened(elsewhere) as app, app.app_context():
        assert pausing.is_paused()


@contextmanager
def at_revision(url: str, revision: str, tmp_path: Path) -> Iterator[None]:
    """An installation as an older version left it, with one unit."""
    app, lock_file = Flask("eventreg"), tmp_path / "old.lock"
    init_database(app, url, lock_file=lock_file)
    keys = load_keys(private_folder(tmp_path / "old"))
    with app.app_context():
        with unit_of_work():
            upgrade(db.session.connection(), MIGRATIONS, to=revision)
            db.session.execute(text("INSERT INTO unit (id, name, kind) VALUES (1, '禾川农电', 'company')"))
            if revision > ONE_FINGERPRINT:
                made = text("INSERT INTO installation (id, made_at) VALUES (1, :now)")
                db.session.execute(made, {"now": utc_now()})
            else:
                old = {"keys": keys.first_fingerprint(), "now": utc_now()}
                claim = text("INSERT INTO installation (id, keys, made_at) VALUES (1, :keys, :now)")
                db.session.execute(claim, old)
        yield
    close(app)


def registered_in(tmp_path: Path, file: Path) -> int:
    """How many registrations a plain copy of the database's file holds."""
    shutil.copy(file, tmp_path / "copy.db")
    engine = create_engine(f"sqlite:///{tmp_path / 'copy.db'}")
    with engine.connect() as connection:
        found = len(connection.execute(select(Registration.id)).all())
    engine.dispose()
    return found


def recount_of(app: Flask) -> int:
    with app.app_context():
        return len(recount())


def query(app: Flask, what: object) -> list[tuple[int, ...]]:
    with app.app_context():
        found = [tuple(row) for row in db.session.execute(what)]  # type: ignore[call-overload]
        db.session.rollback()
    return found
