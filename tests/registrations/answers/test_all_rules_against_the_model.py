"""Options, reserved places, an end, added places and leavers in one history, step by step beside a model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
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
from sqlalchemy import update

from eventreg import jobs
from eventreg.campaigns import writing
from eventreg.campaigns.policy import AdmissionTerms, Allotment, Policy
from eventreg.campaigns.service import campaign_by_id
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.people.models import Person
from eventreg.people.service import find_unit
from eventreg.registrations.answers import choices
from eventreg.registrations.by_hand import entering
from eventreg.registrations.by_hand.entering import PersonEntry
from eventreg.registrations.by_hand.placing import HandEntry
from eventreg.registrations.by_hand.rules import HandReason
from eventreg.registrations.capacity import change_admission
from eventreg.season import leavers
from tests.rig import cast, histories, options, sight
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage
from tests.rig.options import Ride

from .rules_model import MEN, Campaign

UNIT, T = "营销部", NOW + timedelta(hours=5)
PEOPLE = [*sorted(cast.NAMES), *(f"X{n:04d}" for n in range(1, 5))]
A, B, OWN = "1 号车", "2 号车", "自己去"
CHOSEN = st.frozensets(st.sampled_from((A, B, OWN)), min_size=1, max_size=2)
SOMEBODY = st.sampled_from([*PEOPLE, *sorted(MEN)])


class Rules(RuleBasedStateMachine):
    """The product and the model take the same steps and must stay equal."""

    app: ClassVar[Flask]
    stage: ClassVar[Stage]
    numbers: ClassVar[Iterator[int]] = count(1)
    ride: Ride

    @initialize(
        policy=st.sampled_from([Policy.FIRST_COME, Policy.KEPT_FOR_WOMEN, Policy.ALLOTTED]),
        total=st.integers(2, 5),
        a=st.integers(0, 2),
        b=st.integers(1, 3),
    )
    def publish(self, policy: Policy, total: int, a: int, b: int) -> None:
        slug = f"rules-{next(self.numbers)}"
        with self.app.app_context(), unit_of_work():
            db.session.execute(update(Person).values(left_at=None))
            season_id = writing.make_season(cast.season())
            campaign = replace(cast.outing(total, slug=slug), questions=cast.outing(1).questions[:1])
            notice_id = self.stage.notice_id
            writing.publish(campaign, season_id=season_id, notice_id=notice_id, actor=acting("test", NOW))
            unit = find_unit(UNIT)
        assert unit is not None
        self.now, self.gone = NOW, set[str]()
        kept, units = int(policy is Policy.KEPT_FOR_WOMEN), {unit: Allotment(1)}
        by_unit = policy is Policy.ALLOTTED
        self.terms = AdmissionTerms(
            policy, total, kept, None if policy is Policy.FIRST_COME else T, units if by_unit else {}
        )
        mine = cast.find_stage(self.app, slug)
        self.ride = options.ride(self.app, mine, {A: a, B: b, OWN: None}, kind="choices", slug=slug)
        self.model = Campaign(total, kept, UNIT if by_unit else "", int(by_unit), {A: a, B: b})
        self.set_terms()

    @rule(person=SOMEBODY, chosen=CHOSEN)
    def register(self, person: str, chosen: frozenset[str]) -> None:
        if person in self.gone:
            return
        self.ride.sign_up(self.app, person, *chosen, now=self.now)
        self.model.register(person, chosen)

    @rule(person=SOMEBODY, chosen=CHOSEN)
    def add_a_place(self, person: str, chosen: frozenset[str]) -> None:
        """The organiser enters somebody, on a place of their own where they would wait."""
        if person in self.gone:
            return
        stage = self.ride.stage
        entry = HandEntry(HandReason.PLACE_ADDED, adding=True)
        answers = self.ride.answers(self.app, chosen)
        wanted = PersonEntry(stage.people[person], entry, stage.notice_id, answers=answers)
        with self.app.app_context(), unit_of_work():
            entering.enter(stage.campaign_id, wanted, actor=acting("test", self.now, stage.keys))
        self.model.add_place(person, chosen)

    @precondition(lambda self: self.somebody(0))
    @rule(choice=st.integers(0, 100), chosen=CHOSEN)
    def choose(self, choice: int, chosen: frozenset[str]) -> None:
        person, said = self.somebody(choice), ""
        try:
            self.ride.choose(self.app, person, *chosen, now=self.now)
        except Refused as refused:
            said = refused.code

        assert said == ("" if self.model.choose(person, chosen) else "registration.option_full")

    @precondition(lambda self: self.somebody(0))
    @rule(choice=st.integers(0, 100))
    def withdraw(self, choice: int) -> None:
        person = self.somebody(choice)
        cast.withdraw(self.app, self.ride.stage, person, now=self.now)
        self.model.withdraw(person)

    @precondition(lambda self: self.somebody(0) and len(self.gone) < 3)
    @rule(choice=st.integers(0, 100))
    def leave_the_company(self, choice: int) -> None:
        person, stage = self.somebody(choice), self.ride.stage
        sight.leave(self.app, stage.people[person])
        with self.app.app_context(), unit_of_work():
            leavers.settle(stage.campaign_id, actor=acting("test", self.now, stage.keys))
        self.gone.add(person)
        self.model.withdraw(person)

    @rule(more=st.integers(1, 2))
    def raise_places(self, more: int) -> None:
        self.terms = replace(self.terms, total=(self.terms.total or 0) + more)
        self.model.total += more
        self.set_terms()
        self.model.settle()

    @rule(option=st.sampled_from((A, B)))
    def raise_an_option(self, option: str) -> None:
        self.model.options[option] += 1
        self.ride.change(self.app, {**self.model.options, OWN: None}, now=self.now)
        self.model.settle()

    @rule(tick=st.booleans())
    def let_the_end_pass(self, tick: bool) -> None:
        """T passes; with a tick the job looks, without one whoever comes next."""
        self.now = max(self.now, T)
        self.model.ended = self.terms.until is not None
        if tick:
            self.look()

    @invariant()
    def agree(self) -> None:
        if not hasattr(self, "ride"):
            return
        if self.now >= T:
            self.look()
        states = [state for _arrival, state in sight.arrivals(self.app, self.ride.stage.campaign_id)]
        assert states == [entry.state for entry in self.model.entries]
        for pool in self.pools():
            assert pool[0] <= pool[1]

    def look(self) -> None:
        """What the job does at each tick."""
        with self.app.app_context():
            jobs.give_places(self.now)
        if self.model.ended:
            self.model.settle()

    def pools(self) -> list[tuple[int, int]]:
        """(taken, places) of each pool."""
        with self.app.app_context():
            found = campaign_by_id(self.ride.stage.campaign_id).pools
        return [(pool.taken, pool.places) for pool in found]

    def somebody(self, choice: int) -> str:
        """Somebody who has a place or waits, "" for nobody."""
        live = [e.person for e in self.model.entries if e.state != "withdrawn"]
        return live[choice % len(live)] if live else ""

    def set_terms(self) -> None:
        """Give the campaign its policy."""
        with self.app.app_context():
            seen = campaign_by_id(self.ride.stage.campaign_id).version
            with unit_of_work():
                actor = acting("test", self.now, self.ride.stage.keys)
                change_admission(self.ride.stage.campaign_id, self.terms, seen=seen, actor=actor)


@pytest.fixture
def stage(app: Flask) -> Stage:
    """Ten people to play with."""
    return cast.set_stage(app, extra=4)


def play(app: Flask, stage: Stage, *, control: bool = False) -> None:
    """Run the machine as often as the table of sizes says; a control plays up to ten times as many."""
    histories.play(type("Rules", (Rules,), {"app": app, "stage": stage}), control=control)


def test_every_history_under_all_rules_agrees_with_the_model(app: Flask, stage: Stage) -> None:
    play(app, stage)

    assert sight.drift(app) == []


def test_a_place_added_while_one_option_is_full_leaves_the_free_place_of_the_other(
    app: Flask, stage: Stage
) -> None:
    rules = type("Rules", (Rules,), {"app": app, "stage": stage})()
    rules.publish(policy=Policy.FIRST_COME, total=2, a=0, b=1)
    rules.add_a_place(person="B2", chosen=frozenset({A, B}))
    rules.register(person="A1", chosen=frozenset({B}))

    rules.agree()
    assert [entry.state for entry in rules.model.entries] == ["seated", "seated"]


def test_the_control_that_promotes_without_the_options_is_seen(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choices, "of_registrations", lambda _ids: {})

    with pytest.raises(AssertionError):
        play(app, stage, control=True)
