"""What is known of the room on disks: of our own folders, and of a database server that refused a write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from eventreg.core import disk
from eventreg.core.db.session import unit_of_work
from eventreg.core.disk import LOW_BELOW, MIB, DiskSpace
from eventreg.core.errors import DiskFull
from tests.rig.disks import small_disk


class NoRoom(Exception):
    """What psycopg raises for 53100."""

    sqlstate = "53100"


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    disk.note_written()
    yield
    disk.note_written()


def test_a_disk_without_room_for_data_or_for_names_is_full(tmp_path: Path) -> None:
    found = {}
    with small_disk(tmp_path / "a", f"size={LOW_BELOW // MIB * 2}m") as roomy:
        found["roomy"] = disk.room_at(roomy)
        (roomy / "x").write_bytes(bytes(LOW_BELOW + MIB))
        found["low"] = disk.room_at(roomy)
    with small_disk(tmp_path / "b", "size=512k") as tiny:
        found["tiny"] = disk.room_at(tiny)
    with small_disk(tmp_path / "c", "size=100m,nr_inodes=2") as names:
        (names / "x").touch()
        found["names"] = disk.room_at(names)

    assert found == {
        "roomy": DiskSpace.OK,
        "low": DiskSpace.LOW,
        "tiny": DiskSpace.FULL,
        "names": DiskSpace.FULL,
    }
    assert disk.room_at(tmp_path / "nowhere") is DiskSpace.UNKNOWN


def test_a_database_that_refused_a_write_is_full_until_it_takes_one(app: Flask) -> None:
    def readyz() -> tuple[int, str, str]:
        answer = app.test_client().get("/readyz")
        return answer.status_code, answer.get_json()["status"], answer.get_json()["disks"]["database"]

    server = "postgresql" in app.config["SQLALCHEMY_DATABASE_URI"]
    before = readyz()
    with app.app_context(), pytest.raises(DiskFull), unit_of_work():
        raise OperationalError("INSERT", {}, NoRoom())
    refused = readyz()
    with app.app_context(), unit_of_work():
        pass
    after = readyz()

    if server:
        full = (503, "disk is full", "full")
        assert (before, refused, after) == ((200, "ready", "unknown"), full, (200, "ready", "unknown"))
    else:  # the file's own disk is looked at
        assert before == refused == after
        assert before[0] == 200


def test_a_refused_write_is_not_remembered_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    disk.note_refused()
    before = disk.refused_lately()
    monkeypatch.setattr(disk, "REMEMBERED", 0.0)

    assert before is True
    assert disk.refused_lately() is False
