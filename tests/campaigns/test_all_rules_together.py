"""Random histories in which all rules of places meet: what must hold whatever happens.

Pools of all kinds, ends, options, moved dates, confirmations, offers, acts by hand and leavers. There is no model: after each
step no pool holds more than its places, nobody waits who fits, and nobody was passed who could have had the place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import ClassVar

import pytest
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from eventreg import jobs
from eventreg.campaigns import writing
from eventreg.campaigns.policy import AdmissionTerms, Allotment, Policy
from eventreg.campaigns.rules import PlaceApplicant, PoolFacts, pools_at
from eventreg.campaigns.service import campaign_by_id
from eventreg.core.actor import actor_of
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.errors import Refused
from eventreg.people.service import find_unit
from eventreg.registrations import announcing, participants, seating
from eventreg.registrations.announcing import MoveTerms
from eventreg.registrations.answers import choices
from eventreg.registrations.capacity import change_admission
from eventreg.registrations.confirming import service as confirming
from eventreg.registrations.models import Registration, TakenPlace
from eventreg.registrations.reading import find_live
from eventreg.registrations.rules import fits
from eventreg.season import after_roster
from tests.registrations.by_hand import hands
from tests.registrations.confirming import morning
from tests.rig import cast, histories, options, sight
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage
from tests.rig.options import Ride
from tests.rig.plans import as_new, do, facts

T = NOW + timedelta(hours=5)
PEOPLE = [*sorted(cast.NAMES), "B2", "D4", "X0001", "X0002", "X0003"]  # men come more often
BUSES = ("1 号车", "自己去")
WHO = st.sampled_from(PEOPLE)


@dataclass(frozen=True)
class Entry:
    """A live registration as it stands."""

    arrival: int
    state: str
    candidate: PlaceApplicant
    held: frozenset[int]


class Together(RuleBasedStateMachine):
    """One campaign with a policy and buses, and everybody who may do something with it."""

    app: ClassVar[Flask]
    stage: ClassVar[Stage]
    numbers: ClassVar[Iterator[int]] = count(1)
    ride: Ride | None = None

    @initialize(policy=st.sampled_from(list(Policy)), total=st.integers(2, 5), bus=st.integers(1, 3))
    def publish(self, policy: Policy, total: int, bus: int) -> None:
        self.slug = f"together-{next(self.numbers)}"
        with self.app.app_context(), unit_of_work():
            season_id = writing.make_season(cast.season())
            writing.publish(
                cast.outing(total, slug=self.slug),
                season_id=season_id,
                notice_id=self.stage.notice_id,
                actor=acting("test", NOW),
            )
            unit = find_unit("营销部")
        assert unit is not None
        until = T if policy in {Policy.WOMEN_FIRST, Policy.KEPT_FOR_WOMEN, Policy.ALLOTTED} else None
        units = {unit: Allotment(1)} if policy in {Policy.ALLOTTED, Policy.CEILINGS} else {}
        self.terms = AdmissionTerms(policy, total, int(policy is Policy.KEPT_FOR_WOMEN), until, units)
        self.mine, self.now, self.day = cast.find_stage(self.app, self.slug), NOW, 0
        self.set_terms()
        self.ride = options.ride(self.app, self.mine, {BUSES[0]: bus, BUSES[1]: None}, slug=self.slug)
        self.before: dict[int, str] = {}
        self.by_hand: set[int] = set()

    @rule(who=WHO, bus=st.sampled_from(BUSES))
    def register(self, who: str, bus: str) -> None:
        with suppress(Refused):
            self.riders().sign_up(self.app, who, bus, now=self.now)

    @rule(first=st.integers(0, len(PEOPLE) - 1), many=st.integers(2, 5))
    def rush(self, first: int, many: int) -> None:
        """Several come one after the other: lines get long enough to have an order."""
        for n in range(many):
            self.register(PEOPLE[(first + n) % len(PEOPLE)], BUSES[1])

    @rule(who=WHO, bus=st.sampled_from(BUSES))
    def choose(self, who: str, bus: str) -> None:
        if self.is_live(who):
            with suppress(Refused):
                self.riders().choose(self.app, who, bus, now=self.now)

    @rule(who=WHO, organiser=st.booleans())
    def leave_the_event(self, who: str, organiser: bool) -> None:
        if self.is_live(who):
            with suppress(Refused):
                if organiser:
                    hands.take_out(self.app, self.mine, who, now=self.now)
                else:
                    cast.withdraw(self.app, self.mine, who, now=self.now)

    @rule(who=WHO)
    def add_a_place(self, who: str) -> None:
        with suppress(Refused):
            self.by_hand.add(hands.add_place(self.app, self.mine, who, now=self.now).arrival)

    @rule()
    def raise_places(self) -> None:
        self.terms = replace(self.terms, total=(self.terms.total or 0) + 1)
        self.set_terms()

    @rule(who=WHO, back=st.booleans())
    def leave_the_company(self, who: str, back: bool) -> None:
        sight.correct(self.app, self.stage.people[who], left_at=None if back else self.now)
        with self.app.app_context():
            after_roster.settle(actor_of("system", now=self.now))

    @rule(hours=st.sampled_from([1, 6, 12]), accepted=st.booleans())
    def time_passes(self, hours: int, accepted: bool) -> None:
        if accepted:
            morning.accept(self.app, self.now)
        for _half_hour in range(2 * hours):
            self.now += timedelta(minutes=30)
            with self.app.app_context():
                jobs.give_places(self.now)

    @rule(asks=st.booleans())
    def move(self, asks: bool) -> None:
        self.day += 1
        until = self.now + timedelta(hours=10) if asks else None
        activities = facts(self.app, self.slug).activities
        shift = timedelta(days=1)
        wanted = {
            a.id: replace(as_new(a), starts_at=a.starts_at + shift, ends_at=a.ends_at + shift)
            for a in activities
        }
        with suppress(Refused):
            do(self.app, self.slug, announcing.move, wanted, MoveTerms(confirm_by=until), now=self.now)

    @rule(who=WHO)
    def confirm(self, who: str) -> None:
        person_id = self.stage.people[who]
        with self.app.app_context(), suppress(Refused):
            live = find_live(self.mine.campaign_id, person_id)
            if live is not None:
                with unit_of_work():
                    actor = acting(person_id, self.now, self.stage.keys)
                    confirming.confirm(live.id, person_id=person_id, actor=actor)

    @invariant()
    def hold(self) -> None:
        if self.ride is None:
            return
        with self.app.app_context():
            jobs.give_places(self.now)
            campaign = campaign_by_id(self.mine.campaign_id)
            entries = self.read()
        pools = pools_at(campaign.pools, now=self.now)
        assert [pool for pool in pools if pool.taken > pool.places] == []
        if self.now < campaign.begins_at:
            waiting = [entry for entry in entries if entry.state == "waiting"]
            assert [entry.arrival for entry in waiting if fits(entry.candidate, pools)] == []
            self.check_order(entries, waiting, pools)
        self.before = {entry.arrival: entry.state for entry in entries}

    def check_order(
        self, entries: Sequence[Entry], waiting: Sequence[Entry], pools: Sequence[PoolFacts]
    ) -> None:
        """Whoever has just been seated took nothing that somebody before them, who still waits, could have had."""
        for one in entries:
            if (
                one.state != "seated"
                or self.before.get(one.arrival) == "seated"
                or one.arrival in self.by_hand
            ):
                continue
            without = [replace(p, taken=p.taken - 1) if p.id in one.held else p for p in pools]
            assert [
                (w.arrival, one.arrival)
                for w in waiting
                if w.arrival < one.arrival and fits(w.candidate, without)
            ] == []

    def read(self) -> list[Entry]:
        """All live registrations of people who are employed, by arrival."""
        live = (Registration.campaign_id == self.mine.campaign_id, Registration.state != "withdrawn")
        rows = list(db.session.query(Registration).where(*live).order_by(Registration.arrival))
        known = participants.applicants({row.person_id for row in rows})
        chosen = choices.of_registrations([row.id for row in rows])
        held: dict[int, set[int]] = {}
        for registration_id, pool_id in db.session.query(TakenPlace.registration_id, TakenPlace.pool_id):
            held.setdefault(registration_id, set()).add(pool_id)
        return [
            Entry(
                row.arrival,
                row.state,
                replace(known[row.person_id].candidate, options=chosen.get(row.id, frozenset())),
                frozenset(held.get(row.id, ())),
            )
            for row in rows
            if known[row.person_id].employed
        ]

    def is_live(self, who: str) -> bool:
        """Whether somebody has a place or waits."""
        with self.app.app_context():
            return find_live(self.mine.campaign_id, self.stage.people[who]) is not None

    def riders(self) -> Ride:
        """The buses."""
        assert self.ride is not None
        return self.ride

    def set_terms(self) -> None:
        """Set the policy's numbers, if the event has not begun."""
        with self.app.app_context(), suppress(Refused):
            seen = campaign_by_id(self.mine.campaign_id).version
            with unit_of_work():
                actor = acting("test", self.now, self.mine.keys)
                change_admission(self.mine.campaign_id, self.terms, seen=seen, actor=actor)

    def teardown(self) -> None:
        """Everybody is employed again for the next history."""
        for who in PEOPLE:
            sight.correct(self.app, self.stage.people[who], left_at=None)


@pytest.fixture
def stage(app: Flask) -> Stage:
    """Nine people to play with."""
    return cast.set_stage(app, extra=3)


def machine(app: Flask, stage: Stage) -> type[Together]:
    """The machine for this database."""
    return type("Together", (Together,), {"app": app, "stage": stage})


def test_whatever_happens_places_and_order_hold(app: Flask, stage: Stage) -> None:
    histories.play(machine(app, stage), shorter=2, fewer=2)

    assert sight.drift(app) == []


def one_history(app: Flask, stage: Stage) -> None:
    """Two places and two who wait; one of the places becomes free."""
    played = machine(app, stage)()
    played.publish(policy=Policy.FIRST_COME, total=2, bus=1)
    for who in ("A1", "C3", "E5", "F6"):
        played.register(who=who, bus=BUSES[1])
        played.hold()
    played.leave_the_event(who="A1", organiser=True)
    played.hold()


def test_the_first_in_line_gets_the_place(app: Flask, stage: Stage) -> None:
    one_history(app, stage)


def test_the_control_that_seats_from_the_end_of_the_line_is_seen(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = seating.waiting_list
    monkeypatch.setattr(
        seating, "waiting_list", lambda campaign, **how: reversed(list(honest(campaign, **how)))
    )

    with pytest.raises(AssertionError):
        one_history(app, stage)
