"""Options with places by page: set up by an organiser, chosen by employees."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import QuestionFacts
from tests.rig import cast, sight
from tests.rig.cast import Stage
from tests.rig.clients import form_of, send
from tests.rig.plan_pages import OUTING, organised, sent

ClientFor = Callable[..., FlaskClient]
FORM, QUESTIONS = "/campaigns/outing/registration", f"{OUTING}/questions"
BUS, A, B = "坐几号车", "1 号车", "2 号车"


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


def buses(client: FlaskClient) -> None:
    assert add(client, BUS, "choice", more=f"{A}｜1\n{B}|1").status_code == 303


def test_an_organiser_types_options_one_a_line_with_their_places(app: Flask, organiser: FlaskClient) -> None:
    buses(organiser)

    listed = text_of(organiser.get(QUESTIONS))
    edit = organiser.get(f"{QUESTIONS}/{asked(app, BUS).id}").text
    assert f"{A}（1 个名额）、{B}（1 个名额）" in listed
    assert re.findall(r'name="(?:option|places)_o\d"[^>]*value="([^"]*)"', edit) == [A, "1", B, "1"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (A, "至少要有两个选项"),
        (f"{A}\n{A}", "写了两次"),
        (f"{A}｜很多\n{B}", "竖线后面要写名额"),
        (f"{A}\n{'长' * 61}", "一个选项最多 60 个字"),
    ],
)
def test_options_that_do_not_fit_come_back_with_what_was_typed(
    organiser: FlaskClient, more: str, told: str
) -> None:
    answer = add(organiser, BUS, "choice", more=more)

    assert answer.status_code in {409, 422}
    assert told in unescape(answer.text)
    assert more.splitlines()[0] in unescape(answer.text)


def test_an_option_that_people_hold_is_refused_at_its_own_field(app: Flask, organiser: FlaskClient) -> None:
    buses(organiser)
    found = asked(app, BUS)
    assert send(organiser, FORM, **{found.key: "o1"}).status_code == 303
    at = f"{QUESTIONS}/{found.id}"
    kept = {"label": BUS, "kind": "choice", "option_o2": B, "places_o2": "1"}

    answer = sent(organiser, at, **kept, option_o1="", places_o1="", more="3 号车｜5")

    assert answer.status_code == 409
    assert "有 1 人选了“1 号车”，不能去掉" in unescape(answer.text)
    assert 'href="#option_o1"' in answer.text
    assert "3 号车｜5" in answer.text
    assert [option.label for option in asked(app, BUS).offered] == [A, B]


def test_places_are_shown_before_choosing_and_a_full_option_leads_to_the_waiting_list(
    app: Flask, organiser: FlaskClient, client_for: ClientFor
) -> None:
    buses(organiser)
    key = asked(app, BUS).key
    first = organiser.get(FORM)
    assert text_of(first).count("余 1 个名额") == 2
    assert organiser.post(FORM, data=form_of(first) | {key: "o1"}).status_code == 303

    late = client_for("E5")
    page = late.get(FORM)
    receipt = late.post(FORM, data=form_of(page) | {key: "o1"}).location
    shown = text_of(late.get(receipt))

    assert "已满，选它就加入候补" in text_of(page)
    assert "disabled" not in page.text.split('<form class="form"')[1].split("form-end")[0]
    assert sight.places(app) == {"A1": "seated", "E5": "waiting"}
    assert "你选的“ 1 号车 ”已经满了" in shown or "你选的“1 号车”已经满了" in shown


def test_who_waits_chooses_a_free_option_and_has_a_place(
    app: Flask, organiser: FlaskClient, client_for: ClientFor
) -> None:
    buses(organiser)
    key, late = asked(app, BUS).key, client_for("E5")
    send(organiser, FORM, **{key: "o1"})
    receipt = send(late, FORM, **{key: "o1"}).location

    answer = late.post(
        f"{receipt}/answers",
        data=form_of(late.get(f"{receipt}/answers")) | {key: "o2"},
        follow_redirects=True,
    )

    assert sight.places(app)["E5"] == "seated"
    assert "名额已经给你" in answer.text


def test_a_full_option_is_closed_to_who_has_a_place_but_not_to_who_holds_it(
    app: Flask, organiser: FlaskClient, client_for: ClientFor
) -> None:
    buses(organiser)
    key, other = asked(app, BUS).key, client_for("E5")
    mine = f"{send(organiser, FORM, **{key: 'o1'}).location}/answers"
    page = organiser.get(mine)
    send(other, FORM, **{key: "o2"})
    later = organiser.get(mine)

    def closed(shown: TestResponse) -> list[str]:
        return [
            tag.split('value="')[1].split('"')[0]
            for tag in re.findall(rf'<input type="radio"[^>]*name="{key}"[^>]*>', shown.text)
            if " disabled" in tag
        ]

    assert [closed(page), closed(later)] == [[], ["o2"]]
    refused = organiser.post(mine, data=form_of(page) | {key: "o2", "phone": "13800138000"})
    assert refused.status_code == 409
    assert "“2 号车”已经满了，没有改成，你原来选的还在" in unescape(refused.text)
    assert f'href="#{key}-0"' in refused.text
    assert "13800138000" in refused.text
    assert organiser.post(mine, data=form_of(later) | {key: "o1", "phone": "13800138000"}).status_code == 303


def test_a_single_choice_that_need_not_be_made_can_be_taken_back(app: Flask, organiser: FlaskClient) -> None:
    buses(organiser)
    key = asked(app, BUS).key
    mine = f"{send(organiser, FORM, **{key: 'o1'}).location}/answers"

    assert "不选" in organiser.get(mine).text
    assert send(organiser, mine, **{key: ""}).status_code == 303
    with app.app_context():
        pools = campaigns.get_campaign("outing").pools
    assert [pool.taken for pool in pools if pool.option] == [0, 0]
