"""The organiser's overview, and the roster of a campaign with its sign-in sheet and workbook."""

from __future__ import annotations

from typing import BinaryIO

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.plan.attention import attention
from eventreg.core.db.session import unit_of_work
from eventreg.people import service as people
from eventreg.registrations import roster as registered
from eventreg.registrations.confirming import overview as overviews
from eventreg.registrations.roster import RosterFilter, RosterSort
from eventreg.registrations.rules import RegistrationState
from eventreg.reports import roster_sheet
from eventreg.venue import attendance
from eventreg.venue import devices as venue
from eventreg.venue.attendance import Attendance
from eventreg.web.admin.pausing import views as pausing
from eventreg.web.app import current
from eventreg.web.app.attachments import workbook
from eventreg.web.app.numbers import whole_number
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.organiser import organiser_scope
from eventreg.web.organiser.campaigns import matters
from eventreg.words.registration_words import asked_label

from . import view_models

bp = Blueprint("manage", __name__)

TEXT_MOST = 80
BLANK_ROWS = 10  # for people who come without a place
SHEET_SORTS = (RosterSort.ARRIVAL, RosterSort.NAME, RosterSort.STROKES)


@bp.get("/manage")
def overview() -> str:
    """Show what needs attention today, and the visitor's campaigns: stage, taken places, people waiting."""
    found, now = campaigns.list_managed(organiser_scope.campaign_ids()), current.now()
    ids = [c.id for c in found]
    unreached = overviews.count_to_ask(found, now=now)
    devices, came = venue.count_by_campaign(ids, now=now), attendance.count_people(ids)
    return render_template(
        "organiser/manage/overview.html",
        season=campaigns.find_season(),
        alone=not found and people.count_people() <= 1,
        matters=[matters.matter(a) for a in attention(found, devices=devices, unreached=unreached, now=now)],
        campaigns=[view_models.camp(c, now=now, attendance=came.get(c.id)) for c in found],
        paused=pausing.find_shown(),
        in_files=not current.settings().smtp_url,
        side_nav=organiser_nav(),
    )


@bp.get("/manage/campaigns/<slug>/roster")
def roster(slug: str) -> str:
    """List who signed up and who came: filtered, sorted, 50 a page. Reads only."""
    campaign = organiser_scope.get_campaign(slug)
    wanted, sort, came = _wanted(request.args), _sort(request.args), _came(request.args)
    number = whole_number(request.args.get("page"))
    page = registered.page_of(campaign.id, attendance.narrowed(wanted, came), sort=sort, number=number)
    questions = campaigns.entry_for(campaign).answered
    visits = attendance.list_visits([line.id for line in page.lines])
    present = attendance.count_people([campaign.id]).get(campaign.id)
    return render_template(
        "organiser/manage/roster.html",
        c=view_models.camp(campaign, now=current.now(), attendance=present),
        counts=registered.counts_of(campaign.id),
        units=registered.units_of(campaign.id),
        wanted=wanted,
        came=came,
        sort=str(sort),
        heads=[asked_label(question) for question in questions],
        rows=[view_models.row(line, campaign, questions, visits.get(line.id, ())) for line in page.lines],
        page=view_models.pager(slug, page, wanted, sort, came),
        side_nav=organiser_nav(slug, draft=not campaign.published),
    )


@bp.post("/manage/campaigns/<slug>/roster.xlsx")
def export(slug: str) -> Response:
    """Send the filtered and sorted lines as a workbook; the export is recorded before it is sent."""
    campaign = organiser_scope.get_campaign(slug)
    questions = campaigns.entry_for(campaign).answered
    wanted = attendance.narrowed(_wanted(request.form), _came(request.form))
    sort = _sort(request.form)

    def write(file: BinaryIO) -> None:
        count = roster_sheet.write_roster(file, campaign, questions, wanted, sort=sort)
        with unit_of_work():
            roster_sheet.note_export(campaign.id, count, actor=current.actor())

    return workbook(write, name=_("%(title)s 报名名单", title=campaign.title))


@bp.get("/manage/campaigns/<slug>/sign-in-sheet")
def sign_in_sheet(slug: str) -> str:
    """Show everybody who has a place, with room for a signature, to be printed."""
    campaign = organiser_scope.get_campaign(slug)
    wish = _sort(request.args)
    sort = wish if wish in SHEET_SORTS else RosterSort.ARRIVAL
    others = [other for other in SHEET_SORTS if other is not sort]
    return render_template(
        "organiser/manage/sign_in_sheet.html",
        c=view_models.camp(campaign, now=current.now()),
        lines=registered.list_seated(campaign.id, sort=sort),
        blank=BLANK_ROWS,
        others=[(str(o), url_for("manage.sign_in_sheet", slug=slug, sort=str(o))) for o in others],
        side_nav=organiser_nav(slug, draft=not campaign.published),
    )


def _wanted(typed: MultiDict[str, str]) -> RosterFilter:
    """The filters; a value that the form does not offer counts as not chosen."""
    state, unit = typed.get("state", ""), whole_number(typed.get("unit"))
    text = typed.get("q", "").strip()[:TEXT_MOST]
    return RosterFilter(
        RegistrationState(state) if state in list(RegistrationState) else None, unit or None, text
    )


def _came(typed: MultiDict[str, str]) -> Attendance | None:
    wish = typed.get("came", "")
    return Attendance(wish) if wish in list(Attendance) else None


def _sort(typed: MultiDict[str, str]) -> RosterSort:
    wish = typed.get("sort", "")
    return RosterSort(wish) if wish in list(RosterSort) else RosterSort.ARRIVAL
