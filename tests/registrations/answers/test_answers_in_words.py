"""Answers of every kind by page: typed, refused, changed, and read in words wherever they are shown."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import QuestionFacts
from eventreg.campaigns.wording import LetterWords
from eventreg.delivery.contents import registration_letters
from eventreg.people import service as people
from eventreg.registrations import reading
from tests.registrations.test_roster import export
from tests.rig import cast
from tests.rig.cast import Stage
from tests.rig.clients import form_of, send
from tests.rig.plan_pages import OUTING, organised, sent

ClientFor = Callable[..., FlaskClient]
FORM, QUESTIONS = "/campaigns/outing/registration", f"{OUTING}/questions"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """A1 organises the outing, which has two places."""
    found = organised(app)
    cast.set_capacity(app, found, 20, now=cast.lately())
    return found


@pytest.fixture
def organiser(stage: Stage, client_for: ClientFor) -> FlaskClient:
    return client_for("A1")


def add(client: FlaskClient, label: str, kind: str, **more: str) -> TestResponse:
    """Add a question by its page."""
    return sent(client, f"{QUESTIONS}/new", label=label, kind=kind, hint="", **more)


def asked(app: Flask, label: str) -> QuestionFacts:
    with app.app_context():
        found = campaigns.list_questions(campaigns.get_campaign("outing").id)
    return next(question for question in found if question.label == label)


def text_of(page: TestResponse) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", " ", page.text)))


KINDS = {
    "尺码": ("text", {}, "中号"),
    "想说的": ("paragraph", {}, "第一行\n第二行"),
    "带几人": ("number", {"least": "0", "most": "3"}, "2"),
    "哪天到": ("date", {"least": "2027-03-01", "most": "2027-03-09"}, "2027-03-04"),
    "项目": ("choices", {"more": "跳绳\n拔河\n跑步", "most": "2"}, ["o1", "o3"]),
    "坐车": ("yes", {}, "yes"),
}


@pytest.fixture
def answered(app: Flask, organiser: FlaskClient) -> str:
    """A question of every kind, answered; the receipt's address."""
    for label, (kind, more, _value) in KINDS.items():
        assert add(organiser, label, kind, **more).status_code == 303
    given: dict[str, Any] = {asked(app, label).key: value for label, (_kind, _more, value) in KINDS.items()}
    return str(send(organiser, FORM, **given).location)


TOLD = {"尺码": "中号", "带几人": "2", "哪天到": "2027年3月4日", "项目": "跳绳、跑步", "坐车": "是"}


def test_answers_of_every_kind_are_read_in_words(app: Flask, organiser: FlaskClient, answered: str) -> None:
    pages = {
        "receipt": text_of(organiser.get(answered)),
        "my data": text_of(organiser.get("/my/data")),
        "roster": text_of(organiser.get(f"{OUTING}/roster")),
    }

    for words in TOLD.values():
        assert [page for page, text in pages.items() if words not in text] == []


def test_the_form_of_changes_holds_what_was_answered(
    organiser: FlaskClient, app: Flask, answered: str
) -> None:
    page = organiser.get(f"{answered}/answers").text
    key = {label: asked(app, label).key for label in KINDS}

    ticked = re.findall(r'<input type="(?:radio|checkbox)"[^>]*name="(q\d+)" value="([^"]*)" checked', page)
    assert sorted(ticked) == sorted([(key["项目"], "o1"), (key["项目"], "o3"), (key["坐车"], "yes")])
    assert f'name="{key["哪天到"]}" type="date" value="2027-03-04"' in page


def test_the_workbook_has_numbers_as_numbers(app: Flask, organiser: FlaskClient, answered: str) -> None:
    grid = openpyxl.load_workbook(io.BytesIO(export(organiser).data)).active
    assert grid is not None
    heads, row = ([cell.value for cell in line] for line in grid.iter_rows(max_row=2))
    found = dict(zip(heads, row, strict=True))

    assert {label: found[label] for label in KINDS} == {
        **TOLD, "想说的": "第一行\n第二行", "带几人": 2, "哪天到": "2027-03-04",
    }  # fmt: skip


def test_letters_fill_in_the_words_of_an_answer(app: Flask, stage: Stage, answered: str) -> None:
    with app.app_context():
        told = registration_letters.filled(
            LetterWords("信", ("{{回答 项目}}", "{{回答 坐车}}", "{{回答 带几人}}")),
            campaigns.get_campaign("outing"),
            {},
            reader=lambda: people.person_facts(stage.people["A1"]),
            answers=lambda: reading.answers_of(int(answered.rsplit("/", 1)[1])),
        )

    assert told == ("信", ("跳绳、跑步", "是", "2"))


def test_my_data_has_the_words_of_the_options(organiser: FlaskClient, answered: str) -> None:
    told = json.loads(organiser.get("/my/data.json").data)["answers"]

    chosen = next(line for line in told if line["question"] == "项目")
    assert (chosen["value"], [option["label"] for option in chosen["options"]]) == (
        "o1 o3", ["跳绳", "拔河", "跑步"],
    )  # fmt: skip


def test_a_refused_form_keeps_what_was_chosen(
    app: Flask, organiser: FlaskClient, client_for: ClientFor
) -> None:
    for label, (kind, more, _value) in KINDS.items():
        add(organiser, label, kind, **more)
    key = {label: asked(app, label).key for label in KINDS}
    given: dict[str, Any] = {
        key["带几人"]: "9",
        key["项目"]: ["o1", "o2", "o3"],
        key["坐车"]: "no",
        key["哪天到"]: "2027-04-01",
    }

    answer = send(client_for("E5"), FORM, **given)

    assert answer.status_code == 422
    told = unescape(answer.text)
    assert [
        words in told
        for words in ("要在 0 到 3 之间", "最多选 2 项", "要在 2027年3月1日 到 2027年3月9日 之间")
    ] == [True] * 3
    ticked = re.findall(
        r'<input type="(?:radio|checkbox)"[^>]*name="(q\d+)" value="([^"]*)" checked', answer.text
    )
    assert sorted(ticked) == sorted([*((key["项目"], f"o{n}") for n in (1, 2, 3)), (key["坐车"], "no")])


def test_a_form_sent_without_a_session_comes_back_with_every_box(
    app: Flask, organiser: FlaskClient, client_for: ClientFor
) -> None:
    """Signing in again brings the form back: of several boxes all that were ticked."""
    add(organiser, "项目", "choices", more="跳绳\n拔河\n跑步")
    key, guest = asked(app, "项目").key, client_for("E5")
    opened = form_of(guest.get(FORM))
    token = opened["csrf_token"]
    signed_in = dict(guest.session_transaction().__enter__())
    with guest.session_transaction() as session:
        session.clear()
        session["csrf_token"] = signed_in["csrf_token"]
    answer = guest.post(FORM, data={**opened, "csrf_token": token, key: ["o1", "o3"]})
    assert answer.status_code in {302, 303}
    with guest.session_transaction() as session:
        session.update({name: value for name, value in signed_in.items() if name != "kept"})

    page = guest.get(FORM).text
    ticked = re.findall(rf'<input type="checkbox"[^>]*name="{key}" value="([^"]*)" checked', page)
    assert ticked == ["o1", "o3"]
