"""Teams are formed beforehand among the seated or on the day among those who are here, and changed by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial

import pytest
from flask import Flask

from eventreg.campaigns import service as campaigns
from eventreg.core.actor import Actor
from eventreg.core.errors import Refused
from eventreg.registrations import service as registrations
from eventreg.registrations.service import Application
from eventreg.venue.offline import labels
from eventreg.venue.teams import forming
from eventreg.venue.teams import round as rounds
from eventreg.venue.teams.forming import Among
from eventreg.venue.teams.rules import Formed
from eventreg.words.day import team_words
from tests.rig import cast, sight
from tests.venue.teams import kites


@pytest.mark.parametrize(
    ("present", "full", "over", "missing"), [(30, 10, 0, 0), (29, 9, 2, 1), (28, 9, 1, 2)]
)
def test_teams_of_those_who_are_here(app: Flask, present: int, full: int, over: int, missing: int) -> None:
    stage = kites.outing(app, 30)
    kites.come(app, stage, kites.names(present))

    kites.form(app, stage)

    found = kites.teams(app)
    assert (found.full, len(found.teams), len(found.over), found.missing) == (full, full, over, missing)
    assert Counter(kites.numbers(app).values()) == dict.fromkeys(range(1, full + 1), 3)
    assert [one.staff_no for one in found.absent] == kites.names(30 - present, first=present + 1)


def test_beforehand_all_who_have_a_place_are_in_a_team(app: Flask) -> None:
    stage = kites.outing(app, 31)

    kites.form(app, stage, among=Among.SEATED)

    assert (kites.teams(app).full, kites.over(app), kites.teams(app).missing) == (10, [], 0)
    assert sight.audit_actions(app, "teams.") == ["teams.formed"]


def test_wishes_are_read_from_the_answers_to_a_question(app: Flask) -> None:
    stage = cast.set_stage(app, capacity=9, extra=9)
    with app.app_context():
        [remark] = [
            q.id for q in campaigns.entry_for(campaigns.get_campaign("outing")).questions if q.key == "remark"
        ]
    for who in kites.names(9):
        wish = {"X0001": "想和职工9一组", "X0002": "x0008"}.get(who, "")
        application = replace(cast.application(stage, who), answers={remark: wish})
        kites.do(app, stage, partial(_register, stage.campaign_id, application), now=cast.NOW)
    activity = kites.contest(app).id

    built = kites.do(
        app, stage,
        lambda actor: forming.form(
            stage.campaign_id, activity, Formed.WISH, Among.SEATED, question="remark", actor=actor
        ),
    )  # fmt: skip

    numbers = kites.numbers(app)
    assert (numbers["X0001"], numbers["X0002"]) == (numbers["X0009"], numbers["X0008"])
    assert (built.unmet, {team.formed for team in kites.teams(app).teams}) == ((), {Formed.WISH})


def _register(campaign_id: int, application: Application, actor: Actor) -> None:
    registrations.register(campaign_id, application, actor=actor)


def test_whoever_withdraws_leaves_a_gap_in_their_team(app: Flask) -> None:
    stage = kites.outing(app, 30)
    kites.form(app, stage, among=Among.SEATED)

    cast.withdraw(app, stage, "X0005")

    found = kites.teams(app)
    assert (found.full, found.missing) == (9, 1)


def test_teams_are_formed_anew_until_the_round_starts(app: Flask) -> None:
    stage = kites.outing(app, 30)
    kites.form(app, stage, among=Among.SEATED)
    kites.form(app, stage, among=Among.SEATED)

    activity = kites.contest(app).id
    kites.do(app, stage, lambda actor: rounds.start(stage.campaign_id, activity, actor=actor))

    with pytest.raises(Refused, match="grouping.locked"):
        kites.form(app, stage, among=Among.SEATED)
    kites.do(app, stage, lambda actor: rounds.undo(stage.campaign_id, activity, actor=actor))
    kites.form(app, stage, among=Among.SEATED)


def test_the_green_screen_names_the_team(app: Flask) -> None:
    stage = kites.outing(app, 9)
    kites.form(app, stage, among=Among.SEATED)
    one = kites.registration(app, stage, "X0004")

    with app.test_request_context():
        shown = labels.labels_of([one], campaigns.get_campaign("outing"), named=team_words.team)

    assert shown == {one: f"第 {kites.numbers(app)['X0004']} 组"}


def test_too_few_for_one_team_form_none(app: Flask) -> None:
    stage = kites.outing(app, 2)

    with pytest.raises(Refused, match="grouping.nobody"):
        kites.form(app, stage, among=Among.SEATED)


def change(app: Flask, stage: cast.Stage, moves: dict[str, int | None], *, short: bool = False) -> bool:
    activity = kites.contest(app).id
    wanted: dict[int, int | None] = {
        m.registration_id: team.number for team in kites.teams(app).teams for m in team.members
    }
    wanted |= {kites.registration(app, stage, who): number for who, number in moves.items()}
    return kites.do(
        app,
        stage,
        lambda actor: forming.change(stage.campaign_id, activity, wanted, actor=actor, short=short),
    )


def test_two_people_are_exchanged_by_hand(app: Flask) -> None:
    stage = kites.outing(app, 30)
    kites.form(app, stage, among=Among.SEATED)
    before = kites.numbers(app)
    other = next(who for who, number in before.items() if number != before["X0001"])

    assert change(app, stage, {"X0001": before[other], other: before["X0001"]})

    after = kites.numbers(app)
    assert (after["X0001"], after[other]) == (before[other], before["X0001"])
    assert {team.number for team in kites.teams(app).teams if team.formed is Formed.HAND} == {
        before["X0001"],
        before[other],
    }
    assert not change(app, stage, {})


@pytest.mark.parametrize(
    ("moves", "code"),
    [
        ({"X0001": 5}, "grouping.too_large"),
        ({"X0001": None}, "grouping.too_small"),
        ({"X0001": 11}, "grouping.number"),
    ],
)
def test_teams_that_do_not_fill_are_refused(app: Flask, moves: dict[str, int | None], code: str) -> None:
    stage = kites.outing(app, 30)
    kites.form(app, stage, among=Among.SEATED)
    before = kites.numbers(app)

    with pytest.raises(Refused, match=code) as refused:
        change(app, stage, moves)

    assert refused.value.facts["team"] in {before["X0001"], 5, 11}
    assert kites.numbers(app) == before


def test_a_team_that_is_short_stands_when_that_is_confirmed(app: Flask) -> None:
    stage = kites.outing(app, 30)
    kites.form(app, stage, among=Among.SEATED)

    assert change(app, stage, {"X0001": None}, short=True)

    assert (len(kites.numbers(app)), kites.over(app)) == (29, ["X0001"])


def test_what_somebody_else_changed_meanwhile_is_not_written_over(app: Flask) -> None:
    stage = kites.outing(app, 30)
    kites.form(app, stage, among=Among.SEATED)
    seen, activity = kites.teams(app).version, kites.contest(app).id
    change(app, stage, {"X0001": None}, short=True)

    with pytest.raises(Refused, match="grouping.changed_meanwhile"):
        kites.do(
            app, stage, lambda actor: forming.change(stage.campaign_id, activity, {}, actor=actor, seen=seen)
        )
