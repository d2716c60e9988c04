"""Random histories of sign-ups, acts by hand, withdrawals and changes of capacity, step by step beside a model (I1, I3, I5, I6)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from types import SimpleNamespace
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
from eventreg.registrations import capacity, seating
from eventreg.registrations.by_hand import added_places
from tests.rig import cast, histories, sight
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage

from .by_hand import hands
from .queue_model import Queue

PEOPLE = [*sorted(cast.NAMES), *(f"X{n:04d}" for n in range(1, 7))]


class Outing(RuleBasedStateMachine):
    """The product and the model take the same steps and must stay equal."""

    app: ClassVar[Flask]
    stage: ClassVar[Stage]
    numbers: ClassVar[Iterator[int]] = count(1)

    @initialize(capacity=st.integers(0, 3))
    def publish(self, capacity: int) -> None:
        slug = f"history-{next(self.numbers)}"
        with self.app.app_context(), unit_of_work():
            season_id = writing.make_season(cast.season())
            campaign = cast.outing(capacity, slug=slug)
            writing.publish(
                campaign, season_id=season_id, notice_id=self.stage.notice_id, actor=acting("test", NOW)
            )
        self.model = Queue(capacity)
        self.mine = cast.find_stage(self.app, slug)

    @rule(person=st.sampled_from(PEOPLE), key=st.sampled_from(["", "a", "b"]))
    def register(self, person: str, key: str) -> None:
        receipt = cast.sign_up(self.app, self.mine, person, key=key and f"{key}{person}")

        assert (receipt.arrival, receipt.state) == self.model.register(person, key)

    @rule(first=st.integers(0, len(PEOPLE) - 1), many=st.integers(2, 6))
    def rush(self, first: int, many: int) -> None:
        """Several come one after the other: lines get long enough to have an order."""
        for n in range(many):
            self.register(PEOPLE[(first + n) % len(PEOPLE)], "")

    @precondition(lambda self: any(e.state != "withdrawn" for e in self.model.entries))
    @rule(choice=st.integers(0, 100))
    def withdraw(self, choice: int) -> None:
        live = [e.person for e in self.model.entries if e.state != "withdrawn"]
        person = live[choice % len(live)]

        cast.withdraw(self.app, self.mine, person)
        self.model.withdraw(person)

    @rule(person=st.sampled_from(PEOPLE))
    def enter(self, person: str) -> None:
        """An organiser enters somebody: like their own sign-up."""
        receipt = hands.enter(self.app, self.mine, person)

        assert (receipt.arrival, receipt.state) == self.model.register(person, "")

    @rule(person=st.sampled_from(PEOPLE))
    def add_place(self, person: str) -> None:
        """An organiser adds a place for somebody."""
        receipt = hands.add_place(self.app, self.mine, person)

        assert (receipt.arrival, receipt.state) == self.model.add_place(person)

    @precondition(lambda self: any(e.state != "withdrawn" for e in self.model.entries))
    @rule(choice=st.integers(0, 100))
    def take_out(self, choice: int) -> None:
        """An organiser takes somebody out: like their own withdrawal."""
        live = [e.person for e in self.model.entries if e.state != "withdrawn"]
        person = live[choice % len(live)]

        hands.take_out(self.app, self.mine, person)
        self.model.withdraw(person)

    @rule(capacity=st.integers(0, 4))
    def change_capacity(self, capacity: int) -> None:
        cast.set_capacity(self.app, self.mine, capacity)
        self.model.change_capacity(capacity)

    @invariant()
    def agree(self) -> None:
        if not hasattr(self, "model"):
            return
        expected = [(e.arrival, e.state) for e in self.model.entries]
        assert sight.arrivals(self.app, self.mine.campaign_id) == expected
        assert sight.counters(self.app, self.mine.campaign_id) == {
            "waiting": len(self.model.line()),
            "last_arrival": len(self.model.entries),
            "taken": len(self.model.seated()),
        }


@pytest.fixture
def stage(app: Flask) -> Stage:
    """Twelve people to play with."""
    return cast.set_stage(app, extra=6)


def play(app: Flask, stage: Stage, *, control: bool = False) -> None:
    """Run the machine as often as the table of sizes says.

    A control plays up to ten times as many, until the first that shows the fault; it needs no smallest one.
    """
    histories.play(type("Outing", (Outing,), {"app": app, "stage": stage}), control=control)


def test_every_history_agrees_with_the_model(app: Flask, stage: Stage) -> None:
    play(app, stage)

    assert sight.drift(app) == []


def test_the_control_that_promotes_the_last_in_line_is_seen(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = seating.waiting_list
    monkeypatch.setattr(
        seating, "waiting_list", lambda campaign, **how: reversed(list(honest(campaign, **how)))
    )

    with pytest.raises(AssertionError):
        play(app, stage, control=True)


def test_the_control_that_forgets_to_promote_when_places_are_added_is_seen(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capacity, "seating", SimpleNamespace(promote=lambda *_args, **_how: []))

    with pytest.raises(AssertionError):
        play(app, stage, control=True)


def test_the_control_that_leaves_added_places_behind_is_seen(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(added_places, "take_back", lambda *_args: None)

    with pytest.raises(AssertionError):
        play(app, stage, control=True)
