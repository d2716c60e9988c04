"""The files of a campaign's page: brought, shown as copies, replaced, taken away; hostile ones are refused."""

from __future__ import annotations

import io
import os
import re
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from werkzeug.test import TestResponse

from eventreg import jobs
from eventreg.campaigns.files.models import CampaignFile
from eventreg.core.clock import utc_now
from eventreg.core.uploaded_files import store
from tests.rig import handed_in, sight
from tests.rig.cast import Stage
from tests.rig.plan_pages import OUTING, made, organised
from tests.rig.statements import statements

from .bringing import FILES, bring_file

ClientFor = Callable[..., FlaskClient]
PAGE = "/campaigns/outing"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """A1 organises the outing."""
    return organised(app)


@pytest.fixture
def organiser(stage: Stage, client_for: ClientFor) -> FlaskClient:
    return client_for("A1")


@pytest.fixture
def visitor(app: Flask, stage: Stage) -> FlaskClient:
    """Somebody who is not signed in."""
    return app.test_client()


def _addresses(page: str) -> list[str]:
    """The addresses of the files that a page names, each once."""
    return list(dict.fromkeys(re.findall(r'(?:href|src)="(/[^"]*/files/[0-9a-f]{32})"', page)))


def _fetched(client: FlaskClient, *addresses: str) -> list[TestResponse]:
    """The answers, read to their ends."""
    answers = [client.get(address, buffered=True) for address in addresses]
    for answer in answers:
        answer.close()
    return answers


def _stored(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(path.name for path in store.folder().glob("??/*"))


def test_three_files_stand_on_the_page_of_everybody(organiser: FlaskClient, visitor: FlaskClient) -> None:
    before = _addresses(visitor.get(PAGE).text)
    answers = [
        bring_file(organiser, "picture", handed_in.photo("JPEG"), "合影.jpg").status_code,
        bring_file(organiser, "plan", handed_in.paper("The plan"), "方案.pdf").status_code,
        bring_file(organiser, "map", handed_in.photo("PNG"), "路线.png").status_code,
    ]

    page = visitor.get(PAGE).text
    sent = _fetched(visitor, *_addresses(page))

    assert (before, answers) == ([], [303, 303, 303])
    kinds = [answer.headers["Content-Type"] for answer in sent]
    assert kinds == ["image/jpeg", "application/pdf", "image/jpeg"]
    assert "下载活动方案（PDF，" in page
    assert "地点示意图" in page
    assert sight.audit_actions(organiser.application, "campaign.file") == ["campaign.file_kept"] * 3


def test_everybody_gets_copies_without_metadata(
    app: Flask, organiser: FlaskClient, visitor: FlaskClient
) -> None:
    bring_file(organiser, "picture", handed_in.photo("JPEG", turned=True), "a.jpg")
    bring_file(organiser, "plan", handed_in.told_paper(), "a.pdf")

    sent = [one.data for one in _fetched(visitor, *_addresses(visitor.get(PAGE).text))]

    assert [handed_in.CANARY.encode() in content for content in sent] == [False, False]
    assert Image.open(io.BytesIO(sent[0])).size == (40, 80)
    assert len(PdfReader(io.BytesIO(sent[1])).pages) == 2
    assert 'width="40" height="80"' in visitor.get(PAGE).text
    assert [name.endswith(store.COPY) for name in _stored(app)] == [True, True], "no original stays"


def test_a_large_picture_becomes_one_for_a_phone(organiser: FlaskClient, visitor: FlaskClient) -> None:
    bring_file(organiser, "picture", handed_in.photo("JPEG", size=(4000, 3000)), "a.jpg")

    page = visitor.get(PAGE).text
    picture = Image.open(io.BytesIO(_fetched(visitor, _addresses(page)[0])[0].data))

    assert (picture.format, picture.size) == ("JPEG", (1600, 1200))
    assert 'width="1600" height="1200"' in page


def test_a_transparent_picture_stands_on_white(organiser: FlaskClient, visitor: FlaskClient) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (30, 30), (0, 0, 0, 0)).save(out, "PNG")
    bring_file(organiser, "map", out.getvalue(), "a.png")

    sent = _fetched(visitor, *_addresses(visitor.get(PAGE).text))[0].data

    assert Image.open(io.BytesIO(sent)).getpixel((15, 15)) == (255, 255, 255)


def test_a_picture_is_shown_in_a_sandbox_and_kept_for_a_day(
    organiser: FlaskClient, visitor: FlaskClient
) -> None:
    bring_file(organiser, "picture", handed_in.photo("PNG"), "a.png")
    bring_file(organiser, "plan", handed_in.paper("x"), "方案 2027.pdf")
    picture, plan = (one.headers for one in _fetched(visitor, *_addresses(visitor.get(PAGE).text)))

    assert [picture.getlist("Content-Security-Policy")[0], picture["X-Content-Type-Options"]] == [
        "sandbox",
        "nosniff",
    ]
    assert picture["Cache-Control"] == "public, max-age=86400"
    assert picture["Content-Disposition"] == "inline; filename=picture.jpg"
    assert plan["Content-Disposition"].startswith("attachment; ")
    assert plan["Cache-Control"] == "no-store"


def test_another_picture_replaces_the_first_and_the_same_one_does_not(
    app: Flask, organiser: FlaskClient, visitor: FlaskClient
) -> None:
    bring_file(organiser, "picture", handed_in.photo("PNG"), "a.png")
    first = _addresses(visitor.get(PAGE).text)
    bring_file(organiser, "picture", handed_in.photo("PNG"), "a.png")
    same = _addresses(visitor.get(PAGE).text)
    bring_file(organiser, "picture", handed_in.photo("JPEG"), "b.jpg")
    other = _addresses(visitor.get(PAGE).text)

    assert same == first
    assert [len(other), other == first] == [1, False]
    assert visitor.get(first[0]).status_code == 404
    assert sight.count(app, CampaignFile) == 1


def test_a_file_is_taken_away_once(app: Flask, organiser: FlaskClient, visitor: FlaskClient) -> None:
    bring_file(organiser, "plan", handed_in.paper("x"), "a.pdf")
    address = _addresses(visitor.get(PAGE).text)[0]
    token = re.search(r'name="csrf_token" value="([^"]+)"', organiser.get(FILES).text)
    assert token is not None

    answers = [
        organiser.post(f"{FILES}/{part}/removal", data={"csrf_token": token[1]}).status_code
        for part in ("plan", "plan", "other")
    ]

    assert answers == [303, 303, 404]
    assert visitor.get(address).status_code == 404
    assert _addresses(visitor.get(PAGE).text) == []
    assert sight.audit_actions(app, "campaign.file") == ["campaign.file_kept", "campaign.file_dropped"]


def test_the_files_of_a_draft_are_its_organisers_alone(organiser: FlaskClient, client_for: ClientFor) -> None:
    plan = made(organiser)
    files, slug = f"{plan}/files", plan.rpartition("/")[2]
    bring_file(organiser, "picture", handed_in.photo("PNG"), "a.png", to=files)

    shown = _addresses(organiser.get(f"{plan}/preview").text)
    hers, others = _fetched(organiser, shown[0])[0], client_for("C3").get(shown[0])
    public = organiser.get(shown[0].replace("/manage", ""))
    through_another = organiser.get(f"{FILES}/{shown[0].rpartition('/')[2]}")

    assert shown[0].startswith(f"/manage/campaigns/{slug}/files/")
    assert (hers.status_code, hers.headers["Cache-Control"]) == (200, "no-store")
    assert [answer.status_code for answer in (others, public, through_another)] == [404, 404, 404]


def test_a_draft_with_files_is_deleted_whole(app: Flask, organiser: FlaskClient) -> None:
    plan = made(organiser)
    bring_file(organiser, "picture", handed_in.photo("PNG"), "a.png", to=f"{plan}/files")
    page = organiser.get(plan).text
    token, version = (re.search(rf'name="{n}" value="([^"]+)"', page) for n in ("csrf_token", "version"))
    assert token is not None
    assert version is not None

    answer = organiser.post(f"{plan}/deletion", data={"csrf_token": token[1], "version": version[1]})

    assert (answer.status_code, sight.count(app, CampaignFile)) == (303, 0)


def _age(app: Flask) -> None:
    """Make every stored file two days old."""
    with app.app_context():
        for path in store.folder().glob("??/*"):
            os.utime(path, (time.time() - 2 * 86400,) * 2)


def test_the_sweep_keeps_files_of_campaigns_and_deletes_what_no_row_names(
    app: Flask, organiser: FlaskClient, visitor: FlaskClient
) -> None:
    bring_file(organiser, "picture", handed_in.photo("PNG"), "a.png")
    bring_file(organiser, "map", handed_in.photo("PNG"), "b.png")
    bring_file(organiser, "map", handed_in.photo("JPEG"), "c.jpg")
    _age(app)

    with app.app_context():
        lost = jobs.tidy(utc_now() + timedelta(seconds=1))

    kept = [one.status_code for one in _fetched(visitor, *_addresses(visitor.get(PAGE).text))]
    assert (lost, kept) == (1, [200, 200])


def test_files_cost_the_page_no_statement(app: Flask, organiser: FlaskClient, visitor: FlaskClient) -> None:
    visitor.get(PAGE)
    with statements(app, warm=True) as without:
        visitor.get(PAGE)
    for part, content, name in (
        ("picture", handed_in.photo("PNG"), "a.png"),
        ("plan", handed_in.paper("x"), "a.pdf"),
        ("map", handed_in.photo("PNG"), "b.png"),
    ):
        bring_file(organiser, part, content, name)
    visitor.get(PAGE)
    with statements(app, warm=True) as with_files:
        visitor.get(PAGE)

    assert len(with_files) == len(without)


def test_bytes_that_are_gone_are_a_page_not_found(
    app: Flask, organiser: FlaskClient, visitor: FlaskClient
) -> None:
    bring_file(organiser, "picture", handed_in.photo("PNG"), "a.png")
    address = _addresses(visitor.get(PAGE).text)[0]
    with app.app_context():
        for path in store.folder().glob("??/*"):
            Path(path).unlink()

    assert [visitor.get(address).status_code, visitor.get(PAGE).status_code] == [404, 200]
    assert organiser.get(f"{OUTING}/share/poster.pdf").status_code == 200
