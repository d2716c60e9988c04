"""Random histories of sign-ups, changed options, withdrawals and changed places, step by step beside a model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import ClassVar

import pytest
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from eventreg.campaigns import writing
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.registrations.answers import option_moves
from tests.rig import cast, histories, options, sight
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage
from tests.rig.options import Ride

from .option_model import Buses

PEOPLE = [*sorted(cast.NAMES), *(f"X{n:04d}" for n in range(1, 5))]
LABELS = ("1 号车", "2 号车", "自己去")
CHOSEN = st.frozensets(st.sampled_from(LABELS), min_size=1, max_size=2)
PLACES = st.dictionaries(st.sampled_from(LABELS[:2]), st.integers(0, 2))


class Riders(RuleBasedStateMachine):
    """The product and the model take the same steps and must stay equal."""

    app: ClassVar[Flask]
    stage: ClassVar[Stage]
    numbers: ClassVar[Iterator[int]] = count(1)
    ride: Ride

    @initialize(capacity=st.integers(1, 5), places=PLACES)
    def publish(self, capacity: int, places: dict[str, int]) -> None:
        slug = f"riders-{next(self.numbers)}"
        with self.app.app_context(), unit_of_work():
            season_id = writing.make_season(cast.season())
            campaign = replace(cast.outing(capacity, slug=slug), questions=cast.outing(1).questions[:1])
            writing.publish(
                campaign, season_id=season_id, notice_id=self.stage.notice_id, actor=acting("test", NOW)
            )
        mine = cast.find_stage(self.app, slug)
        wanted = {label: places.get(label) for label in LABELS}
        self.ride = options.ride(self.app, mine, wanted, kind="choices", slug=slug)
        self.model = Buses(capacity, dict(places))

    @rule(person=st.sampled_from(PEOPLE), chosen=CHOSEN)
    def register(self, person: str, chosen: frozenset[str]) -> None:
        receipt = self.ride.sign_up(self.app, person, *chosen)

        assert (receipt.arrival, receipt.state) == self.model.register(person, chosen)

    @rule(first=st.integers(0, len(PEOPLE) - 1), many=st.integers(2, 5), chosen=CHOSEN)
    def rush(self, first: int, many: int, chosen: frozenset[str]) -> None:
        """Several come for the same options: lines get long enough to have an order."""
        for n in range(many):
            self.register(PEOPLE[(first + n) % len(PEOPLE)], chosen)

    @precondition(lambda self: any(e.state != "withdrawn" for e in self.model.entries))
    @rule(choice=st.integers(0, 100))
    def withdraw(self, choice: int) -> None:
        person = self.somebody(choice)

        cast.withdraw(self.app, self.ride.stage, person)
        self.model.withdraw(person)

    @precondition(lambda self: any(e.state != "withdrawn" for e in self.model.entries))
    @rule(choice=st.integers(0, 100), chosen=CHOSEN)
    def choose(self, choice: int, chosen: frozenset[str]) -> None:
        person = self.somebody(choice)
        said = ""
        try:
            self.ride.choose(self.app, person, *chosen)
        except Refused as refused:
            said = refused.code

        assert said == ("" if self.model.choose(person, chosen) else "registration.option_full")

    @rule(places=PLACES)
    def set_places(self, places: dict[str, int]) -> None:
        self.ride.change(self.app, {label: places.get(label) for label in LABELS})
        self.model.set_places(dict(places))

    @rule(capacity=st.integers(0, 6))
    def change_capacity(self, capacity: int) -> None:
        cast.set_capacity(self.app, self.ride.stage, capacity)
        self.model.change_capacity(capacity)

    def somebody(self, choice: int) -> str:
        """One of the people who have a place or wait."""
        live = [e.person for e in self.model.entries if e.state != "withdrawn"]
        return live[choice % len(live)]

    @invariant()
    def agree(self) -> None:
        if not hasattr(self, "model"):
            return
        expected = [(e.arrival, e.state) for e in self.model.entries]
        assert sight.arrivals(self.app, self.ride.stage.campaign_id) == expected
        assert self.ride.taken(self.app) == {
            label: (self.model.taken(label), most) for label, most in self.model.places.items()
        }


@pytest.fixture
def stage(app: Flask) -> Stage:
    """Ten people to play with."""
    return cast.set_stage(app, extra=4)


def play(app: Flask, stage: Stage, *, control: bool = False) -> None:
    """Run the machine as often as the table of sizes says; a control plays up to ten times as many."""
    histories.play(type("Riders", (Riders,), {"app": app, "stage": stage}), control=control)


def test_every_history_with_options_agrees_with_the_model(app: Flask, stage: Stage) -> None:
    play(app, stage)

    assert sight.drift(app) == []


def test_the_control_whose_places_do_not_follow_the_answers_is_seen(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(option_moves, "follow", lambda *_args, **_how: {})

    with pytest.raises(AssertionError):
        play(app, stage, control=True)
