"""Arrivals and the results of a hike as CSV that a spreadsheet opens."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.core.actor import Actor
from eventreg.core.cells import csv_text
from eventreg.core.trail import audit
from eventreg.venue import roll_call
from eventreg.venue.walk import results
from eventreg.words import times, venue_words
from eventreg.words.day import walk_words


def results_csv(campaign: CampaignFacts, activity: ActivityFacts) -> tuple[bytes, int]:
    """The results by time, and how many people they are."""
    lines = results.list_results(campaign, activity).lines
    heads = (_("编号"), _("姓名"), _("工号"), _("单位"), _("出发"), _("到达"), _("用时"), _("结果"))
    rows = [
        (
            str(line.arrival),
            line.name,
            line.staff_no,
            line.unit,
            _time(line.result.start, campaign.zone),
            _time(line.result.finish, campaign.zone),
            "" if line.result.elapsed_s is None else walk_words.seconds(line.result.elapsed_s),
            walk_words.standing(line.result.standing),
        )
        for line in lines
    ]
    return csv_text([heads, *rows], excel=True), len(rows)


def presence_csv(campaign: CampaignFacts, *, now: datetime) -> tuple[bytes, int]:
    """Everybody with a place by unit, with their first time at each check point; and how many they are."""
    board = roll_call.call(campaign, now=now)
    points = [point for point, _count in board.points]
    names = [venue_words.point(point.code, point.name) for point in points]
    heads = (_("编号"), _("姓名"), _("单位"), _("到场"), *names)
    rows = [
        (
            str(person.arrival),
            person.name,
            unit.path,
            _("到了") if person.here else _("没到"),
            *(_time(dict(person.passed).get(point.code), campaign.zone) for point in points),
        )
        for unit in board.units
        for person in unit.people
    ]
    return csv_text([heads, *rows], excel=True), len(rows)


def note_results_export(campaign_id: int, count: int, *, actor: Actor) -> None:
    """Record that results were exported, in a unit of work before the file is sent."""
    audit.record("walk.exported", f"campaign:{campaign_id}", actor=actor, count=count)


def note_presence_export(campaign_id: int, count: int, *, actor: Actor) -> None:
    """Record that a roll call was exported, in a unit of work before the file is sent."""
    audit.record("presence.exported", f"campaign:{campaign_id}", actor=actor, count=count)


def _time(at: datetime | None, zone: ZoneInfo) -> str:
    return times.sortable(at.astimezone(zone)) if at is not None else ""
