"""Teams are drawn: the hash is published before, the seed after, and a script recomputes who is with whom."""

from __future__ import annotations

import subprocess
import sys

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.core.db.session import db
from eventreg.core.draws.rules import seed_hash
from eventreg.core.errors import NotFound, Refused
from eventreg.venue.teams import drawing, forming
from eventreg.venue.teams import round as rounds
from eventreg.venue.teams.drawing import DrawFacts
from eventreg.venue.teams.forming import Among
from eventreg.venue.teams.models import Draw
from eventreg.venue.teams.rules import Formed
from tests.house.repository import ROOT
from tests.rig import sight
from tests.rig.cast import Stage
from tests.venue.teams import kites


def prepare(app: Flask, stage: Stage, among: Among = Among.PRESENT) -> int:
    activity = kites.contest(app).id
    return kites.do(
        app, stage, lambda actor: drawing.prepare(stage.campaign_id, activity, among, actor=actor)
    )


def draw(app: Flask, stage: Stage, draw_id: int) -> None:
    kites.do(app, stage, lambda actor: drawing.make(stage.campaign_id, draw_id, actor=actor))


def draws(app: Flask, stage: Stage) -> list[DrawFacts]:
    with app.app_context():
        return drawing.list_draws(stage.campaign_id)


def test_the_script_recomputes_the_teams(app: Flask) -> None:
    stage = kites.outing(app, 30)
    kites.come(app, stage, kites.names(29))
    draw_id = prepare(app, stage)
    [before] = draws(app, stage)
    assert (before.seed, before.order, before.among) == ("", (), tuple(range(1, 30)))

    draw(app, stage, draw_id)

    [after] = draws(app, stage)
    run = [sys.executable, "-I", str(ROOT / "docs/recompute_draw.py"), after.seed, *map(str, after.among)]
    printed = subprocess.run(run, capture_output=True, text=True, check=True).stdout.splitlines()
    order = [int(line.split()[1]) for line in printed[1:]]
    assert (printed[0], seed_hash(after.seed), tuple(order)) == (
        before.seed_hash,
        before.seed_hash,
        after.order,
    )
    teams = kites.teams(app)
    assert [{m.arrival for m in team.members} for team in teams.teams] == [
        set(order[3 * n : 3 * n + 3]) for n in range(9)
    ]
    assert {one.arrival for one in teams.over} == set(order[27:])
    assert sight.audit_actions(app, "draw.") == ["draw.prepared", "draw.made"]


def test_the_database_does_not_tell_the_seed_before(app: Flask) -> None:
    stage = kites.outing(app, 6)

    prepare(app, stage, Among.SEATED)

    with app.app_context():
        assert db.session.scalars(select(Draw.seed)).all() == [None]


def test_pressed_twice_it_is_one_draw(app: Flask) -> None:
    stage = kites.outing(app, 30)
    draw_id = prepare(app, stage, Among.SEATED)
    draw(app, stage, draw_id)
    before, told = kites.numbers(app), draws(app, stage)

    draw(app, stage, draw_id)

    assert (kites.numbers(app), draws(app, stage)) == (before, told)


def test_when_other_people_take_part_it_is_prepared_again_and_the_first_stays_listed(app: Flask) -> None:
    stage = kites.outing(app, 30)
    kites.come(app, stage, kites.names(28))
    first = prepare(app, stage)
    kites.come(app, stage, ["X0029"])

    with pytest.raises(Refused, match="lots.prepare_again"):
        draw(app, stage, first)
    draw(app, stage, prepare(app, stage))

    assert [(one.seed != "", len(one.among)) for one in draws(app, stage)] == [(True, 29), (False, 28)]


def test_two_draws_have_two_seeds(app: Flask) -> None:
    stage = kites.outing(app, 6)

    prepare(app, stage, Among.SEATED)
    prepare(app, stage, Among.SEATED)

    first, second = draws(app, stage)
    assert first.seed_hash != second.seed_hash


def test_nothing_is_drawn_once_the_round_has_started(app: Flask) -> None:
    stage = kites.outing(app, 30)
    draw_id = prepare(app, stage, Among.SEATED)
    activity = kites.contest(app).id
    kites.do(
        app, stage,
        lambda actor: forming.form(stage.campaign_id, activity, Formed.MIXED, Among.SEATED, actor=actor),
    )  # fmt: skip
    kites.do(app, stage, lambda actor: rounds.start(stage.campaign_id, activity, actor=actor))

    with pytest.raises(Refused, match="grouping.locked"):
        draw(app, stage, draw_id)


def test_an_unknown_draw_is_not_found(app: Flask) -> None:
    stage = kites.outing(app, 3)

    with pytest.raises(NotFound):
        kites.do(app, stage, lambda actor: drawing.make(stage.campaign_id, 1, actor=actor))
