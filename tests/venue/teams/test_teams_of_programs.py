"""Programs read teams, who is left over, and the forfeits. Scope `registrations`."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.api.program import Program, token_for
from tests.rig.cast import Stage
from tests.venue.teams import kites

TEAMS, FORFEITS = "/api/v1/campaigns/outing/teams", "/api/v1/campaigns/outing/forfeits"


def test_with_twenty_nine_here_nine_teams_and_two_people_are_named(app: Flask) -> None:
    stage = kites.outing(app, 30)
    kites.come(app, stage, kites.names(29))
    kites.form(app, stage)

    told = Program(app, token_for(app, "registrations")).ask("GET", TEAMS).get_json()

    assert [len(team["members"]) for team in told["teams"]] == [3] * 9
    assert {team["full"] for team in told["teams"]} == {True}
    assert (told["over"], told["missing"]) == (["X0028", "X0029"], 1)


def test_teams_tell_how_they_flew_and_forfeits_who_performs(app: Flask) -> None:
    kites.three_teams(app)
    program = Program(app, token_for(app, "registrations"))

    teams, forfeits = program.ask("GET", TEAMS).get_json(), program.ask("GET", FORFEITS).get_json()

    assert [(t["number"], t["flown"], t["rank"], t["performs"]) for t in teams["teams"]] == [
        (1, True, 1, False),
        (2, False, None, True),
        (3, True, 2, True),
    ]
    assert [(f["position"], f["kind"], f["team"], f["state"]) for f in forfeits["forfeits"]] == [
        (1, "team", 2, "due"),
        (2, "team", 3, "due"),
    ]
    assert forfeits["forfeits"][0]["performers"] == teams["teams"][1]["members"]
    assert [teams["complete"], forfeits["complete"]] == [True, True]


def test_before_teams_are_formed_nothing_is_complete(app: Flask, stage: Stage) -> None:
    program = Program(app, token_for(app, "registrations"))

    assert program.ask("GET", TEAMS).get_json() == {"teams": [], "over": [], "missing": 30, "complete": False}


@pytest.mark.parametrize("address", [TEAMS, FORFEITS])
def test_another_scope_reads_neither(app: Flask, stage: Stage, address: str) -> None:
    assert Program(app, token_for(app, "campaigns")).ask("GET", address).status_code == 403


@pytest.mark.parametrize(
    ("query", "status"), [("?activity=77", 404), ("?activity=x", 422), ("?other=1", 422)]
)
def test_an_unknown_contest_is_not_found(app: Flask, stage: Stage, query: str, status: int) -> None:
    program = Program(app, token_for(app, "registrations"))

    assert program.ask("GET", TEAMS + query).status_code == status
