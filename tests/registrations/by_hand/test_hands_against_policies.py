"""Random histories with acts by hand under every admission policy: an added place takes nothing from anybody."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from eventreg import jobs
from eventreg.campaigns.policy import Policy
from eventreg.campaigns.rules import PlaceApplicant, PoolFacts, pools_for
from eventreg.registrations.by_hand import added_places, entering, placing
from eventreg.registrations.by_hand.placing import PlacementByHand
from eventreg.registrations.rules import Placement, RegistrationState
from tests.campaigns.test_policies_against_a_model import MEN, PEOPLE, Policies
from tests.rig import cast, histories, sight
from tests.rig.cast import Stage

from . import hands


class ByHand(Policies):
    """The same steps, and organisers who add places and take people out.

    In the model whoever has an added place ("added") sits beside all others: they are not counted at all.
    """

    @rule(person=st.sampled_from([*PEOPLE, *sorted(MEN)]))
    def add_place(self, person: str) -> None:
        hands.add_place(self.app, self.mine, person, now=self.now)
        self.model.settle(self.now)
        entry = next((one for one in self.model.live() if one[0] == person), None)
        if entry is None:
            entry = [person, "seated" if self.model.fits(person, self.now) else "waiting"]
            self.model.entries.append(entry)
        if entry[1] == "waiting":
            entry[1] = "added"

    @precondition(lambda self: self.model.live())
    @rule(choice=st.integers(0, 100))
    def take_out(self, choice: int) -> None:
        live = self.model.live()
        entry = live[choice % len(live)]
        hands.take_out(self.app, self.mine, entry[0], now=self.now)
        entry[1] = "withdrawn"
        self.model.settle(self.now)

    @invariant()
    def agree(self) -> None:
        if not hasattr(self, "model"):
            return
        with self.app.app_context():
            jobs.give_places(self.now)
        self.model.settle(self.now)
        states = [state for _arrival, state in sight.arrivals(self.app, self.mine.campaign_id)]
        told = [state for _who, state in self.model.entries]
        assert states == [state.replace("added", "seated") for state in told]
        assert told.count("seated") <= (self.terms.total or 0)


@pytest.fixture
def stage(app: Flask) -> Stage:
    """Ten people to play with."""
    return cast.set_stage(app, extra=4)


def machine(app: Flask, stage: Stage) -> type[ByHand]:
    """The machine for this database."""
    return type("ByHand", (ByHand,), {"app": app, "stage": stage})


def test_every_history_with_acts_by_hand_agrees_with_the_model(app: Flask, stage: Stage) -> None:
    histories.play(machine(app, stage), shorter=2)

    assert sight.drift(app) == []


def one_history(app: Flask, stage: Stage) -> None:
    """Three places, two of them kept for women: a man is added beside the man who has the third, then two women come."""
    played = machine(app, stage)()
    played.publish(choice=list(Policy).index(Policy.KEPT_FOR_WOMEN), total=3, part=2)
    played.register(person="B2")
    played.add_place(person="D4")
    for woman in ("A1", "C3"):
        played.register(person=woman)
        played.agree()


def test_an_added_man_takes_no_place_that_is_kept_for_women(app: Flask, stage: Stage) -> None:
    one_history(app, stage)


def test_the_control_that_adds_to_full_pools_only_is_seen(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Free places of a pool that is not full may be reserved for others: an added person would use them up."""

    def in_full_ones_only(candidate: PlaceApplicant, pools: Sequence[PoolFacts]) -> PlacementByHand:
        mine = pools_for(candidate, pools)
        full = tuple(pool.id for pool in mine if not pool.free)
        added_places.extend_and_take(full)
        ids = tuple(pool.id for pool in mine)
        return PlacementByHand(Placement(RegistrationState.SEATED, ids), full)

    for module in (placing, entering):
        monkeypatch.setattr(module, "add_place", in_full_ones_only)

    with pytest.raises(AssertionError):
        one_history(app, stage)
