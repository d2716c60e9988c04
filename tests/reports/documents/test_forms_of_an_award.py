"""The forms of an award as one PDF and as a zip: every submitted one, no draft, each with its code."""

from __future__ import annotations

import io
import zipfile

import pytest
from flask import Flask
from pypdf import PdfReader

from eventreg.campaigns.service import get_campaign
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.core.uploaded_files import receiving
from eventreg.delivery import qr
from eventreg.nominations.files import service as files
from eventreg.nominations.files.rules import MaterialPart
from eventreg.reports.documents import service as documents
from eventreg.reports.documents.rules import DocumentKind, DocumentState
from tests.rig import awards, cast, handed_in
from tests.rig.actors import acting
from tests.rig.awards import Contest
from tests.rig.cast import NOW


@pytest.fixture
def contest(sqlite_app: Flask) -> Contest:
    return awards.set_award(sqlite_app, cast.set_stage(sqlite_app))


def made(app: Flask, kind: DocumentKind) -> tuple[bytes, str]:
    """The content of a document that an organiser asked for, and its ending."""
    with app.app_context():
        actor = acting("person:1", NOW)
        with unit_of_work():
            asked = documents.ask(get_campaign("award"), kind, lang="zh-CN", actor=actor)
        with app.test_request_context():
            documents.make_due(draw=qr.svg, now=NOW)
        path, found = documents.get_file(get_campaign("award").id, asked, actor=actor)
        assert found.state is DocumentState.READY
        return path.read_bytes(), path.suffix


def test_the_booklet_holds_every_submitted_form_and_no_draft(sqlite_app: Flask, contest: Contest) -> None:
    awards.more_places(sqlite_app, 3)
    for nominee in ("A1", "C3"):
        awards.submit(sqlite_app, contest, "B2", awards.ready(sqlite_app, contest, "B2", nominee))

    content, ending = made(sqlite_app, DocumentKind.BOOKLET)

    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert ending == ".pdf"
    assert [cast.NAMES[no][0] in text for no in ("A1", "C3")] == [True] * 2
    assert text.count("所在部门意见") == 2
    assert "校验码" in text


def test_the_zip_has_the_summary_and_a_folder_for_each_with_form_and_files(
    sqlite_app: Flask, contest: Contest
) -> None:
    submitted = awards.ready(sqlite_app, contest, "B2", "A1")
    brought = handed_in.document("先进事迹")
    with sqlite_app.app_context():
        received = receiving.receive(io.BytesIO(brought), "事迹.docx", began=NOW)
        by = contest.person("B2")
        with unit_of_work():
            files.keep(
                received,
                nomination_id=submitted,
                part=MaterialPart.DEEDS,
                owner_id=by,
                actor=acting(by, NOW),
            )
    awards.submit(sqlite_app, contest, "B2", submitted)
    awards.more_places(sqlite_app, 2)
    awards.begin(sqlite_app, contest, "B2", "C3")  # a draft

    content, ending = made(sqlite_app, DocumentKind.FORMS)

    archive, folder = zipfile.ZipFile(io.BytesIO(content)), f"01 {cast.NAMES['A1'][0]}"
    assert ending == ".zip"
    assert archive.namelist() == ["汇总表.xlsx", f"{folder}/推荐表.pdf", f"{folder}/1 事迹.docx"]
    assert archive.read(f"{folder}/1 事迹.docx") == brought
    assert len(PdfReader(io.BytesIO(archive.read(f"{folder}/推荐表.pdf"))).pages) >= 1


def test_an_award_without_submissions_has_none(sqlite_app: Flask, contest: Contest) -> None:
    awards.begin(sqlite_app, contest, "B2", "A1")

    with pytest.raises(Refused, match="document.nothing"):
        made(sqlite_app, DocumentKind.BOOKLET)
