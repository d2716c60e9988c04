"""A forum in the stage's season: each 班组 sends at least a number of women."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.campaigns import writing
from eventreg.campaigns.inputs import NewActivity, NewCampaign
from eventreg.campaigns.kinds import Forum
from eventreg.campaigns.rules import Intake, ScheduleState
from eventreg.core.db.session import unit_of_work
from eventreg.people.service import find_unit
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage

SERVICE, METERS, LINES = "营销部/客户服务班", "营销部/抄核收班", "城关供电所/运维一班"


def set_forum(app: Flask, stage: Stage, *, least: int = 2, now: datetime = NOW) -> Stage:
    """The forum, published at `now`, on the cast's day at nine; the stage with its id."""
    start = now + cast.UNTIL_THE_DAY + timedelta(hours=9)
    activity = NewActivity(
        "forum", "座谈", start, start + timedelta(hours=3), True, ScheduleState.CONFIRMED, Forum(least)
    )
    campaign = NewCampaign(
        slug="forum",
        title="女职工座谈会",
        intro="说说微心愿。",
        audience="女职工",
        accepts=Intake.REGISTRATIONS,
        closes_at=now + cast.UNTIL_CLOSED,
        retain_until=cast.DAY.date() + timedelta(days=100),
        defaults=(),
        capacity=None,
        questions=(),
        activities=(activity,),
    )
    with app.app_context(), unit_of_work():
        season_id = writing.make_season(cast.season())
        writing.publish(campaign, season_id=season_id, notice_id=stage.notice_id, actor=acting("test", now))
    return cast.find_stage(app, "forum")


def unit(app: Flask, path: str) -> int:
    """A unit's id by its path."""
    with app.app_context():
        return find_unit(path) or 0


def contact(app: Flask, stage: Stage, who: str, path: str, *, now: datetime = NOW) -> None:
    """Make somebody the contact of a unit."""
    unit_id = unit(app, path)
    with app.app_context(), unit_of_work():
        grants.grant(stage.people[who], Role.UNIT_CONTACT, unit_id=unit_id, actor=acting("test", now))
