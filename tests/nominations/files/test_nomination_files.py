"""Files of a nomination: kept byte for byte, seen by who may see the nomination, swept when nobody tells of them."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg import jobs
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail.audit import AuditEntry
from eventreg.core.uploaded_files import receiving, store
from eventreg.core.uploaded_files.rules import FileState
from eventreg.nominations.files import service
from eventreg.nominations.files.models import NominationFile
from tests.rig import handed_in
from tests.rig.actors import acting
from tests.security.bombs import BOMBS

from .handing_in import HERS, NOW, THEIRS, everybody_reading, hand_in, set_owner

FORTY = 40


@pytest.fixture
def owner(app: Flask) -> Iterator[int]:
    """The contact who hands in; the app's context is open."""
    owner_id = set_owner(app, nominations=FORTY)
    with app.app_context():
        yield owner_id


def test_forty_files_of_one_name_come_back_byte_for_byte(owner: int) -> None:
    sent = [f"%PDF-1.4 {n}".encode() for n in range(FORTY)]
    with everybody_reading():
        kept = [hand_in(owner, content, nomination=n, patience=0) for n, content in enumerate(sent, 1)]

    listed = service.list_files(range(1, FORTY + 1))
    assert [file.name for file in listed] == ["女神节.pdf"] * FORTY
    assert [file.path.read_bytes() for file in listed] == sent
    assert [(file.size, file.sha256) for file in kept] == [
        (len(content), hashlib.sha256(content).hexdigest()) for content in sent
    ]


def test_what_came_while_too_many_were_read_is_read_later_once(owner: int) -> None:
    with everybody_reading():
        kept = hand_in(owner, handed_in.paper("Deeds"), patience=0)
        before = jobs.read_files(NOW)

    assert (kept.state, before) == (FileState.WAITING, 0)
    assert (jobs.read_files(NOW), jobs.read_files(NOW)) == (1, 0)
    later = service.get(kept.id, within=[HERS])
    assert later.state == FileState.READ
    assert later.zishu == 1
    assert later.copied is True


@pytest.mark.parametrize(
    "content", [handed_in.locked_paper(), handed_in.paper("Deeds")[:-40]], ids=["locked", "cut"]
)
def test_a_password_or_a_cut_that_is_found_out_later_leaves_the_file_unread(
    owner: int, content: bytes
) -> None:
    with everybody_reading():
        kept = hand_in(owner, content, patience=0)

    assert (jobs.read_files(NOW), service.get(kept.id, within=[HERS]).state) == (1, FileState.UNREAD)


@pytest.mark.parametrize("name", ["laughs.docx", "flate.pdf", "wide.png", "marks.docx"])
def test_a_bomb_that_is_found_out_later_goes_with_its_bytes(owner: int, name: str) -> None:
    code, made = BOMBS[name]
    with everybody_reading():
        kept = hand_in(owner, made(), name, patience=0)

    assert (kept.state, jobs.read_files(NOW)) == (FileState.WAITING, 0)
    assert service.list_files([HERS]) == []
    assert not kept.path.exists()
    assert service.list_waiting() == []
    about = select(AuditEntry).where(AuditEntry.action == "nomination.file_refused")
    assert [(e.by, e.facts) for e in db.session.scalars(about)] == [
        ("system", {"file": kept.id, "why": code})
    ]


def test_a_file_of_another_nomination_is_as_good_as_none(owner: int) -> None:
    kept = hand_in(owner, handed_in.paper("Deeds"), "事迹.pdf")
    asked = (service.get, service.text_of, service.stripped)

    answers = set()
    for ask in asked:
        for file_id in (kept.id, "0" * 32, "../../keys/keys.json"):
            with pytest.raises(NotFound) as no:
                ask(file_id, within=[THEIRS])
            answers.add((no.value.code, no.value.what))
    assert (len(answers), service.list_files([THEIRS])) == (1, [])


def test_who_may_see_is_decided_in_the_query(owner: int) -> None:
    kept = hand_in(owner, handed_in.paper("Deeds"), "事迹.pdf")
    mine = select(NominationFile.nomination_id).where(NominationFile.owner_id == owner)

    assert service.get(kept.id, within=mine) == kept
    with pytest.raises(NotFound):
        service.get(kept.id, within=mine.where(NominationFile.nomination_id == THEIRS))


def test_a_full_nomination_takes_no_more(owner: int) -> None:
    with everybody_reading():
        for _ in range(10):
            hand_in(owner, b"%PDF-1.4", patience=0)
        with pytest.raises(Refused) as no:
            hand_in(owner, b"%PDF-1.4", patience=0)

    assert (no.value.code, len(service.list_files([HERS]))) == ("file.too_many", 10)


def test_keeping_and_dropping_are_on_record_without_a_name(owner: int) -> None:
    kept = hand_in(owner, handed_in.paper("Deeds"), "王芳.pdf")
    with unit_of_work():
        service.drop(kept.id, within=[HERS], actor=acting(f"person:{owner}", NOW))

    about = select(AuditEntry).where(AuditEntry.subject == f"nomination:{HERS}").order_by(AuditEntry.id)
    assert [(e.action, e.by, e.facts) for e in db.session.scalars(about)] == [
        ("nomination.file_kept", f"person:{owner}", {"file": kept.id}),
        ("nomination.file_dropped", f"person:{owner}", {"file": kept.id}),
    ]


def test_what_no_row_tells_of_goes_when_it_is_a_day_old(owner: int) -> None:
    kept, dropped = (hand_in(owner, handed_in.paper("Deeds"), f"{n}.pdf") for n in range(2))
    with unit_of_work():
        service.drop(dropped.id, within=[HERS], actor=acting("test", NOW))
    _aged(dropped.path, store.copy_of(dropped.id), kept.path, store.copy_of(kept.id), hours=25)
    young = receiving.receive(io.BytesIO(handed_in.paper("Deeds")), "b.pdf", began=NOW)

    swept = jobs.tidy(utc_now())

    left = {path.name for path in store.folder().glob("??/*")}
    both = {name for file_id in (kept.id, young.id) for name in (file_id, file_id + store.COPY)}
    assert (swept, left) == (2, both)


def _aged(*paths: Path, hours: int) -> None:
    at = (utc_now() - timedelta(hours=hours)).timestamp()
    for path in paths:
        os.utime(path, (at, at))
