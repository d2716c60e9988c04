"""The day at the venue: where its pages are, and its check points."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from eventreg.campaigns.check_points import service as check_points
from eventreg.campaigns.check_points.rules import STANDARD
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.kinds import Contest, Hike
from eventreg.core.db.session import unit_of_work
from eventreg.venue import attendance, devices
from eventreg.venue.attendance import AttendanceCount
from eventreg.web.app import current
from eventreg.web.app.side_nav import organiser_nav
from eventreg.web.app.view_types import Page
from eventreg.web.forms.plain_form import saying_at
from eventreg.web.organiser import organiser_scope
from eventreg.words import venue_words

from .forms import CheckPointForm, check_point_form

bp = Blueprint("day", __name__)


@dataclass(frozen=True, slots=True)
class DayLink:
    """A page of the day: its name and what it is for."""

    icon: str
    title: str
    text: str
    url: str


@bp.get("/manage/campaigns/<slug>/day")
def day(slug: str) -> str:
    """Show the pages of the day and the check points."""
    campaign = organiser_scope.get_published(slug)
    return _page(campaign, check_point_form(campaign))


@bp.post("/manage/campaigns/<slug>/day")
def change(slug: str) -> Page:
    """Add a check point, or take one away that nobody uses."""
    campaign = organiser_scope.get_published(slug)
    form = check_point_form(campaign)
    code = request.form.get("remove")
    with saying_at(form, "name"), unit_of_work():
        if code:
            used = devices.is_point_used(campaign.id, code)
            check_points.remove(campaign.id, code, in_use=used, actor=current.actor())
        else:
            name, role, activity_id = form.read()
            check_points.add(campaign.id, name, role, activity_id=activity_id, actor=current.actor())
    if form.errors:
        return _page(campaign, form), 422
    return redirect(url_for("day.day", slug=slug), 303)


def _links(campaign: CampaignFacts) -> list[DayLink]:
    """The pages of the day in the order in which they are needed."""
    slug, kinds = campaign.slug, [type(activity.parameters) for activity in campaign.activities]
    found = [
        ("printer", _("当天材料"), _("签到表、胸牌、分组表，前一天打印"), "papers.papers"),
        ("camera", _("签到手机"), _("用自己的手机扫码，没有网络也行"), "devices.devices"),
        ("people", _("谁到了"), _("按单位看谁没到，可以打电话"), "presence.presence"),
        ("lightbulb", _("大屏幕"), _("到场、计时、成绩，也可以扫屏幕签到"), "screens.screens"),
        ("cloud-slash", _("没联网时的记录"), _("导入手机里的文件，看对不上的"), "offline.offline"),
    ]
    if Hike in kinds:
        found.append(("hourglass-split", _("徒步"), _("一起出发、还没回来、成绩和更正"), "walk.hike"))
    if Contest in kinds:
        found.append(("people", _("分组"), _("编组、抽签、起点补人、记成绩"), "teams.teams"))
    if Hike in kinds or Contest in kinds:
        found.append(("music-note-beamed", _("节目单"), _("谁要表演、演了没有"), "programme.forfeits"))
    return [DayLink(icon, title, text, url_for(page, slug=slug)) for icon, title, text, page in found]


def _page(campaign: CampaignFacts, form: CheckPointForm) -> str:
    standard = {point.code for point in STANDARD}
    titles = {activity.id: activity.title for activity in campaign.activities}
    return render_template(
        "organiser/day/day.html",
        side_nav=organiser_nav(campaign.slug),
        c=campaign,
        came=attendance.count_people([campaign.id]).get(campaign.id, AttendanceCount()),
        links=_links(campaign),
        form=form,
        points=[
            {
                "code": point.code,
                "name": venue_words.point(point.code, point.name),
                "role": venue_words.role(str(point.role)),
                "activity": titles.get(point.activity_id or 0, ""),
                "count": devices.count_admitted(campaign.id, point.code),
                "removable": point.code not in standard,
            }
            for point in check_points.offered(campaign)
        ],
    )
