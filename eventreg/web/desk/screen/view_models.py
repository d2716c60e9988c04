"""The full-screen pages of a screen, as fragments of HTML by the name of their widget."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, url_for

from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.kinds import Contest, Hike
from eventreg.delivery import qr
from eventreg.delivery.qr import QrPicture
from eventreg.venue.programme import forfeits
from eventreg.venue.programme.rules import ItemState
from eventreg.venue.screens import rules, showing
from eventreg.venue.screens.rules import Widget
from eventreg.venue.screens.service import ScreenFacts
from eventreg.venue.screens.showing import NamedAs
from eventreg.venue.teams import reading
from eventreg.venue.teams import round as rounds
from eventreg.venue.teams.reading import TeamFacts
from eventreg.venue.walk import results
from eventreg.venue.walk.rules import WalkStanding
from eventreg.web.app import current
from eventreg.words import times

LATEST = 12


@dataclass(frozen=True, slots=True)
class ClockView:
    """A running clock: since when, the limit in seconds, and whether it is one of a hike."""

    title: str
    started_at: datetime | None
    limit_s: int


@dataclass(frozen=True, slots=True)
class WallView:
    """The code to come in by, drawn, and the address under it."""

    qr: QrPicture
    link: str


def pages_of(screen: ScreenFacts, campaign: CampaignFacts, *, now: datetime) -> list[dict[str, str]]:
    """The pages in the order of the screen's widgets, each `{"widget", "html"}`."""
    named = showing.names_on(screen)
    found: list[dict[str, str]] = []
    for widget in screen.widgets:
        found += [
            {"widget": str(widget), "html": html} for html in PARTS[widget](screen, campaign, named, now)
        ]
    return found


def etag_of(pages: list[dict[str, str]]) -> str:
    """Changes whenever something on the screen does."""
    told = "".join(page["widget"] + page["html"] for page in pages)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


Part = list[str]  # fragments of HTML, one a page


def _arrivals(screen: ScreenFacts, campaign: CampaignFacts, named: NamedAs, now: datetime) -> Part:
    came = showing.arrivals_of(campaign.id, most=LATEST)
    latest = [
        {
            "name": named(one.registration_id, one.name),
            "unit": one.unit,
            "at": times.clock(one.at.astimezone(campaign.zone)),
        }
        for one in came.latest
    ]
    wall = _wall(screen, now)
    return [render_template("desk/screen/arrivals.html", c=campaign, came=came, latest=latest, wall=wall)]


def _wall(screen: ScreenFacts, now: datetime) -> WallView | None:
    if screen.device_id is None:
        return None
    code = rules.wall_code(current.keys().tickets, screen.id, now=now)
    path = url_for("wall.open_code", screen_id=screen.id, code=code.code)
    link = f"{current.settings().base_url}{path}"
    return WallView(qr.drawn(link), link)


def _timer(_screen: ScreenFacts, campaign: CampaignFacts, _named: NamedAs, _now: datetime) -> Part:
    clocks = [clock for activity in campaign.activities if (clock := _clock(campaign, activity))]
    running = [clock for clock in clocks if clock.started_at is not None]
    latest = max(running, key=lambda clock: clock.started_at or campaign.opens_at, default=None)
    clock = latest or (clocks[0] if clocks else None)
    return [render_template("desk/screen/timer.html", c=campaign, clock=clock)]


def _clock(campaign: CampaignFacts, activity: ActivityFacts) -> ClockView | None:
    parameters = activity.parameters
    if isinstance(parameters, Hike):
        started = results.list_results(campaign, activity).day.mass
        return ClockView(activity.title, started, parameters.limit_min * 60)
    if isinstance(parameters, Contest):
        started = (rounds.current(activity.id) or (None, 0))[0]
        return ClockView(activity.title, started, parameters.limit_min * 60)
    return None


def _results(_screen: ScreenFacts, campaign: CampaignFacts, named: NamedAs, _now: datetime) -> Part:
    return [
        render_template("desk/screen/results.html", c=campaign, **_walk(campaign, activity, named))
        for activity in campaign.activities
        if isinstance(activity.parameters, Hike)
    ]


def _walk(campaign: CampaignFacts, activity: ActivityFacts, named: NamedAs) -> Mapping[str, Any]:
    found = results.list_results(campaign, activity)
    lines = {
        standing: [
            {
                "name": named(line.registration_id, line.name),
                "seconds": line.result.elapsed_s,
                "unit": line.unit,
            }
            for line in found.of(standing)
        ]
        for standing in (WalkStanding.IN_TIME, WalkStanding.LATE)
    }
    out = [{"name": named(line.registration_id, line.name), "unit": line.unit} for line in found.out]
    clock = ClockView(activity.title, found.day.mass, found.hike.limit_min * 60)
    return {
        "clock": clock,
        "in_time": lines[WalkStanding.IN_TIME],
        "late": lines[WalkStanding.LATE],
        "out": out,
    }


def _forfeits(_screen: ScreenFacts, campaign: CampaignFacts, named: NamedAs, _now: datetime) -> Part:
    lines = [
        {
            "names": [named(person.registration_id, person.name) for person in line.people],
            "team": line.team,
            "title": line.forfeit.item.title,
            "done": line.forfeit.item.state is ItemState.DONE,
        }
        for line in forfeits.list_of(campaign).lines
        if line.forfeit.item.state is not ItemState.EXCUSED
    ]
    return [render_template("desk/screen/forfeits.html", c=campaign, lines=lines)]


def _teams(_screen: ScreenFacts, campaign: CampaignFacts, named: NamedAs, _now: datetime) -> Part:
    return [
        render_template(
            "desk/screen/teams.html",
            c=campaign,
            title=activity.title,
            teams=[_team(team, named) for team in reading.teams_of(campaign, activity).teams],
        )
        for activity in reading.contests_of(campaign)
    ]


def _team(team: TeamFacts, named: NamedAs) -> Mapping[str, Any]:
    return {
        "number": team.number,
        "names": [named(person.registration_id, person.name) for person in team.members],
        "flown": team.flight.flown,
        "rank": team.flight.rank,
    }


PARTS: dict[Widget, Callable[[ScreenFacts, CampaignFacts, NamedAs, datetime], Part]] = {
    Widget.ARRIVALS: _arrivals,
    Widget.TIMER: _timer,
    Widget.RESULTS: _results,
    Widget.FORFEITS: _forfeits,
    Widget.TEAMS: _teams,
}
