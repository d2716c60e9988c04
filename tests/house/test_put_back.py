"""The rig that puts a PostgreSQL database back: whatever a test did to it is undone."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.rig import reset
from tests.rig.postgres import Cluster

UNIT = "INSERT INTO unit (kind, name) VALUES ('company', %s)"


@pytest.fixture
def url(cluster: Cluster, migrated_name: str) -> Iterator[str]:
    """A database of our schema that holds one unit of a company."""
    made = cluster.fresh(migrated_name)
    with reset.connected(made) as line:
        line.execute("DROP SCHEMA kept CASCADE")
        line.execute(UNIT, ["first"])
    reset.keep(made)
    yield made
    cluster.drop(made)


@pytest.mark.parametrize(
    "changes",
    [
        ["INSERT INTO unit (kind, name, parent_id) SELECT 'department', 'second', id FROM unit"],
        ["UPDATE unit SET name = 'other'"],
        ["DELETE FROM unit"],
        ["TRUNCATE unit CASCADE"],
        ["TRUNCATE unit CASCADE", "INSERT INTO unit (kind, name) VALUES ('company', 'second')"],
        ["SELECT nextval('unit_id_seq')"],
    ],
    ids=lambda changes: " + ".join(change.split(" ")[0] for change in changes),
)
def test_whatever_was_done_is_undone(url: str, changes: list[str]) -> None:
    before = _seen(url)
    for _again in range(2):
        with reset.connected(url) as line:
            for change in changes:
                line.execute(change.encode())

        assert reset.put_back(url)
        assert _seen(url) == before


def test_who_is_still_writing_is_sent_away(url: str) -> None:
    before = _seen(url)
    line = reset.connected(url)
    line.execute("BEGIN")
    line.execute("DELETE FROM unit")

    assert reset.put_back(url)
    assert _seen(url) == before
    with pytest.raises(psycopg.OperationalError):
        line.execute("COMMIT")
    line.close()


def test_a_table_that_was_changed_itself_is_told(url: str) -> None:
    with reset.connected(url) as line:
        line.execute("ALTER TABLE unit ADD COLUMN more text")

    assert not reset.put_back(url)


def _seen(url: str) -> list[object]:
    with reset.connected(url) as line:
        rows = line.execute("SELECT id, kind, name FROM unit ORDER BY id").fetchall()
        return [*rows, *line.execute("SELECT last_value, is_called FROM unit_id_seq").fetchall()]
