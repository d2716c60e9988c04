"""The rush for the last places: eight processes, forty people each, thirty places (I1, I3, I5).

Each race has its control: the same judge, on the same moves, with the lock taken out of the
product by a planted fault, must see the race.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from eventreg.campaigns import writing
from eventreg.config import Settings
from eventreg.core.db.session import unit_of_work
from eventreg.people import service as people
from tests.conftest import close, make_app
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import NOW
from tests.rig.sizes import SIZES

from .judge import wrongs
from .players import Made, Move, Round, players

pytestmark = pytest.mark.race

PROCESSES, EACH, PLACES = 8, 40, 30
MORE_FOR_CONTROLS = 5  # rounds at most: on a loaded machine the fault does not show in each


@dataclass
class Arena:
    """An installation with 320 people, and campaigns made as rounds need them."""

    app: Flask
    settings: Settings
    people: list[int]
    rounds: int = 0

    def new_round(self) -> Round:
        """A campaign of its own with thirty places."""
        self.rounds += 1
        with self.app.app_context(), unit_of_work():
            season_id = writing.make_season(cast.season())
            notice_id = writing.make_notice("2027-01", ("用途。",), now=NOW)
            campaign = cast.outing(PLACES, slug=f"round-{self.rounds}")
            writing.publish(campaign, season_id=season_id, notice_id=notice_id, actor=acting("test", NOW))
        from eventreg.campaigns.service import get_campaign

        with self.app.app_context():
            return Round(get_campaign(f"round-{self.rounds}").id, notice_id)

    def judge(self, stage: Round, made: list[Made]) -> list[str]:
        """What is wrong with a played round."""
        with self.app.app_context():
            return wrongs(stage.campaign_id, made, capacity=PLACES)

    def shares(self) -> list[list[int]]:
        """The people, forty to a process."""
        return [self.people[n * EACH : (n + 1) * EACH] for n in range(PROCESSES)]


@pytest.fixture
def arena(settings: Settings) -> Iterator[Arena]:
    app = make_app(settings)
    cast.set_stage(app, extra=PROCESSES * EACH)
    with app.app_context():
        ids = [p.id for p in people.list_employed() if p.staff_no.startswith("X")]
    yield Arena(app, settings, ids)
    close(app)


def rush(arena: Arena) -> list[list[Move]]:
    """Everybody signs up."""
    return [[Move("register", person) for person in share] for share in arena.shares()]


def rush_and_regret(arena: Arena, luck: random.Random) -> list[list[Move]]:
    """Everybody signs up; a third withdraws soon after, some of those come back."""
    return [[move for person in share for move in _hesitant(person, luck)] for share in arena.shares()]


def _hesitant(person: int, luck: random.Random) -> list[Move]:
    moves = [Move("register", person)]
    if luck.random() < 0.35:
        moves.append(Move("withdraw", person))
        if luck.random() < 0.5:
            moves.append(Move("register", person, key="again"))
    return moves


def double_clicks(arena: Arena, *, equal_keys: bool) -> list[list[Move]]:
    """The same forty people in every process: eight browsers a person."""
    return [
        [Move("register", person, key="k" if equal_keys else f"k{n}") for person in arena.people[:EACH]]
        for n in range(PROCESSES)
    ]


def test_exactly_thirty_are_seated_and_the_rest_wait_in_order(arena: Arena) -> None:
    with players(arena.settings, count=PROCESSES) as cast_of_eight:
        for _ in range(SIZES.race_rounds):
            stage = arena.new_round()
            made = cast_of_eight.play(stage, rush(arena))

            assert arena.judge(stage, made) == []
            assert len(made) == PROCESSES * EACH


def test_withdrawals_in_the_rush_lose_no_place_and_pass_nobody(arena: Arena) -> None:
    luck = random.Random(308)
    with players(arena.settings, count=PROCESSES) as cast_of_eight:
        for _ in range(SIZES.race_rounds // 2):
            stage = arena.new_round()
            made = cast_of_eight.play(stage, rush_and_regret(arena, luck))

            assert arena.judge(stage, made) == []


@pytest.mark.parametrize("equal_keys", [True, False])
def test_double_clicks_make_one_registration_and_one_receipt(arena: Arena, equal_keys: bool) -> None:
    with players(arena.settings, count=PROCESSES) as cast_of_eight:
        for _ in range(SIZES.race_rounds // 4):
            stage = arena.new_round()
            made = cast_of_eight.play(stage, double_clicks(arena, equal_keys=equal_keys))

            assert arena.judge(stage, made) == []
            assert _receipts_by_person(made) == dict.fromkeys(arena.people[:EACH], 1)


Moves = Callable[[Arena], list[list[Move]]]


@pytest.mark.parametrize("moves", [rush, lambda arena: rush_and_regret(arena, random.Random(7))])
def test_the_control_that_reads_before_the_lock_oversells(arena: Arena, moves: Moves) -> None:
    seen = _seen_wrongs(arena, moves, fault="stale_read")

    assert [wrong for wrong in seen if wrong.startswith("seated")] != []


def test_the_control_that_forgets_who_was_here_collides(arena: Arena) -> None:
    seen = _seen_wrongs(arena, lambda a: double_clicks(a, equal_keys=False), fault="forgetful")

    assert [wrong for wrong in seen if "registration.exists" in wrong] != []


def _seen_wrongs(arena: Arena, moves: Moves, *, fault: str) -> list[str]:
    """Play with a planted fault until the judge sees a seat too many or a collision."""
    seen: list[str] = []
    with players(arena.settings, count=PROCESSES, fault=fault) as cast_of_eight:
        for _ in range(SIZES.race_rounds * MORE_FOR_CONTROLS):
            stage = arena.new_round()
            seen += arena.judge(stage, cast_of_eight.play(stage, moves(arena)))
            if any(wrong.startswith("seated") or "registration.exists" in wrong for wrong in seen):
                break
    return seen


def _receipts_by_person(made: list[Made]) -> dict[int, int]:
    receipts: dict[int, set[int]] = {}
    for one in made:
        receipts.setdefault(one.move.person_id, set()).add(one.registration_id)
    return {person: len(ids) for person, ids in receipts.items()}
