"""Programs read who was asked to confirm, and confirm for somebody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from eventreg.registrations import announcing
from eventreg.registrations.announcing import MoveTerms
from tests.rig.plans import as_new, do, facts

from .program import REGISTRATIONS, Program


@pytest.fixture
def moved(app: Flask, program: Program) -> Program:
    """A1 has a place, and the outing was moved by a day."""
    program.register("A1")
    later = timedelta(days=1)
    wanted = {
        a.id: as_new(a, starts_at=a.starts_at + later, ends_at=a.ends_at + later)
        for a in facts(app, "outing").activities
    }
    first = facts(app, "outing").starts_at
    terms = MoveTerms(confirm_by=first)
    do(app, "outing", announcing.move, wanted, terms, now=first - timedelta(days=2))
    return program


def test_who_is_asked_stands_in_the_list_and_at_the_campaign(app: Flask, moved: Program) -> None:
    [line] = moved.ask("GET", REGISTRATIONS).get_json()["items"]
    campaign = moved.ask("GET", "/api/v1/campaigns/outing").get_json()

    assert line["confirm_by"] is not None
    assert line["confirmed_at"] is None
    assert campaign["confirm_by"] is not None


def test_a_program_confirms_and_gets_the_same_answer_again(moved: Program) -> None:
    [line] = moved.ask("GET", REGISTRATIONS).get_json()["items"]
    at = f"/api/v1/registrations/{line['id']}/confirm"

    first, again = moved.ask("POST", at), moved.ask("POST", at)

    assert first.status_code == 200
    assert first.get_json()["state"] == "seated"
    assert again.get_json() == first.get_json()
    assert moved.ask("POST", "/api/v1/registrations/99/confirm").status_code == 404
