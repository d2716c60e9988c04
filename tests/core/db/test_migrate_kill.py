"""A migration killed anywhere leaves the old schema or the new one, with every row (I26, law 19)."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from eventreg.config import PROJECT, Settings
from eventreg.core.db.connections import prepare
from eventreg.core.db.migrate import migrate
from eventreg.core.errors import Unusable
from tests.conftest import close, make_app
from tests.rig import cast
from tests.rig.forks import FORKS
from tests.rig.sizes import SIZES

pytestmark = pytest.mark.kill

PEOPLE = 3_000

NEXT = '''"""A second revision that makes a table anew: batch mode on SQLite."""
import os, signal
import sqlalchemy as sa
from alembic import op

def die(step):
    if os.environ.get("DIE_AT") == str(step):
        os.kill(os.getpid(), signal.SIGKILL)

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None

def upgrade() -> None:
    with op.batch_alter_table("person", recreate="auto") as table:
        table.alter_column("name", type_=sa.String(80), existing_type=sa.String(64), existing_nullable=False)
        table.add_column(sa.Column("nickname", sa.String(20), nullable=False, server_default="none"))
    die(1)
    op.execute("UPDATE person SET nickname = 'new'")
    die(2)
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))
    die(3)
'''


def folder_with_next(tmp_path: Path) -> Path:
    """The product's migrations and one more."""
    folder = tmp_path / "migrations"
    shutil.copytree(PROJECT / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__"))
    heads = sorted(path.name[:4] for path in (folder / "versions").glob("[0-9]*.py"))
    (folder / "versions" / "9999_next.py").write_text(NEXT.format(head=heads[-1]))
    return folder


def engine_for(url: str) -> Engine:
    engine = create_engine(url)
    prepare(engine)
    return engine


def upgrade(url: str, folder: str, lock_file: str, die_at: str = "") -> None:
    """What the killed process does; `die_at` names the step of the revision after which it dies."""
    os.environ["DIE_AT"] = die_at
    engine = engine_for(url)
    migrate(engine, Path(folder), lock_file=Path(lock_file))
    engine.dispose()


def state(url: str) -> tuple[str, bool, bool, int]:
    """(revision, has the new column, has the new table, how many people)."""
    engine = engine_for(url)
    with engine.connect() as connection:
        revision = str(connection.scalar(text("SELECT version_num FROM alembic_version")))
        people = int(connection.scalar(text("SELECT count(*) FROM person")) or 0)
        seen = inspect(connection)
        column = "nickname" in {c["name"] for c in seen.get_columns("person")}
        table = "later" in seen.get_table_names()
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    engine.dispose()
    return revision, column, table, people


def test_a_killed_upgrade_leaves_old_or_new(settings: Settings, tmp_path: Path) -> None:
    app = make_app(settings)
    cast.set_stage(app, extra=PEOPLE)
    close(app)
    url, lock_file = settings.database, settings.instance / "write.lock"
    old, folder = state(url), folder_with_next(tmp_path)
    new = ("9999", True, True, old[3])
    luck, seen = random.Random(26), set()

    for _ in range(SIZES.migration_kills):
        process = FORKS.Process(target=upgrade, args=(url, str(folder), str(lock_file)))
        process.start()
        time.sleep(luck.uniform(0.02, 0.25))
        if process.pid is not None and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
        process.join(timeout=30)
        seen.add(state(url))

    assert seen <= {old, new}
    upgrade(url, str(folder), str(lock_file))
    assert state(url) == new


@pytest.mark.parametrize("step", ["1", "2", "3"])
def test_a_kill_after_each_step_leaves_the_old_schema(settings: Settings, tmp_path: Path, step: str) -> None:
    app = make_app(settings)
    cast.set_stage(app)
    close(app)
    old, folder = state(settings.database), folder_with_next(tmp_path)
    lock_file = str(settings.instance / "write.lock")
    process = FORKS.Process(target=upgrade, args=(settings.database, str(folder), lock_file, step))
    process.start()
    process.join(timeout=60)

    assert process.exitcode == -signal.SIGKILL
    assert state(settings.database) == old


def test_the_control_without_a_transaction_is_seen_half_done(settings: Settings, tmp_path: Path) -> None:
    app = make_app(settings)
    cast.set_stage(app)
    close(app)
    old = state(settings.database)
    engine = create_engine(settings.database, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("ALTER TABLE person ADD COLUMN nickname varchar(20)"))
    engine.dispose()

    assert state(settings.database) not in {old, ("9999", True, True, old[3])}


def test_a_newer_database_is_refused_in_plain_words(settings: Settings, tmp_path: Path) -> None:
    app = make_app(settings)
    close(app)
    upgrade(settings.database, str(folder_with_next(tmp_path)), str(settings.instance / "write.lock"))

    with pytest.raises(Unusable, match="made by a newer eventreg"):
        make_app(settings)


def test_child_rows_survive_a_table_made_anew(settings: Settings, tmp_path: Path) -> None:
    app = make_app(settings)
    stage = cast.set_stage(app)
    cast.sign_up(app, stage, "A1")
    close(app)

    upgrade(settings.database, str(folder_with_next(tmp_path)), str(settings.instance / "write.lock"))

    engine = engine_for(settings.database)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM registration")) == 1
    engine.dispose()
