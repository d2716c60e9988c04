"""Random histories under every admission policy, step by step beside a model that knows no counters and no SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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

from eventreg import jobs
from eventreg.campaigns import writing
from eventreg.campaigns.policy import AdmissionTerms, Allotment, Policy
from eventreg.campaigns.rules import PoolFacts
from eventreg.campaigns.service import campaign_by_id
from eventreg.core.db.session import unit_of_work
from eventreg.people.service import find_unit
from eventreg.registrations import seating
from eventreg.registrations.capacity import change_admission
from tests.rig import cast, histories, sight
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage

T = NOW + timedelta(hours=5)
DEPARTMENT = {no: unit.split("/", maxsplit=1)[0] for no, (_name, _gender, unit) in cast.NAMES.items()}
MEN = {no for no, (_name, gender, _unit) in cast.NAMES.items() if gender == "male"}
PEOPLE = [*sorted(cast.NAMES), *(f"X{n:04d}" for n in range(1, 5))]


@dataclass
class Line:
    """Everybody who signed up, in order; who sits is worked out from the terms, never counted."""

    terms: AdmissionTerms
    units: dict[str, int]
    entries: list[list[str]] = field(default_factory=list)  # [staff number, state]

    def fits(self, person: str, now: datetime) -> bool:
        """Whether the person can sit beside those who sit."""
        sitting = [who for who, state in self.entries if state == "seated"]
        total, ended = self.terms.total or 0, self.terms.until is not None and now >= self.terms.until
        if len(sitting) >= total:
            return False
        if ended or self.terms.policy is Policy.FIRST_COME:
            return True
        men = sum(who in MEN for who in sitting)
        if self.terms.policy is Policy.WOMEN_FIRST:
            return person not in MEN
        if self.terms.policy is Policy.KEPT_FOR_WOMEN:
            return person not in MEN or men < total - self.terms.kept
        return self._fits_in_unit(person, sitting)

    def _fits_in_unit(self, person: str, sitting: list[str]) -> bool:
        unit = self._unit_of(person)
        beside = sum(self._unit_of(who) == unit for who in sitting)
        if unit:
            return beside < self.units[unit]
        if self.terms.policy is Policy.CEILINGS:
            return True
        return beside < (self.terms.total or 0) - sum(self.units.values())

    def _unit_of(self, person: str) -> str:
        unit = DEPARTMENT.get(person, "")
        return unit if unit in self.units else ""

    def settle(self, now: datetime) -> None:
        """Seat whoever fits, by arrival, until nobody does."""
        for entry in self.entries:
            if entry[1] == "waiting" and self.fits(entry[0], now):
                entry[1] = "seated"

    def live(self) -> list[list[str]]:
        """Who sits or waits."""
        return [entry for entry in self.entries if entry[1] != "withdrawn"]


class Policies(RuleBasedStateMachine):
    """The product and the model take the same steps and must stay equal."""

    app: ClassVar[Flask]
    stage: ClassVar[Stage]
    numbers: ClassVar[Iterator[int]] = count(1)

    @initialize(choice=st.integers(0, 100), total=st.integers(2, 5), part=st.integers(1, 3))
    def publish(self, choice: int, total: int, part: int) -> None:
        policy = list(Policy)[choice % len(Policy)]
        slug = f"policy-{next(self.numbers)}"
        with self.app.app_context(), unit_of_work():
            season_id = writing.make_season(cast.season())
            writing.publish(
                cast.outing(total, slug=slug),
                season_id=season_id,
                notice_id=self.stage.notice_id,
                actor=acting("test", NOW),
            )
            unit = find_unit("营销部")
        assert unit is not None
        part = min(part, total - 1)
        until = T if policy in {Policy.WOMEN_FIRST, Policy.KEPT_FOR_WOMEN, Policy.ALLOTTED} else None
        by_unit = policy in {Policy.ALLOTTED, Policy.CEILINGS}
        kept = part if policy is Policy.KEPT_FOR_WOMEN else 0
        self.terms = AdmissionTerms(policy, total, kept, until, {unit: Allotment(part)} if by_unit else {})
        self.mine, self.now = cast.find_stage(self.app, slug), NOW
        self.model = Line(self.terms, {"营销部": part} if by_unit else {})
        self._set(self.terms)

    @rule(person=st.sampled_from([*PEOPLE, *sorted(MEN)]))
    def register(self, person: str) -> None:
        cast.sign_up(self.app, self.mine, person, now=self.now)
        self.model.settle(self.now)
        if all(who != person for who, _state in self.model.live()):
            self.model.entries.append([person, "waiting"])
            self.model.settle(self.now)

    @precondition(lambda self: self.model.live())
    @rule(choice=st.integers(0, 100))
    def withdraw(self, choice: int) -> None:
        live = self.model.live()
        entry = live[choice % len(live)]
        cast.withdraw(self.app, self.mine, entry[0], now=self.now)
        entry[1] = "withdrawn"
        self.model.settle(self.now)

    @rule(more=st.integers(1, 2))
    def raise_places(self, more: int) -> None:
        total = (self.terms.total or 0) + more
        self.terms = self.model.terms = AdmissionTerms(
            self.terms.policy, total, self.terms.kept, self.terms.until, self.terms.units
        )
        self._set(self.terms)
        self.model.settle(self.now)

    @rule(tick=st.booleans())
    def let_the_end_pass(self, tick: bool) -> None:
        """T passes; with a tick the job looks, without one the next who comes."""
        self.now = max(self.now, T)
        if tick:
            with self.app.app_context():
                jobs.give_places(self.now)
            if self.terms.until is not None:
                self.model.settle(self.now)

    @invariant()
    def agree(self) -> None:
        if not hasattr(self, "model"):
            return
        if self.terms.until is not None and self.now >= T:
            with self.app.app_context():
                jobs.give_places(self.now)
            self.model.settle(self.now)
        states = [state for _arrival, state in sight.arrivals(self.app, self.mine.campaign_id)]
        assert states == [state for _who, state in self.model.entries]
        assert sum(state == "seated" for state in states) <= (self.terms.total or 0)

    def _set(self, terms: AdmissionTerms) -> None:
        with self.app.app_context():
            seen = campaign_by_id(self.mine.campaign_id).version
            with unit_of_work():
                change_admission(
                    self.mine.campaign_id, terms, seen=seen, actor=acting("test", self.now, self.mine.keys)
                )


@pytest.fixture
def stage(app: Flask) -> Stage:
    """Ten people to play with."""
    return cast.set_stage(app, extra=4)


def machine(app: Flask, stage: Stage) -> type[Policies]:
    """The machine for this database."""
    return type("Policies", (Policies,), {"app": app, "stage": stage})


def test_every_history_under_every_policy_agrees_with_the_model(app: Flask, stage: Stage) -> None:
    histories.play(machine(app, stage), shorter=2)

    assert sight.drift(app) == []


def one_history(app: Flask, stage: Stage) -> None:
    """A man waits while women go first; T passes."""
    played = machine(app, stage)()
    played.publish(choice=list(Policy).index(Policy.WOMEN_FIRST), total=2, part=1)
    played.register(person="B2")
    played.agree()
    played.let_the_end_pass(tick=True)
    played.agree()


def test_a_man_who_waited_is_seated_at_the_end(app: Flask, stage: Stage) -> None:
    one_history(app, stage)


def _all_of(pools: Iterable[PoolFacts], *, now: datetime) -> tuple[PoolFacts, ...]:
    return tuple(pools)


def test_the_control_whose_pools_never_end_is_seen(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seating, "pools_at", _all_of)

    with pytest.raises(AssertionError):
        one_history(app, stage)
