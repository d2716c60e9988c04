"""Migrations make what the models say, to the last constraint, on both databases."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from eventreg.core.db.connections import prepare
from eventreg.core.db.migrate import migrate, revisions
from eventreg.models import METADATA
from tests.house.repository import ROOT
from tests.rig.postgres import Cluster

MIGRATIONS = ROOT / "migrations"
SNAPSHOT = ROOT / "tests/house/schema.sql"
HEAD = "-- What the migrations make of an empty SQLite database.\n-- To change it: UPDATE=1 pytest tests/house/test_migrations.py\n"


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    """Two SQLite databases: one migrated, one made from the models."""
    yield from _pair(
        *(f"sqlite:///{tmp_path / name}.db" for name in ("migrated", "modelled")), folder=tmp_path
    )


@pytest.fixture
def on_postgresql(cluster: Cluster, tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    """Two PostgreSQL databases: one migrated, one made from the models."""
    urls = (cluster.fresh(), cluster.fresh())
    yield from _pair(*urls, folder=tmp_path)
    for url in urls:
        cluster.drop(url)


def _pair(*urls: str, folder: Path) -> Iterator[tuple[Engine, Engine]]:
    migrated, modelled = (create_engine(url) for url in urls)
    prepare(migrated)
    migrate(migrated, MIGRATIONS, lock_file=folder / "write.lock")
    METADATA.create_all(modelled)
    yield migrated, modelled
    migrated.dispose()
    modelled.dispose()


def _master(engine: Engine) -> dict[str, str]:
    """Name → statement of everything in a SQLite database, its clauses sorted."""
    wanted = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'"
    with engine.connect() as connection:
        return {name: _tidy(sql) for name, sql in connection.execute(text(wanted))}


def _tidy(sql: str) -> str:
    flat = re.sub(r"\s+", " ", sql).strip().replace('"', "").replace(" )", ")").replace("( ", "(")
    if not flat.startswith("CREATE TABLE"):
        return flat
    head, _, body = flat.partition("(")
    return head + "(\n  " + ",\n  ".join(sorted(_clauses(body.removesuffix(")").strip()))) + "\n)"


def _clauses(body: str) -> list[str]:
    """Split at the commas outside brackets and quotes."""
    parts, depth, quoted = [""], 0, False
    for mark in body:
        quoted ^= mark == "'"
        depth += 0 if quoted else (mark == "(") - (mark == ")")
        if mark == "," and not depth and not quoted:
            parts.append("")
        else:
            parts[-1] += mark
    return [part.strip() for part in parts]


def _reflected(engine: Engine) -> dict[str, Any]:
    """All that the database itself says of its tables, in comparable form."""
    seen = inspect(engine)
    asked = ("columns", "pk_constraint", "foreign_keys", "unique_constraints", "check_constraints", "indexes")
    return {
        f"{table}: {what}": _sorted(getattr(seen, f"get_{what}")(table))
        for table in sorted(seen.get_table_names())
        if table != "alembic_version"
        for what in asked
    }


def _sorted(found: Any) -> list[str]:
    return sorted(map(repr, found)) if isinstance(found, list) else [repr(found)]


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


def test_migrations_are_numbered_without_a_gap() -> None:
    files = sorted(p.name for p in (MIGRATIONS / "versions").glob("*.py"))
    numbers = [re.fullmatch(r"(\d{4})_[a-z0-9_]+\.py", name) for name in files]

    assert [n and n[1] for n in numbers] == [f"{i:04d}" for i in range(1, len(files) + 1)]


def test_every_migration_goes_by_the_number_of_its_file() -> None:
    named = {Path(s.path).name[:4]: s.revision for s in _scripts().walk_revisions()}

    assert named == {number: number for number in named}


def test_there_is_one_head_and_the_newest_file_is_it() -> None:
    assert _scripts().get_heads() == [revisions(MIGRATIONS)[-1]]


def test_the_schema_is_that_of_the_snapshot(on_sqlite: tuple[Engine, Engine]) -> None:
    listed = HEAD + "".join(f"\n{sql};\n" for _, sql in sorted(_master(on_sqlite[0]).items()))
    if os.environ.get("UPDATE"):
        SNAPSHOT.write_text(listed, "utf-8")

    assert listed == SNAPSHOT.read_text("utf-8")


def test_on_sqlite_migrations_make_what_the_models_say(on_sqlite: tuple[Engine, Engine]) -> None:
    migrated, modelled = on_sqlite

    assert _master(migrated) == _master(modelled)


def test_on_postgresql_migrations_make_what_the_models_say(on_postgresql: tuple[Engine, Engine]) -> None:
    migrated, modelled = on_postgresql

    assert _reflected(migrated) == _reflected(modelled)


def test_every_constraint_has_a_name() -> None:
    """An unnamed one cannot be changed on SQLite, and stands for no refusal."""
    nameless = [
        f"{table.name}: {constraint}"
        for table in METADATA.tables.values()
        for constraint in table.constraints
        if not constraint.name
    ]

    assert nameless == []
