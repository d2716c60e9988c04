"""The papers of the day: asked for by page or by a rule, made off the request path, loaded by whoever may."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from eventreg import jobs
from eventreg.campaigns.service import campaign_by_id
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.files import private_folder
from eventreg.outbox.models import Letter
from eventreg.registrations.audiences import ORGANISERS
from eventreg.reminders import service as reminders
from eventreg.reminders.rules import Anchor, AnchorSide, OffsetUnit, ReminderInput, ReminderTiming
from eventreg.reports.documents import packing, papers, service
from eventreg.reports.documents.models import Document
from eventreg.reports.documents.rules import LIFE, DocumentKind
from eventreg.reports.typeset import Sheet
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.clients import token_in
from tests.rig.plan_pages import OUTING, organised

ClientFor = Callable[..., FlaskClient]


OF_THE_DAY = (DocumentKind.SIGN_IN, DocumentKind.BADGES, DocumentKind.TEAMS, DocumentKind.RESULTS)


def text_of(pdf: bytes) -> str:
    """All text of a PDF, without white space."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def asked(client: FlaskClient, kind: str) -> int:
    """Ask for a paper by page; the status."""
    page = client.get(f"{OUTING}/papers")
    return client.post(f"{OUTING}/papers/{kind}", data={"csrf_token": token_in(page)}).status_code


def loaded(client: FlaskClient) -> bytes:
    """The content of the first paper."""
    with client.get(f"{OUTING}/papers/1/file") as answer:
        assert answer.status_code == 200
        return bytes(answer.data)


def make(app: Flask, *, now: datetime | None = None) -> int:
    """What the tick does."""
    with app.app_context():
        return jobs.make_documents(now or utc_now())


@pytest.mark.parametrize("kind", OF_THE_DAY)
def test_each_paper_is_asked_for_made_and_loaded(
    app: Flask, client_for: ClientFor, kind: DocumentKind
) -> None:
    stage = organised(app)
    cast.sign_up(app, stage, "A1", now=utc_now())
    client = client_for("A1")

    assert asked(client, str(kind)) == 303
    assert "正在准备" in client.get(f"{OUTING}/papers").text
    assert asked(client, str(kind)) == 303  # a double click makes no second one
    assert make(app) == 1
    content = loaded(client)

    assert content.startswith(b"%PDF")
    if kind in {DocumentKind.SIGN_IN, DocumentKind.BADGES}:
        assert cast.NAMES["A1"][0] in text_of(content)


def test_only_who_asked_for_a_paper_may_load_it(app: Flask, client_for: ClientFor) -> None:
    organised(app)
    asked(client_for("A1"), "sign_in")
    make(app)

    assert client_for("B2").get(f"{OUTING}/papers/1/file").status_code == 404
    assert client_for("C3").get(f"{OUTING}/papers/1/file").status_code == 404


def test_the_evening_before_organisers_get_all_papers_and_a_letter(app: Flask, client_for: ClientFor) -> None:
    stage = organised(app)
    eve = ReminderTiming(
        Anchor.START, AnchorSide.BEFORE, 1, OffsetUnit.DAYS, datetime.min.time().replace(hour=18)
    )
    now = utc_now()
    with app.app_context():
        campaign = campaign_by_id(stage.campaign_id)
        with unit_of_work():
            wanted = ReminderInput(ORGANISERS, eve)
            reminders.add(campaign.id, wanted, seen=campaign.version, actor=acting(stage.people["A1"], now))
        evening = campaign.starts_at.replace(hour=18, minute=5) - timedelta(days=1)
        jobs.remind(evening)
        made = jobs.make_documents(evening), jobs.make_documents(evening + timedelta(minutes=1))
        letters = db.session.query(Letter).filter_by(kind="reminder_organisers").all()

    assert made == (len(OF_THE_DAY), 0)
    assert [letter.person_id for letter in letters] == [stage.people["A1"]]
    with app.app_context():
        found = service.list_of(stage.campaign_id, actor=acting(stage.people["A1"], evening))
        assert {one.kind for one in found if one.by_rule} == set(OF_THE_DAY)


def test_a_paper_is_gone_after_seven_days_with_its_file(app: Flask, client_for: ClientFor) -> None:
    organised(app)
    client = client_for("A1")
    asked(client, "sign_in")
    make(app)
    folder = Path(app.extensions["eventreg.settings"].instance) / "documents"
    assert len(list(folder.iterdir())) == 1

    with app.app_context():
        jobs.tidy(utc_now() + LIFE)

        assert db.session.query(Document).count() == 0
    assert list(folder.iterdir()) == []
    assert client.get(f"{OUTING}/papers/1/file").status_code == 404


def test_a_paper_of_several_parts_is_a_zip_that_is_counted(
    app: Flask, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "BADGES_A_PART", 2)
    stage = cast.set_stage(app, capacity=5, now=cast.lately())
    organised(app)
    for staff_no in ("A1", "B2", "C3", "D4", "E5"):
        cast.sign_up(app, stage, staff_no, now=utc_now())
    client = client_for("A1")
    asked(client, "badges")
    make(app)

    with zipfile.ZipFile(io.BytesIO(loaded(client))) as parts:
        assert len(parts.namelist()) == 3
        assert all(parts.read(name).startswith(b"%PDF") for name in parts.namelist())


def test_a_server_that_was_killed_over_a_paper_makes_it_after_its_start(
    app: Flask, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    organised(app)
    asked(client_for("A1"), "sign_in")

    class Killed(BaseException):
        """What ends the process in the middle."""

    def cut(*_args: object) -> list[bytes]:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(packing, "_typeset", cut)
        with pytest.raises(Killed):
            make(app)

    assert make(app) == 1


def test_one_that_cannot_be_made_keeps_no_other_from_being_made(
    app: Flask, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    organised(app)
    client = client_for("A1")
    asked(client, "teams")
    asked(client, "sign_in")

    def broken(*_args: object) -> list[Sheet]:
        raise KeyError("a fault of ours")

    monkeypatch.setitem(papers.MAKERS, DocumentKind.TEAMS, broken)

    assert make(app) == 1
    assert make(app) == 0
    page = client.get(f"{OUTING}/papers").text
    assert "没有生成，请再试一次" in page
    assert client.get(f"{OUTING}/papers/2/file", buffered=True).status_code == 200


def test_a_file_that_was_just_written_waits_for_its_row(app: Flask) -> None:
    organised(app)
    folder = private_folder(Path(app.extensions["eventreg.settings"].instance) / "documents")
    (folder / "new.pdf").write_bytes(b"%PDF")
    with app.app_context():
        jobs.tidy(utc_now())
        assert [file.name for file in folder.iterdir()] == ["new.pdf"]
        jobs.tidy(utc_now() + timedelta(hours=2))

    assert list(folder.iterdir()) == []


def test_an_unknown_paper_and_a_campaign_without_any_are_not_found(app: Flask, client_for: ClientFor) -> None:
    organised(app)
    client = client_for("A1")

    assert asked(client, "menu") == 404
