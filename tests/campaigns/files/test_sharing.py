"""What an organiser shares: the link, the QR code, the poster, a text for a group, and what chats show of the link."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from werkzeug.test import TestResponse

from eventreg.campaigns.models import Activity, Campaign, Season
from eventreg.core.db.session import db, unit_of_work
from eventreg.delivery import qr
from tests.rig import awards, cast, handed_in
from tests.rig.cast import Stage
from tests.rig.clients import signed_in_client
from tests.rig.plan_pages import OUTING, made, organised

from .bringing import bring_file

ClientFor = Callable[..., FlaskClient]
SHARE = f"{OUTING}/share"
URL = "http://localhost/campaigns/outing"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """A1 organises the outing."""
    return organised(app)


@pytest.fixture
def organiser(stage: Stage, client_for: ClientFor) -> FlaskClient:
    return client_for("A1")


def _change(app: Flask, **values: object) -> None:
    """Change columns of the outing and of its first activity, as a change of the plan does."""
    with app.app_context(), unit_of_work():
        row = db.session.get_one(Campaign, 1)
        first = db.session.query(Activity).filter_by(campaign_id=1).order_by(Activity.starts_at).first()
        for name, value in values.items():
            setattr(first if name in {"place", "schedule"} else row, name, value)
        row.version += 1


def _text(page: str) -> str:
    found = re.search(r'<textarea[^>]*id="share-text"[^>]*>([^<]*)</textarea>', page)
    assert found is not None
    return unescape(found[1])


def _closed(answer: TestResponse) -> bytes:
    content: bytes = answer.data
    answer.close()
    return content


def test_a_published_campaign_has_its_link_text_code_and_poster(app: Flask, organiser: FlaskClient) -> None:
    _change(app, place="青龙湖风景区东门", intro="一起走走", audience="全体职工")

    page = organiser.get(SHARE).text

    assert f'value="{URL}" readonly' in page
    assert qr.drawn(URL).path in page
    lines = _text(page).splitlines()
    assert lines[0].startswith("【")
    assert lines[1] == "一起走走"
    assert [line.split("：")[0] for line in lines[2:]] == ["时间", "地点", "谁能参加", "报名截止", "报名"]
    assert "地点：青龙湖风景区东门" in lines
    assert lines[-1] == f"报名：{URL}"


def test_the_text_says_what_is_tentative_and_when_sign_up_opens(app: Flask, organiser: FlaskClient) -> None:
    with app.app_context():
        closes = db.session.get_one(Campaign, 1).closes_at
    _change(app, schedule="tentative", opens_at=closes - timedelta(hours=1))

    text = _text(organiser.get(SHARE).text)

    assert "（暂定）" in text
    assert "\n报名开始：" in text


def test_the_text_is_in_the_language_of_the_campaign(app: Flask, organiser: FlaskClient) -> None:
    _change(app, lang="en", title="Spring walk", intro="")

    lines = _text(organiser.get(SHARE).text).splitlines()

    assert lines[0] == "[Spring walk]"
    assert lines[-1] == f"Sign up: {URL}"


@pytest.mark.parametrize(
    ("base_url", "warned"),
    [("http://127.0.0.1:8000", True), ("http://localhost:8000", True), ("https://38.example.cn", False)],
)
def test_a_link_that_only_opens_here_is_not_to_be_shared(
    app: Flask, organiser: FlaskClient, base_url: str, warned: bool
) -> None:
    settings = app.extensions["eventreg.settings"]
    app.extensions["eventreg.settings"] = replace(settings, base_url=base_url)

    page = organiser.get("/manage/campaigns/outing/share").text

    assert ("只有装系统的那台电脑打得开" in page) is warned


def test_the_code_is_the_link(organiser: FlaskClient) -> None:
    answer = organiser.get(f"{SHARE}/qr.png")

    assert _closed(answer) == qr.png(URL)
    assert answer.headers["Content-Disposition"].startswith("attachment; ")


def test_the_poster_is_one_page_with_everything_on_it(app: Flask, organiser: FlaskClient) -> None:
    _change(app, place="青龙湖风景区东门", intro="一起走走")

    answer = organiser.get(f"{SHARE}/poster.pdf")

    paper = PdfReader(io.BytesIO(_closed(answer)))
    said = paper.pages[0].extract_text().translate(dict.fromkeys(map(ord, "\n \u200b")))
    assert (answer.headers["Content-Type"], len(paper.pages)) == ("application/pdf", 1)
    for words in ("一起走走", "青龙湖风景区东门", "扫码报名", "localhost/campaigns/outing"):
        assert words in said


@pytest.mark.parametrize("size", [(1600, 900), (600, 2400)])
def test_the_longest_poster_is_one_page_with_its_picture(sqlite_app: Flask, size: tuple[int, int]) -> None:
    organised(sqlite_app)
    organiser = signed_in_client(sqlite_app, "A1")
    _change(sqlite_app, title="长" * 120, intro="字" * 900, audience="谁" * 200, place="地" * 120)
    bring_file(organiser, "picture", handed_in.photo("JPEG", size=size), "a.jpg")

    paper = PdfReader(io.BytesIO(_closed(organiser.get(f"{SHARE}/poster.pdf"))))

    assert len(paper.pages) == 1
    assert len(paper.pages[0].images) == 1


def test_an_award_is_shared_too(sqlite_app: Flask) -> None:
    since = cast.lately()
    awards.set_award(sqlite_app, organised(sqlite_app), now=since)
    page = signed_in_client(sqlite_app, "B2").get("/manage/campaigns/award/share")

    lines = _text(page.text).splitlines()
    assert lines[-1] == "查看：http://localhost/campaigns/award"
    assert [line for line in lines if line.startswith("推荐截止：")] != []


def test_a_draft_has_nothing_to_share(organiser: FlaskClient) -> None:
    plan = made(organiser)

    answers = [
        organiser.get(f"{plan}/{tail}").status_code for tail in ("share", "share/qr.png", "share/poster.pdf")
    ]

    assert answers == [404, 404, 404]


def _card(client: FlaskClient) -> dict[str, str]:
    page = client.get("/campaigns/outing").text
    found = re.findall(r'<meta (?:property|name)="(og:[a-z:_]+|description)" content="([^"]*)">', page)
    return {name: unescape(value) for name, value in found}


def test_chats_show_title_time_place_and_the_drawing(app: Flask, stage: Stage) -> None:
    _change(app, title='走<走>"看"', intro="一起\n走走", place="东门")

    card = _card(app.test_client())

    assert card["og:title"] == '走<走>"看"'
    assert card["og:url"] == URL
    assert "，东门，一起 走走" in card["og:description"]
    assert card["description"] == card["og:description"]
    assert card["og:image"] == "http://localhost/static/img/share.png"
    drawing = app.test_client().get("/static/img/share.png")
    size = Image.open(io.BytesIO(_closed(drawing))).size
    assert [str(side) for side in size] == [card["og:image:width"], card["og:image:height"]]


def test_chats_show_the_picture_of_a_campaign_that_has_one(app: Flask, organiser: FlaskClient) -> None:
    bring_file(organiser, "picture", handed_in.photo("JPEG", size=(800, 400)), "a.jpg")

    card = _card(app.test_client())
    answer = app.test_client().get(card["og:image"])

    assert card["og:image"].startswith(f"{URL}/files/")
    assert Image.open(io.BytesIO(_closed(answer))).size == (800, 400)
    assert [card["og:image:width"], card["og:image:height"]] == ["800", "400"]


def test_chats_show_the_season_of_the_home_page(app: Flask, stage: Stage) -> None:
    with app.app_context():
        season = db.session.query(Season).one()
        title, lead = season.title, season.lead

    page = app.test_client().get("/").text

    assert f'<meta property="og:title" content="{title}">' in page
    assert f'<meta property="og:description" content="{lead}">' in page
    assert '<meta property="og:url" content="http://localhost/">' in page


def test_the_site_is_named(app: Flask, stage: Stage) -> None:
    with app.app_context():
        brand = db.session.query(Season).one().brand

    assert _card(app.test_client())["og:site_name"] == brand
