"""Files that an older version of the product read are read again by a command, and lose nothing by it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import update

from eventreg.core.db.session import db, unit_of_work
from eventreg.core.uploaded_files import store
from eventreg.core.uploaded_files.rules import FileState
from eventreg.nominations.files import service
from eventreg.nominations.files.models import NominationFile
from tests.rig import handed_in

from .handing_in import HERS, hand_in, set_owner


@pytest.fixture
def owner(app: Flask) -> Iterator[int]:
    """The contact who hands in; the app's context is open."""
    owner_id = set_owner(app)
    with app.app_context():
        yield owner_id


def read_again(app: Flask, *options: str) -> str:
    """Run the command; returns its last line."""
    done = app.test_cli_runner().invoke(args=["files-read-again", *options])
    assert done.exit_code == 0, done.output
    return done.output.splitlines()[-1]


def as_an_old_version_read_it(file_id: str, **row: object) -> None:
    with unit_of_work():
        db.session.execute(update(NominationFile).where(NominationFile.id == file_id).values(**row))


def test_a_picture_without_a_copy_gets_one(app: Flask, owner: int) -> None:
    kept = hand_in(owner, handed_in.photo("png"), "照片.png")
    store.copy_of(kept.id).unlink()
    as_an_old_version_read_it(kept.id, copied=False, state="unread")

    assert read_again(app) == "changed: 1, unchanged: 0, refused: 0"

    again = service.get(kept.id, within=[HERS])
    assert again.state is FileState.READ
    assert again.copied
    assert service.stripped(kept.id, within=[HERS]).is_file()


def test_a_count_of_an_older_reader_is_mended_with_all(app: Flask, owner: int) -> None:
    kept = hand_in(owner, handed_in.paper("Deeds 1000"), "事迹.pdf")
    as_an_old_version_read_it(kept.id, zishu=1)

    said = [read_again(app), read_again(app, "--all"), read_again(app, "--all")]

    assert said == [
        "changed: 0, unchanged: 0, refused: 0",
        "changed: 1, unchanged: 0, refused: 0",
        "changed: 0, unchanged: 1, refused: 0",
    ]
    assert service.get(kept.id, within=[HERS]).zishu == 2


def test_a_file_that_cannot_be_read_any_more_keeps_what_was_read(app: Flask, owner: int) -> None:
    kept = hand_in(owner, handed_in.paper("Deeds 1000"), "事迹.pdf")
    lost = hand_in(owner, handed_in.paper("Deeds 1001"), "事迹.pdf")
    store.path_of(kept.id).write_bytes(b"%PDF-1.7 nothing")
    store.path_of(lost.id).unlink()

    assert read_again(app, "--all") == "changed: 0, unchanged: 1, refused: 1"

    assert service.text_of(kept.id, within=[HERS]) == "Deeds 1000"
    assert service.get(kept.id, within=[HERS]).copied
