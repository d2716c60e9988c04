"""View models of nominations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from eventreg.campaigns.facts import CampaignFacts
from eventreg.nominations.completeness import is_personal
from eventreg.nominations.drafts import SaveResult
from eventreg.nominations.quotas import QuotaLine
from eventreg.nominations.reading import NominationFacts, SavedVersion
from eventreg.nominations.rules import (
    CONDITIONS,
    NominationContent,
    NominationState,
    Terms,
    closes_at,
    figure,
)
from eventreg.nominations.wordcount import count
from eventreg.people import service as people
from eventreg.reports import department_choice
from eventreg.words import times
from eventreg.words.award import award_words


@dataclass(frozen=True, slots=True)
class DepartmentAward:
    """An award for one department: its deadline, its quota, and what the department may do now."""

    slug: str
    title: str
    lang: str
    unit: str
    opens_at: datetime
    closes_at: datetime
    upcoming: bool
    closed: bool
    places: int
    filled: int
    remaining: int
    new_url: str
    sheet_url: str
    summary_url: str
    lines: tuple[NominationLine, ...]


@dataclass(frozen=True, slots=True)
class NominationLine:
    """A nomination in its department's list; `up_url` moves it up in the order of preference."""

    name: str
    state: tuple[str, str]
    said: str
    url: str
    up_url: str | None


@dataclass(frozen=True, slots=True)
class TextCounter:
    """The length of a text: the count that is checked, how much is missing, and all three counts."""

    figure: int
    least: int
    most: int
    counted: str
    unit: str
    look: str
    say: str
    figures: str


@dataclass(frozen=True, slots=True)
class NominationView:
    """One nomination on its page."""

    name: str
    unit: str
    staff_no: str
    draft: bool
    writable: bool
    submitted: bool
    after: str
    newer: bool
    decided: tuple[str, ...]
    standing: tuple[tuple[str, str], ...]
    corrections: tuple[tuple[str, str], ...]
    submitted_at: datetime | None
    state: tuple[str, str]
    saved_at: datetime
    url: str
    autosave_url: str
    files_url: str
    withdraw_url: str
    told: tuple[tuple[str, str], ...]
    deeds: str
    passed_on: tuple[str, datetime] | None
    personal: bool


@dataclass(frozen=True, slots=True)
class OtherVersion:
    """A version that somebody else saved meanwhile, for comparison."""

    by: str
    at: datetime
    told: tuple[tuple[str, str], ...]
    deeds: str


def department_award(
    campaign: CampaignFacts,
    line: QuotaLine,
    lines: Sequence[NominationFacts],
    *,
    now: datetime,
    due_at: datetime | None = None,
) -> DepartmentAward:
    """An award for a department with its nominations in order of preference; `due_at` is the date until which a returned
    nomination may be submitted again."""
    until = max(closes_at(campaign.window, line.extended_until), due_at or campaign.closes_at)
    until = until.astimezone(campaign.zone)
    return DepartmentAward(
        slug=campaign.slug,
        title=campaign.title,
        lang=campaign.lang,
        unit=line.unit,
        opens_at=campaign.opens_at,
        closes_at=until,
        upcoming=now < campaign.opens_at,
        closed=now >= until,
        places=line.places,
        filled=line.filled,
        remaining=line.remaining,
        new_url=url_for("nominations.pick", slug=campaign.slug, unit_id=line.unit_id),
        sheet_url=url_for("department_papers.summary_sheet", slug=campaign.slug, unit_id=line.unit_id),
        summary_url=url_for("department_papers.summary_pdf", slug=campaign.slug, unit_id=line.unit_id),
        lines=tuple(_line(found, campaign, n if now < until else 0) for n, found in enumerate(lines)),
    )


def counter(content: NominationContent, asks: Terms) -> TextCounter:
    """The counts of the deeds text."""
    counted = count(content.deeds)
    written, by = figure(counted, asks.counted), str(asks.counted)
    look = "short" if written < asks.least else "over" if written > asks.most else "full"
    return TextCounter(
        figure=written,
        least=asks.least,
        most=asks.most,
        counted=by,
        unit=award_words.unit_of(by),
        look=look,
        say=award_words.standing(written, least=asks.least, most=asks.most, counted=by),
        figures=award_words.figures(counted.zishu, counted.han, counted.characters),
    )


@dataclass(frozen=True, slots=True)
class NominationResponses:
    """Responses to a nomination: decisions, signature, consents, and the nominee's corrections."""

    decided: tuple[str, ...] = ()
    standing: tuple[tuple[str, str], ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()


NOTHING = NominationResponses()


def nominated(
    found: NominationFacts,
    saved: SavedVersion,
    asks: Terms,
    campaign: CampaignFacts,
    *,
    writable: bool = True,
    beside: NominationResponses = NOTHING,
) -> NominationView:
    """A nomination with its content, for reading or writing."""
    at = found.submitted_at.astimezone(campaign.zone) if found.submitted_at else None
    return NominationView(
        name=found.nominee.name,
        unit=found.nominee.unit,
        staff_no=found.nominee.staff_no,
        draft=found.state is NominationState.DRAFT,
        writable=writable,
        submitted=at is not None,
        after=award_words.after(str(found.state), writable=writable),
        newer=at is not None and found.version != found.handed_in,
        decided=beside.decided,
        standing=beside.standing,
        corrections=beside.corrections,
        submitted_at=at,
        state=award_words.state(str(found.state)),
        saved_at=saved.at.astimezone(campaign.zone),
        url=url_for("drafting.nomination", nomination_id=found.id),
        autosave_url=url_for("drafting.autosave", nomination_id=found.id),
        files_url=url_for("materials.papers", nomination_id=found.id),
        withdraw_url=url_for("nominations.withdraw", nomination_id=found.id),
        told=told(saved.content, asks),
        deeds=saved.content.deeds,
        passed_on=_passed_on(found, campaign),
        personal=is_personal(saved.content.deeds),
    )


def other(saved: SavedVersion, asks: Terms, campaign: CampaignFacts) -> OtherVersion:
    """A version that somebody else or another page saved."""
    by = people.person_facts(saved.by).name
    return OtherVersion(
        by, saved.at.astimezone(campaign.zone), told(saved.content, asks), saved.content.deeds
    )


def autosaved(
    verdict: SaveResult, campaign: CampaignFacts, *, now: datetime
) -> tuple[dict[str, object], int]:
    """The answer to automatic saving: the new version, or that somebody else saved one meanwhile."""
    if verdict.other:
        return {"code": "nomination.conflict", "version": verdict.version}, 409
    return {"version": verdict.version, "at": f"{now.astimezone(campaign.zone):%H:%M:%S}"}, 200


def told(content: NominationContent, asks: Terms) -> tuple[tuple[str, str], ...]:
    """The answers of a content as (label, answer), without empty ones and the deeds text."""
    said = [(award_words.field(key), content.says(key)) for key in asks.asked]
    ticked = "\n".join(award_words.CONDITIONS[code]() for code in CONDITIONS if code in content.ticked)
    way = department_choice.way_chosen(content)
    said += [
        (label, answer)
        for label, answer in zip(award_words.parts(), _parts(content, ticked, way), strict=True)
    ]
    said.append((_("部门内公示"), department_choice.own_notice(content)))
    return tuple((label, answer) for label, answer in said if answer)


def _passed_on(found: NominationFacts, campaign: CampaignFacts) -> tuple[str, datetime] | None:
    """Who proposed the nominee ("" for themselves), and when it was passed on to the department."""
    if found.passed_on_at is None:
        return None
    by = "" if found.made_by == found.nominee.id else people.person_facts(found.made_by).name
    return by, found.passed_on_at.astimezone(campaign.zone)


def _parts(content: NominationContent, ticked: str, way: str) -> tuple[str, ...]:
    on = times.date_typed(content.says("chosen_on"))
    return ticked, way, on, department_choice.attendance(content), content.says("short")


def _line(found: NominationFacts, campaign: CampaignFacts, place: int) -> NominationLine:
    at = found.submitted_at or found.made_at
    said = times.moment(at.astimezone(campaign.zone))
    if found.counted:
        counted = found.counted
        said = f"{said} {award_words.figures(counted.zishu, counted.han, counted.characters)}"
    return NominationLine(
        name=found.nominee.name,
        state=award_words.state(str(found.state)),
        said=said,
        url=url_for("drafting.nomination", nomination_id=found.id),
        up_url=url_for("nominations.prefer", nomination_id=found.id) if place else None,
    )
