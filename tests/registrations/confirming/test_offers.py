"""Near the start a freed place is offered until an instant; at night and close to the start it is given."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from eventreg.campaigns.inputs import NewPool
from eventreg.campaigns.plan import offer_terms
from eventreg.campaigns.rules import PoolScope
from eventreg.registrations import announcing, seating
from eventreg.registrations.capacity import change_places
from tests.rig import cast, sight
from tests.rig.cast import DAY, Stage
from tests.rig.plans import as_new, do, facts

from .morning import HOUR, accept, asked, confirm, ended, keep_running, run

MINUTE = HOUR / 60
NINE = DAY + 9 * HOUR
EVE = DAY - 4 * HOUR  # 20:00 of 3 March


@pytest.fixture
def at_nine(app: Flask, stage: Stage) -> Stage:
    """The outing starts at 09:00 of 4 March; A1 and B2 have its places, C3, E5 and F6 wait."""
    for activity in facts(app, "outing").activities:
        hours = as_new(activity, starts_at=NINE, ends_at=NINE + HOUR, time_known=True)
        do(app, "outing", announcing.change_activity, activity.id, hours)
    for who in ("A1", "B2", "C3", "E5", "F6"):
        cast.sign_up(app, stage, who)
    return stage


@pytest.mark.parametrize(
    ("freed", "until"),
    [
        (EVE - MINUTE, NINE - MINUTE),
        (EVE, None),
        (NINE - 24 * HOUR, NINE - 22 * HOUR),
        (NINE - 24 * HOUR - MINUTE, None),
    ],
)
def test_a_freed_place_is_offered_or_given(
    app: Flask, at_nine: Stage, freed: datetime, until: datetime | None
) -> None:
    cast.withdraw(app, at_nine, "A1", now=freed)

    assert asked(app) == ({"C3": ("offer", until)} if until else {})
    assert sight.places(app)["C3"] == "seated"
    assert sight.letters(app)[-1] == ("place_offered" if until else "registration_promoted", "queued")


def test_places_of_a_raise_are_offered_like_freed_ones(app: Flask, at_nine: Stage) -> None:
    do(app, "outing", change_places, [NewPool(PoolScope.TOTAL, 4)], now=EVE - MINUTE)

    assert list(asked(app)) == ["C3", "E5"]


def test_the_control_that_gives_every_place_asks_nobody(
    app: Flask, at_nine: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seating, "offer_until", lambda *_terms, **_how: None)

    do(app, "outing", change_places, [NewPool(PoolScope.TOTAL, 4)], now=EVE - MINUTE)

    assert asked(app) == {}


def test_an_offer_that_was_reached_and_not_answered_passes_on(app: Flask, at_nine: Stage) -> None:
    begun = NINE - 22 * HOUR  # 11:00 of the day before
    keep_running(app, begun - HOUR, begun)
    cast.withdraw(app, at_nine, "A1", now=begun)
    accept(app, begun + 30 * MINUTE)
    cast.withdraw(app, at_nine, "B2", now=begun + HOUR)
    accept(app, begun + HOUR + 31 * MINUTE)  # too late: an offer is to be accepted within its first quarter
    keep_running(app, begun, begun + 4 * HOUR)

    assert ended(app) == {"A1": "herself", "B2": "herself", "C3": "silent"}
    assert sight.places(app) | {"A1": "", "B2": "", "C3": ""} == {
        "A1": "", "B2": "", "C3": "", "E5": "seated", "F6": "seated",
    }  # fmt: skip


def test_an_offer_is_confirmed_with_the_same_button(app: Flask, at_nine: Stage) -> None:
    cast.withdraw(app, at_nine, "A1", now=EVE - MINUTE)
    accept(app, EVE)

    confirm(app, at_nine, "C3", EVE + HOUR)
    run(app, EVE)
    run(app, NINE - MINUTE)

    assert asked(app) == {}
    assert sight.places(app)["C3"] == "seated"


def test_from_the_start_nobody_moves_up_and_no_letter_leaves(app: Flask, at_nine: Stage) -> None:
    before = len(sight.letters(app))

    do(app, "outing", change_places_late, now=NINE)

    assert sight.places(app)["C3"] == "waiting"
    assert len(sight.letters(app)) == before


def change_places_late(campaign_id: int, *, seen: int, actor: object) -> None:
    """What every caller of the seating function does, at the start itself."""
    seating.catch_up(campaign_id, actor=actor)  # type: ignore[arg-type]


def test_an_organiser_sets_from_when_and_for_how_long(app: Flask, at_nine: Stage) -> None:
    do(app, "outing", offer_terms.change, hours=2, minutes=30)

    cast.withdraw(app, at_nine, "A1", now=NINE - 2 * HOUR - MINUTE)
    given = asked(app)
    cast.withdraw(app, at_nine, "B2", now=NINE - HOUR)

    assert given == {}
    assert asked(app) == {"E5": ("offer", NINE - HOUR / 2)}
