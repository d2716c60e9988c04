"""The papers of the day as sheets to typeset, in the current language: so that dead phones stop nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _

from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.kinds import Hike
from eventreg.campaigns.rules import Intake
from eventreg.config import Settings
from eventreg.core.keyring.keys import Keys
from eventreg.nominations.papers import submitted_terms
from eventreg.registrations import roster, tickets
from eventreg.registrations.roster import RosterLine, RosterSort
from eventreg.registrations.rules import in_groups
from eventreg.reports.typeset import Sheet
from eventreg.venue.teams import reading
from eventreg.venue.walk import results
from eventreg.words import times
from eventreg.words.award import paper_words
from eventreg.words.day import document_words, walk_words

from . import award_papers
from .rules import BADGES_A_PART, LINES_A_PART, DocumentKind

LIST, BADGES = "paper/list.typ", "paper/badges.typ"
Rows = Sequence[Sequence[str]]
Draw = Callable[[str], str]


def kinds_of(campaign: CampaignFacts) -> list[DocumentKind]:
    """The papers that a campaign has something for."""
    if campaign.accepts is not Intake.REGISTRATIONS:
        submitted = submitted_terms.count_submitted(campaign.id)
        return [DocumentKind.BOOKLET, DocumentKind.FORMS] if submitted else []
    found = [DocumentKind.SIGN_IN, DocumentKind.BADGES]
    if reading.contests_of(campaign):
        found.append(DocumentKind.TEAMS)
    if any(isinstance(activity.parameters, Hike) for activity in campaign.activities):
        found.append(DocumentKind.RESULTS)
    return found


def sheets_of(campaign: CampaignFacts, kind: DocumentKind, *, draw: Draw, now: datetime) -> list[Sheet]:
    """The sheets of a paper, each typeset by itself. `draw` makes the SVG of a QR code."""
    return MAKERS[kind](campaign, now, draw)


def file_name(campaign: CampaignFacts, kind: DocumentKind) -> str:
    """The name of the file, without its ending."""
    return f"{campaign.title}-{document_words.kind(str(kind))}"


def _sign_in(campaign: CampaignFacts, now: datetime, _draw: Draw) -> list[Sheet]:
    """Everybody with a place by unit, with room for a signature, and blank lines at the end."""
    lines = roster.list_seated(campaign.id, sort=RosterSort.UNIT)
    heads = document_words.sign_in_heads()
    sheets = []
    for part in _parts(lines, LINES_A_PART):
        rows = [(str(line.arrival), line.name, line.unit, "", "") for line in part]
        blank = [("", "", "", "", "")] * 8
        sheets.append(
            _list(campaign, DocumentKind.SIGN_IN, heads, [("", [*rows, *blank])], (14, 34, 60, 40, 32), now)
        )
    return sheets


def _badges(campaign: CampaignFacts, now: datetime, draw: Draw) -> list[Sheet]:
    """A badge for everybody with a place: name, unit, number, code and QR."""
    lines = roster.list_seated(campaign.id, sort=RosterSort.UNIT)
    settings: Settings = current_app.extensions["eventreg.settings"]
    keys: Keys = current_app.extensions["eventreg.keys"]
    return [
        _badge_sheet(campaign, part, draw, base_url=settings.base_url, keys=keys, now=now)
        for part in _parts(lines, BADGES_A_PART)
    ]


def _badge_sheet(
    campaign: CampaignFacts,
    lines: Iterable[RosterLine],
    draw: Draw,
    *,
    base_url: str,
    keys: Keys,
    now: datetime,
) -> Sheet:
    badges, codes = [], []
    for line in lines:
        held = tickets.find_held(line.id, keys=keys)
        badges.append(
            {
                "name": line.name,
                "unit": line.unit,
                "number": document_words.number(line.arrival),
                "code": in_groups(held.code) if held and held.code else "",
            }
        )
        codes.append(draw(f"{base_url}/t/{held.token}") if held else "")
    return Sheet(BADGES, {"title": campaign.title, "badges": badges}, now, drawing=json.dumps(codes))


def _teams(campaign: CampaignFacts, now: datetime, _draw: Draw) -> list[Sheet]:
    groups: list[tuple[str, Rows]] = []
    for activity in reading.contests_of(campaign):
        found = reading.teams_of(campaign, activity)
        rows = [
            (str(team.number), person.name, person.unit, str(person.arrival), "")
            for team in found.teams
            for person in team.members
        ]
        rows += [("", person.name, person.unit, str(person.arrival), "") for person in found.over]
        groups.append((activity.title, rows))
    heads = document_words.team_heads()
    return [_list(campaign, DocumentKind.TEAMS, heads, groups, (18, 40, 62, 20, 40), now)]


def _results(campaign: CampaignFacts, now: datetime, _draw: Draw) -> list[Sheet]:
    groups: list[tuple[str, Rows]] = []
    for activity in campaign.activities:
        if not isinstance(activity.parameters, Hike):
            continue
        rows = []
        for line in results.list_results(campaign, activity).lines:
            found = line.result
            spans = [
                times.to_second(at.astimezone(campaign.zone)) if at else ""
                for at in (found.start, found.finish)
            ]
            elapsed = "" if found.elapsed_s is None else walk_words.seconds(found.elapsed_s)
            rows.append((line.name, line.unit, *spans, elapsed, walk_words.standing(str(found.standing))))
        groups.append((activity.title, rows))
    heads = document_words.result_heads()
    return [_list(campaign, DocumentKind.RESULTS, heads, groups, (32, 50, 26, 26, 20, 26), now)]


def _parts(lines: list[RosterLine], size: int) -> list[list[RosterLine]]:
    """The lines in parts of this size; one empty part for none."""
    return [lines[at : at + size] for at in range(0, len(lines), size)] or [[]]


def _list(
    campaign: CampaignFacts,
    kind: DocumentKind,
    heads: Sequence[str],
    groups: Iterable[tuple[str, Rows]],
    widths: Sequence[int],
    now: datetime,
) -> Sheet:
    """A list on A4: `widths` of the columns are in millimetres."""
    facts = {
        "title": f"{campaign.title} {document_words.kind(str(kind))}",
        "made": paper_words.made(now.astimezone(campaign.zone)),
        "heads": list(heads),
        "widths": list(widths),
        "groups": [{"name": name, "rows": [list(row) for row in rows]} for name, rows in groups],
        "none": _("还没有内容"),
        "page": paper_words.page_of(),
    }
    return Sheet(LIST, facts, now)


MAKERS: dict[DocumentKind, Callable[[CampaignFacts, datetime, Draw], list[Sheet]]] = {
    DocumentKind.SIGN_IN: _sign_in,
    DocumentKind.BADGES: _badges,
    DocumentKind.TEAMS: _teams,
    DocumentKind.RESULTS: _results,
    DocumentKind.BOOKLET: award_papers.forms,
    DocumentKind.FORMS: award_papers.forms,
}
