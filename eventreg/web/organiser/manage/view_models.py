"""View models of the organiser's overview and roster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from eventreg.campaigns.facts import CampaignFacts, QuestionFacts
from eventreg.campaigns.rules import CampaignStage, Intake, ScheduleState, stage_of
from eventreg.registrations.roster import RosterFilter, RosterLine, RosterListing, RosterSort
from eventreg.registrations.rules import RegistrationState
from eventreg.venue.attendance import Attendance, AttendanceCount, Visit
from eventreg.web.employee.public.view_models import when_words
from eventreg.words import plan_words, times, venue_words
from eventreg.words.sign_up import question_words


@dataclass(frozen=True, slots=True)
class ManagedCampaign:
    """A campaign in the organiser's overview; `capacity` None means no bound.

    `present` says how many came, "" before its first day while nobody was scanned in.
    """

    slug: str
    title: str
    lang: str
    when: str
    place: str
    tentative: bool
    closes_at: datetime
    stage: str
    stage_word: str
    nominations: bool
    taken: int
    capacity: int | None
    waiting: int
    present: str
    plan_url: str
    roster_url: str | None
    sheet_url: str | None
    devices_url: str | None
    entry_url: str | None


@dataclass(frozen=True, slots=True)
class RosterRowView:
    """One line of the roster; `answers` stand in the order of the questions, `visits` in order of time."""

    arrival: int
    name: str
    unit: str
    state: str
    at: str
    answers: tuple[str, ...]
    visits: tuple[str, ...]
    history_url: str
    ticket_url: str | None
    answers_url: str | None
    removal_url: str | None


@dataclass(frozen=True, slots=True)
class RosterPager:
    """The range of lines that is shown, the number of all, and the links to the other pages."""

    first: int
    last: int
    found: int
    number: int
    pages: int
    before_url: str | None
    after_url: str | None


def camp(
    campaign: CampaignFacts, *, now: datetime, attendance: AttendanceCount | None = None
) -> ManagedCampaign:
    """A campaign in words."""
    first = campaign.first
    total, slug = campaign.total, campaign.slug
    stage = stage_of(campaign.window, total, ends_at=campaign.ends_at, now=now)
    nominations, draft = campaign.accepts is Intake.NOMINATIONS, stage is CampaignStage.DRAFT
    return ManagedCampaign(
        slug=slug,
        title=campaign.title,
        lang=campaign.lang,
        when=when_words(campaign),
        place=places_words(campaign),
        tentative=first is not None and first.schedule is ScheduleState.TENTATIVE,
        closes_at=campaign.closes_at,
        stage=str(stage),
        stage_word=plan_words.stage(
            str(stage),
            nominations=nominations,
            early=campaign.closed_early,
            called_off=campaign.called_off,
        ),
        nominations=nominations,
        taken=total.taken if total else campaign.last_arrival,
        capacity=total.places if total else None,
        waiting=campaign.waiting,
        present=present(campaign, attendance, now=now),
        plan_url=url_for("campaigns.campaign", slug=slug),
        roster_url=None if draft else url_for("manage.roster", slug=slug),
        sheet_url=None if draft else url_for("manage.sign_in_sheet", slug=slug),
        devices_url=None if draft else url_for("devices.devices", slug=slug),
        entry_url=None if draft or nominations else url_for("by_hand.entry", slug=slug),
    )


def figures(campaign: CampaignFacts, seated: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """What an organiser asks first: who has a place, by gender, and who waits."""
    return (
        (_("已报上"), sum(seated.values())),
        (_("候补"), campaign.waiting),
        (_("其中女职工"), seated.get("female", 0)),
        (_("其中男职工"), seated.get("male", 0)),
    )


def places_words(campaign: CampaignFacts) -> str:
    """Where the activities that take place are, each place once; empty if none is known."""
    held = [a for a in campaign.activities if a.schedule is not ScheduleState.CANCELLED]
    return _("、").join(dict.fromkeys(a.place for a in held if a.place))


def present(campaign: CampaignFacts, attendance: AttendanceCount | None, *, now: datetime) -> str:
    """How many came, from the first day on or as soon as somebody was scanned in; else ""."""
    if attendance is None or campaign.accepts is Intake.NOMINATIONS:
        return ""
    first_day = min((activity.starts_at.date() for activity in campaign.activities), default=None)
    begun = first_day is not None and now.astimezone(campaign.zone).date() >= first_day
    if not (begun or attendance.present):
        return ""
    return venue_words.present(attendance.present, seated=attendance.seated)


def visit(found: Visit, campaign: CampaignFacts) -> str:
    """A visit in words, with its day if that is not a day of the campaign."""
    at = found.at.astimezone(campaign.zone)
    on_a_day = at.date() in {activity.starts_at.date() for activity in campaign.activities}
    said = times.clock(at) if on_a_day else times.moment(at)
    return venue_words.visit(
        point_name=venue_words.point(found.check_point, found.point_name), at=said, door=found.door
    )


def row(
    line: RosterLine,
    campaign: CampaignFacts,
    questions: Sequence[QuestionFacts],
    visits: Sequence[Visit] = (),
) -> RosterRowView:
    """A line with its time to the second, because people may dispute the order."""
    at = line.registered_at.astimezone(campaign.zone)
    answers = tuple(question_words.answer(q, line.answers.get(q.key, "")) for q in questions)
    history_url = url_for("history.registration", slug=campaign.slug, registration_id=line.id)
    said, here = f"{times.moment(at)}:{at:%S}", dict[str, Any](slug=campaign.slug, registration_id=line.id)
    ticket_url = url_for("tickets.ticket", **here) if line.state is RegistrationState.SEATED else None
    live = line.state is not RegistrationState.WITHDRAWN
    removal_url = url_for("removals.removal", **here) if live else None
    answers_url = url_for("by_hand.answers", **here) if live else None
    state = str(line.state)
    came = tuple(visit(found, campaign) for found in visits)
    return RosterRowView(
        line.arrival,
        line.name,
        line.unit,
        state,
        said,
        answers,
        came,
        history_url,
        ticket_url,
        answers_url,
        removal_url,
    )


def pager(
    slug: str, page: RosterListing, wanted: RosterFilter, sort: RosterSort, came: Attendance | None
) -> RosterPager:
    """The links to other pages; they keep the filters."""
    chosen: dict[str, Any] = {
        "state": str(wanted.state) if wanted.state else None,
        "unit": wanted.unit_id,
        "q": wanted.text or None,
        "came": str(came) if came else None,
        "sort": None if sort is RosterSort.ARRIVAL else str(sort),
    }

    def url(number: int) -> str | None:
        there_is = 1 <= number <= page.pages
        return url_for("manage.roster", slug=slug, page=number, **chosen) if there_is else None

    first = (page.number - 1) * len(page.lines) if page.number < page.pages else page.found - len(page.lines)
    return RosterPager(
        first=first + 1 if page.lines else 0,
        last=first + len(page.lines),
        found=page.found,
        number=page.number,
        pages=page.pages,
        before_url=url(page.number - 1),
        after_url=url(page.number + 1),
    )
