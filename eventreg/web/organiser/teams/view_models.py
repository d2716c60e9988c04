"""View models of the pages about teams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.campaigns.facts import CampaignFacts
from eventreg.venue.teams import forming
from eventreg.venue.teams.performing import Performers
from eventreg.venue.teams.reading import TeamFacts, TeamPerson, TeamsOfActivity
from eventreg.words import times
from eventreg.words.day import team_words


@dataclass(frozen=True, slots=True)
class TeamCard:
    """A team: its title, what is to be said about it, and its members as (name, unit, note)."""

    title: str
    note: str
    performs: bool
    members: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class TeamsView:
    """The teams of a contest in words. `summary` is one sentence, `gap` names who lacks whom, "" if nobody does."""

    cards: tuple[TeamCard, ...]
    summary: str
    gap: str
    over: tuple[tuple[str, str, str], ...]
    absent: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class RoundView:
    """The round: at which second it started, "" while it has not, and how many minutes it lasts."""

    started: str
    minutes: int


@dataclass(frozen=True, slots=True)
class WishesView:
    """Wishes that were not met, as (who, whom), and the names of those whose answers were not understood."""

    unmet: tuple[tuple[str, str], ...]
    unclear: tuple[str, ...]


def teams_view(teams: TeamsOfActivity, found: Performers) -> TeamsView:
    """The teams with who performs."""
    begun = any(m.came_at for team in teams.teams for m in team.members)
    cards = tuple(_card(team, teams, found, begun=begun) for team in teams.teams)
    return TeamsView(
        cards=cards,
        summary=_summary(teams),
        gap=_gap(teams),
        over=tuple(_person(one) for one in teams.over),
        absent=tuple(_person(one) for one in teams.absent),
    )


def performers_words(found: Performers) -> str:
    """Who performs, and what is still to be asked."""
    parts = []
    if found.teams:
        parts.append(_("表演节目的：%(teams)s。", teams=team_words.team_list(found.teams)))
    elif found.complete:
        parts.append(_("没有组要表演节目。"))
    if found.flown_unknown:
        parts.append(_("还没有记放飞没有：%(teams)s。", teams=team_words.team_list(found.flown_unknown)))
    if found.rank_unknown:
        parts.append(_("还没有记名次：%(teams)s。", teams=team_words.team_list(found.rank_unknown)))
    return " ".join(parts)


def round_view(started: tuple[datetime, int] | None, campaign: CampaignFacts, minutes: int) -> RoundView:
    """The round in the campaign's zone."""
    if started is None:
        return RoundView("", minutes)
    return RoundView(times.to_second(started[0].astimezone(campaign.zone)), started[1])


def wishes_view(campaign: CampaignFacts, teams: TeamsOfActivity, question: str) -> WishesView:
    """Which wishes of this question's answers the teams do not meet, and whose answers were not understood."""
    persons = {m.registration_id: m for team in teams.teams for m in team.members}
    read = forming.wishes_of(campaign.id, list(persons.values()), question)
    team_of = {m.registration_id: team.number for team in teams.teams for m in team.members}
    unmet = tuple(
        (persons[who].name, persons[whom].name)
        for who, wished in read.wishes.items()
        for whom in wished
        if team_of[who] != team_of[whom]
    )
    return WishesView(unmet, tuple(persons[who].name for who in read.unclear))


def _summary(teams: TeamsOfActivity) -> str:
    plan = _("要编 %(teams)s 组，每组 %(size)s 人。", teams=teams.shape.teams, size=teams.shape.size)
    if not teams.teams:
        return plan
    full = ngettext("编满了 %(num)s 组。", "编满了 %(num)s 组。", teams.full)
    return f"{plan}{full}"


def _gap(teams: TeamsOfActivity) -> str:
    """Who is left over, and how many the next team lacks."""
    if not teams.teams or not teams.over:
        return ""
    names = _("、").join(one.name for one in teams.over)
    numbers = {team.number for team in teams.teams}
    nxt = next((n for n in range(1, teams.shape.teams + 1) if n not in numbers), None)
    lacking = teams.shape.size - len(teams.over)
    if nxt is not None and lacking <= 0:
        return _("可以再编第 %(n)s 组，请用“手工调整”：%(names)s", n=nxt, names=names)
    if nxt is None:
        return _("编不进组的：%(names)s", names=names)
    return _("第 %(n)s 组还差 %(missing)s 人，已有：%(names)s", n=nxt, missing=lacking, names=names)


def _card(team: TeamFacts, teams: TeamsOfActivity, found: Performers, *, begun: bool) -> TeamCard:
    lacking = teams.shape.size - len(team.members)
    note = ngettext("差 %(num)s 人", "差 %(num)s 人", lacking) if lacking > 0 else ""
    members = tuple(_person(one, begun=begun) for one in team.members)
    return TeamCard(team_words.team(team.number, team.name), note, team.number in found.teams, members)


def _person(one: TeamPerson, *, begun: bool = False) -> tuple[str, str, str]:
    return one.name, one.unit, _("未到") if begun and one.came_at is None else ""
