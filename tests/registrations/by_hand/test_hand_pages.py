"""By page: an organiser enters somebody after a preview, on an added place too, and corrects answers."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventreg.core.clock import utc_now
from eventreg.registrations.reading import answers_of, find_live
from tests.rig import cast, sight
from tests.rig.cast import Stage
from tests.rig.clients import token_in
from tests.rig.plan_pages import OUTING, ClientFor, organised
from tests.rig.seen_first import seen

from .hands import acts, line, pools

NEW = f"{OUTING}/registrations/new"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing with two places; A1 organises it."""
    return organised(app)


def full(app: Flask, stage: Stage) -> None:
    """B2 and C3 have the places, D4 waits."""
    for who in ("B2", "C3", "D4"):
        cast.sign_up(app, stage, who, now=utc_now())


def hidden(page: TestResponse, name: str) -> str:
    """The value of a hidden field."""
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page.text)
    value = re.search(r'value="([^"]*)"', tag[0]) if tag else None
    return value[1] if value else ""


def form_for(client: FlaskClient, stage: Stage, who: str) -> dict[str, str]:
    """The form of the page that enters somebody, as it stands."""
    page = client.get(f"{NEW}?person={stage.people[who]}")
    names = ("person", "idempotency_key", "foreseen", "form_version")
    return {"csrf_token": token_in(page), **{name: hidden(page, name) for name in names}}


def test_somebody_is_found_previewed_and_entered_once(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    organiser = client_for("A1")
    found = organiser.get(f"{NEW}?q=鄂兰").text
    assert f"?person={stage.people['E5']}" in found.replace("&amp;", "&")
    form = form_for(organiser, stage, "E5")
    sent = {**form, "how": "place", "reason": "paper", "note": "表在柜里", "phone": "13800138000"}

    answers = [seen(organiser, organiser.post(NEW, data=sent)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert sight.places(app) == {"E5": "seated"}
    assert acts(app) == [("enter", "paper", "表在柜里")]
    history = organiser.get(answers[0].location).text
    assert ["代为报名（交来纸质报名表）" in history, "表在柜里" in history] == [True, True]
    with app.app_context():
        live = find_live(stage.campaign_id, stage.people["E5"])
        assert live is not None
        assert answers_of(live.id) == {"phone": "13800138000"}


def test_whom_no_letter_reaches_is_said(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    organiser = client_for("A1")
    form = form_for(organiser, stage, "D4")

    answer = seen(organiser, organiser.post(NEW, data={**form, "how": "place", "reason": "duty"}))

    assert "名册里没有邮箱，请当面告诉本人。" in organiser.get(answer.location).text


def test_the_preview_offers_the_waiting_list_or_one_place_more(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    full(app, stage)
    organiser = client_for("A1")

    page = organiser.get(f"{NEW}?person={stage.people['E5']}").text
    assert ["加入候补，第 2 位" in page, "总名额 2 个变成 3 个" in page, "1 人位置不变" in page] == [True] * 3
    form = form_for(organiser, stage, "E5")
    refused = organiser.post(NEW, data={**form, "how": "added", "reason": "asked", "note": "请客"})
    done = seen(organiser, organiser.post(NEW, data={**form, "how": "added", "reason": "place_added"}))

    assert (refused.status_code, done.status_code) == (409, 303)
    assert ["组织者增加名额" in refused.text, "请客" in refused.text] == [True, True]
    assert (pools(app, stage), line(app, stage)) == ([("total", 2, 1, 3)], ["D4"])
    order = app.test_client().get("/campaigns/outing/order").text
    assert order.count("组织者增加名额") == 1
    assert "另加 1 个" in organiser.get(OUTING).text
    assert "另加给个人的 1 个名额" in organiser.get(f"{OUTING}/places").text


def test_what_changed_since_the_preview_is_shown_and_not_done(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    organiser = client_for("A1")
    form = form_for(organiser, stage, "E5")
    full(app, stage)

    answer = organiser.post(NEW, data={**form, "how": "place", "reason": "duty"})

    assert [answer.status_code, "刚才名额有变" in answer.text] == [409, True]
    assert "加入候补，第 2 位" in answer.text
    assert "E5" not in sight.places(app)


def test_without_a_reason_nobody_is_entered_and_nothing_is_lost(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    organiser = client_for("A1")
    form = form_for(organiser, stage, "E5")

    for reason in ("", "absent", "asked' OR 1"):
        answer = organiser.post(NEW, data={**form, "how": "place", "reason": reason, "remark": "素食"})
        assert [answer.status_code, "素食" in answer.text] == [422, True]
    long = organiser.post(NEW, data={**form, "how": "place", "reason": "duty", "note": "长" * 201})

    assert [long.status_code, "最多 200 个字" in long.text] == [422, True]
    assert sight.places(app) == {}


def test_a_wrong_telephone_number_is_refused_at_its_field(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    organiser = client_for("A1")
    form = form_for(organiser, stage, "E5")

    answer = organiser.post(NEW, data={**form, "how": "place", "reason": "duty", "phone": "123"})

    assert [answer.status_code, "少了 8 位" in answer.text] == [422, True]


def test_whoever_has_a_place_is_shown_and_offered_nothing(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    full(app, stage)
    organiser = client_for("A1")

    seated = organiser.get(f"{NEW}?person={stage.people['B2']}").text
    waits = organiser.get(f"{NEW}?person={stage.people['D4']}").text

    assert ["已经报上，编号 1" in seated, 'name="reason"' in seated] == [True, False]
    assert ["已在候补，编号 3" in waits, "另加一个名额" in waits, 'value="place"' in waits] == [
        True,
        True,
        False,
    ]


def test_answers_are_corrected_by_the_same_checks(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    full(app, stage)
    organiser = client_for("A1")
    with app.app_context():
        live = find_live(stage.campaign_id, stage.people["B2"])
    assert live is not None
    at = f"{OUTING}/registrations/{live.id}/answers"
    assert f'href="{at}"' in organiser.get(f"{OUTING}/roster").text
    page = organiser.get(at)
    form = {"csrf_token": token_in(page)} | {
        name: hidden(page, name) for name in ("form_version", "answers_version")
    }

    wrong = organiser.post(at, data={**form, "phone": "123", "reason": "asked"})
    silent = organiser.post(at, data={**form, "phone": "13800138000"})
    right = organiser.post(
        at, data={**form, "phone": "13800138000", "reason": "entered_wrongly", "note": "电话核过"}
    )
    stale = organiser.post(at, data={**form, "phone": "13900139000", "reason": "asked"})

    assert [a.status_code for a in (wrong, silent, right, stale)] == [422, 422, 303, 409]
    with app.app_context():
        assert answers_of(live.id) == {"phone": "13800138000"}
    assert acts(app) == [("correct", "entered_wrongly", "电话核过")]


def test_a_registration_of_another_campaign_is_not_found(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    organiser = client_for("A1")

    for at in (f"{OUTING}/registrations/999/answers", f"{NEW}?person=999"):
        assert organiser.get(at).status_code == 404


def test_a_public_reason_that_says_that_a_place_was_added_needs_an_added_place(
    app: Flask, stage: Stage, client_for: ClientFor
) -> None:
    organiser = client_for("A1")
    form = form_for(organiser, stage, "E5") | {"how": "place", "reason": "place_added"}

    refused = organiser.post(NEW, data=form)

    assert refused.status_code == 409
    assert "这次没有另加名额，这个原因会公开，请换一个" in refused.text
    assert sight.places(app) == {}
