"""An organiser enters and corrects people whose options have places: the same pools, the same refusals, nothing oversold."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.campaigns import service as campaigns
from eventreg.core.db.session import unit_of_work
from eventreg.registrations.by_hand import entering
from eventreg.registrations.by_hand.entering import PersonEntry
from eventreg.registrations.by_hand.placing import HandEntry
from eventreg.registrations.by_hand.rules import HandReason
from eventreg.registrations.service import SignUpResult
from tests.rig import cast, sight
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.clients import token_in
from tests.rig.options import Ride, ride
from tests.rig.plan_pages import OUTING, organised
from tests.rig.seen_first import seen

ClientFor = Callable[..., FlaskClient]
A, B = "1 号车", "2 号车"
NEW = f"{OUTING}/registrations/new"


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing with twenty places; A1 organises it."""
    found = organised(app)
    cast.set_capacity(app, found, 20, now=cast.lately())
    return found


@pytest.fixture
def buses(app: Flask, stage: Stage) -> Ride:
    """Bus A has one place, which B2 has."""
    found = ride(app, stage, {A: 1, B: 5}, now=cast.lately())
    found.sign_up(app, "B2", A, now=cast.lately())
    return found


def add_place(app: Flask, buses: Ride, who: str, *labels: str) -> SignUpResult:
    """The organiser gives somebody an added place."""
    stage = buses.stage
    entry = HandEntry(HandReason.PLACE_ADDED, adding=True)
    answers = buses.answers(app, labels)
    wanted = PersonEntry(stage.people[who], entry, stage.notice_id, answers=answers)
    with app.app_context(), unit_of_work():
        actor = acting(stage.people["A1"], cast.lately(), stage.keys)
        return entering.enter(stage.campaign_id, wanted, actor=actor)


def places(app: Flask, buses: Ride) -> dict[str, tuple[int, int]]:
    """(taken, added) of each pool of an option."""
    labels = {option.code: option.label for option in buses.question(app).options}
    with app.app_context():
        pools = campaigns.campaign_by_id(buses.stage.campaign_id).pools
    return {labels[str(pool.option)]: (pool.taken, pool.added) for pool in pools if pool.option}


def test_a_place_is_added_in_a_full_option_too_and_ends_when_she_moves(app: Flask, buses: Ride) -> None:
    assert add_place(app, buses, "C3", A).state == "seated"
    assert places(app, buses) == {A: (2, 1), B: (0, 0)}

    buses.choose(app, "C3", B, now=cast.lately())

    assert places(app, buses) == {A: (1, 0), B: (1, 0)}
    assert sight.drift(app) == []


def test_who_waits_for_an_option_gets_an_added_place_in_it(app: Flask, buses: Ride) -> None:
    for who in ("C3", "D4"):
        buses.sign_up(app, who, A, now=cast.lately())

    add_place(app, buses, "D4")

    assert sight.places(app) == {"B2": "seated", "C3": "waiting", "D4": "seated"}
    assert places(app, buses) == {A: (2, 1), B: (0, 0)}
    cast.withdraw(app, buses.stage, "D4", now=cast.lately())
    assert (sight.places(app)["C3"], places(app, buses)[A]) == ("waiting", (1, 0))
    assert sight.drift(app) == []


def test_the_page_shows_the_result_with_the_option_before_it_is_done(
    app: Flask, buses: Ride, client_for: ClientFor
) -> None:
    client, who = client_for("A1"), buses.stage.people["C3"]
    page = client.get(f"{NEW}?person={who}")
    key = buses.question(app).key
    form = {"csrf_token": token_in(page), "person": str(who), "reason": "asked", key: "o1"}

    first = client.post(NEW, data=form | {"how": "place", "foreseen": "place"})
    second = seen(client, client.post(NEW, data=form | {"how": "waiting", "foreseen": "waiting"}))

    assert "已满，选它就加入候补" in unescape(page.text)
    assert first.status_code == 409
    assert "加入候补，第 1 位" in unescape(first.text)
    assert second.status_code == 303
    assert sight.places(app)["C3"] == "waiting"


def test_an_organiser_corrects_several_options(app: Flask, stage: Stage, client_for: ClientFor) -> None:
    found = ride(app, stage, {A: 1, B: 1}, kind="choices", now=cast.lately())
    made = found.sign_up(app, "C3", A, B, now=cast.lately())
    client, at = client_for("A1"), f"{OUTING}/registrations/{made.id}/answers"
    page = client.get(at)
    key = found.question(app).key

    def posted(*codes: str) -> int:
        shown = client.get(at)
        versions = {
            name: shown.text.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]
            for name in ("form_version", "answers_version")
        }
        form = {"csrf_token": token_in(shown), "reason": "asked", key: list(codes)}
        return client.post(at, data=versions | form).status_code

    assert [f'name="{key}" value="{code}" checked' in page.text for code in ("o1", "o2")] == [True, True]
    assert posted("o2") == 303
    assert found.taken(app) == {A: (0, 1), B: (1, 1)}
    assert sight.drift(app) == []
