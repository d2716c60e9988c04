"""A campaign with a second hike a week later: until it is walked it has no results, and nobody owes a forfeit twice."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import update

from eventreg.campaigns.models import Campaign
from eventreg.campaigns.writing import activity_row
from eventreg.core.db.session import db, unit_of_work
from eventreg.venue.programme import forfeits
from eventreg.venue.walk.readings import list_hikes
from eventreg.venue.walk.results import list_results
from tests.rig.plans import as_new, facts

from .hillside import Hillside, clock, hillside

WEEK = timedelta(days=7)


def with_a_second_hike(app: Flask) -> Hillside:
    hill = hillside(app)
    first = hill.hike()
    later = as_new(first, title="第二次", starts_at=first.starts_at + WEEK, ends_at=first.ends_at + WEEK)
    with app.app_context(), unit_of_work():
        db.session.add(activity_row(hill.stage.campaign_id, 9, later))
        db.session.execute(update(Campaign).values(version=Campaign.version + 1))
    hill.sign_up("A1", "B2")
    return hill


def told(hill: Hillside) -> list[list[str]]:
    """Whose results each hike has."""
    campaign = facts(hill.app, "outing")
    with hill.app.app_context():
        return [
            [line.staff_no for line in list_results(campaign, hike).lines] for hike in list_hikes(campaign)
        ]


def test_what_was_read_on_the_day_of_the_first_is_no_try_of_the_second(app: Flask) -> None:
    hill = with_a_second_hike(app)
    hill.scan("A1", "start", "9:50")
    hill.scan("A1", "finish", "10:25")
    hill.tap("10:24")

    with app.app_context():
        owed = forfeits.list_of(facts(app, "outing")).lines

    assert told(hill) == [["A1"], []]
    assert len(owed) == 1


def test_what_was_read_on_the_eve_of_both_is_a_try_of_both(app: Flask) -> None:
    hill = with_a_second_hike(app)
    hill.scan("B2", "start", "-8:00", received=clock("-7:00"))

    assert told(hill) == [["B2"], ["B2"]]
