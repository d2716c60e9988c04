"""The pages about confirmations: an organiser's by hand, the held ones, the terms of offers; and what a latecomer reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.core.db.session import unit_of_work
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import token_in
from tests.rig.plan_pages import sent
from tests.rig.plans import facts
from tests.rig.seen_first import seen

from .morning import EVENING, HOUR, SEVEN, accept, ended, keep_running, live, move, run

ClientFor = Callable[..., FlaskClient]
PAGE = "/manage/campaigns/outing/confirmations"


@pytest.fixture
def evening(app: Flask, stage: Stage) -> Iterator[Stage]:
    """19:00 of the day of the move: A1 and B2 were asked until 18:00, and only A1's letter was accepted. C3 waits."""
    with app.app_context(), unit_of_work():
        organises = acting("test", SEVEN - HOUR)
        campaign_grants.grant(stage.people["F6"], Role.ORGANISER, "outing", actor=organises)
    for who in ("A1", "B2", "C3"):
        cast.sign_up(app, stage, who)
    move(app, 4)
    accept(app, SEVEN, but={"B2"})
    with time_machine.travel(EVENING + HOUR, tick=True):
        yield stage


def test_an_organiser_confirms_for_whoever_was_not_reached(
    app: Flask, evening: Stage, client_for: ClientFor
) -> None:
    keep_running(app, SEVEN - HOUR, EVENING)
    organiser = client_for("F6")
    page, overview = organiser.get(PAGE), organiser.get("/manage").text
    form = {"csrf_token": token_in(page)}

    at = f"{PAGE}/{live(app, evening, 'B2')}"
    answers = [organiser.post(at, data=form).status_code for _ in range(2)]

    assert "邮件没有及时送到：1 人" in page.text
    assert "1 人没有确认，要当面问" in overview
    assert "没有确认，要当面问" not in organiser.get("/manage").text
    assert answers == [303, 303]
    assert "邮件没有及时送到" not in organiser.get(PAGE).text
    assert ended(app) == {"A1": "silent"}


def test_an_organiser_ends_the_places_that_are_held_after_an_outage(
    app: Flask, evening: Stage, client_for: ClientFor
) -> None:
    keep_running(app, SEVEN - HOUR, EVENING - 2 * HOUR)
    run(app, EVENING + HOUR)
    organiser = client_for("F6")
    page = organiser.get(PAGE)

    seen(organiser, organiser.post(f"{PAGE}/end", data={"csrf_token": token_in(page)}))

    assert "收回 1 个没有回音的名额" in page.text
    assert ended(app) == {"A1": "silent"}
    assert sight.places(app)["C3"] == "seated"


def test_whoever_was_not_reached_still_reads_that_an_answer_is_wanted(
    app: Flask, evening: Stage, client_for: ClientFor
) -> None:
    keep_running(app, SEVEN - HOUR, EVENING)
    client, at = client_for("B2"), f"/my/registrations/{live(app, evening, 'B2')}"

    pages = [client.get(path).text for path in ("/", "/campaigns/outing", at, f"{at}/confirmation")]
    client.post(f"{at}/confirmation", data={"csrf_token": token_in(client.get(f"{at}/confirmation"))})

    assert ["还没有确认，请尽快确认" in page for page in pages] == [True] * 4
    assert "名额还给你留着" in pages[3]
    assert "已确认参加" in client.get(at).text


def test_the_terms_of_offers_are_checked_at_their_fields_and_shown_to_all(
    app: Flask, evening: Stage, client_for: ClientFor
) -> None:
    organiser = client_for("F6")

    wrong = sent(organiser, PAGE, f"{PAGE}/offers", hours="999", minutes="x")
    right = sent(organiser, PAGE, f"{PAGE}/offers", hours="12", minutes="60")

    assert wrong.status_code == 422
    assert 'value="999"' in wrong.text
    assert right.status_code == 303
    assert (facts(app, "outing").offer_from_h, facts(app, "outing").offer_minutes) == (12, 60)
    assert (
        "开始前 12 小时以内空出的名额要先确认：60 分钟里没有回音" in organiser.get("/campaigns/outing").text
    )
