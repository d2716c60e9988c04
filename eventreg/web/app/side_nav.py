"""The navigation beside the pages of organisers and HR."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _

from eventreg.accounts.rules import Role
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.rules import Intake

from . import current


@dataclass(frozen=True, slots=True)
class NavLink:
    """One link of the side navigation; `here` marks the open page."""

    icon: str
    text: str
    url: str
    here: bool


def organiser_nav(slug: str | None = None, *, draft: bool = False) -> list[NavLink]:
    """The overview, the pages of one campaign, and the pages for administrators only."""
    links = [_link("calendar3", _("总览"), "manage.overview")]
    if slug is not None:
        links.append(_link("info-circle", _("活动设置"), "campaigns.campaign", slug=slug))
    award = slug is not None and campaigns.get_managed(slug).accepts is Intake.NOMINATIONS
    if award:
        links += _of_an_award(slug or "", draft=draft)
    elif slug is not None and not draft:
        links += [
            _link("upload", _("分享"), "sharing.share", slug=slug),
            _link("people", _("报名名单"), "manage.roster", slug=slug),
            _link("calendar3", _("改期和取消"), "moves.move", slug=slug),
            _link("check-circle-fill", _("确认情况"), "confirmations.confirmations", slug=slug),
            _link("lightbulb", _("报名情况"), "figures.figures", slug=slug),
            _link("geo-alt", _("现场"), "day.day", slug=slug),
            _link("printer", _("签到表"), "manage.sign_in_sheet", slug=slug),
            _link("envelope-exclamation", _("通知"), "messages.messages", slug=slug),
            _link("camera", _("签到手机"), "devices.devices", slug=slug),
            _link("people", _("群机器人"), "robots.robots", slug=slug),
        ]
    if slug is not None:
        links += [
            _link("bell", _("提醒"), "reminders.reminders", slug=slug),
            _link("person-plus", _("活动组织者"), "organisers.organisers", slug=slug),
            _link("clock-history", _("办理记录"), "history.campaign", slug=slug),
            _link("hourglass-split", _("个人信息"), "retention.kept", slug=slug),
        ]
    links.append(_link("envelope", _("信件"), "letters.letters"))
    return links + _for_administrators() if Role.ADMINISTRATOR in current.roles() else links


def _of_an_award(slug: str, *, draft: bool) -> list[NavLink]:
    """What an award needs in place of sign-ups and the day."""
    links = [
        _link("hourglass-split", _("评选设置"), "award.settings", slug=slug),
        _link("calendar3", _("时间安排"), "stages.timetable", slug=slug),
        _link("people", _("推荐名额分配表"), "quotas.table", slug=slug),
    ]
    if draft:
        return links
    return [
        *links,
        _link("upload", _("分享"), "sharing.share", slug=slug),
        _link("camera", _("收纸质推荐表"), "paper_receipts.receipts"),
        _link("people", _("推荐名单"), "award_nominations.nominations", slug=slug),
        _link("printer", _("推荐表"), "papers.papers", slug=slug),
        _link("envelope-exclamation", _("通知"), "messages.messages", slug=slug),
        _link("people", _("群机器人"), "robots.robots", slug=slug),
    ]


def review_nav(slug: str | None = None) -> list[NavLink]:
    """The navigation of HR: the list of awards, and the pages of one award."""
    links = [
        _link("calendar3", _("评选"), "screening.awards"),
        _link("camera", _("收纸质推荐表"), "paper_receipts.receipts"),
    ]
    if slug is not None:
        links += [
            _link("people", _("审核"), "screening.nominations", slug=slug),
            _link("info-circle", _("分布和结构"), "report.report", slug=slug),
            _link("hourglass-split", _("名额和延期"), "review_quotas.table", slug=slug),
            _link("lightbulb", _("评选办法和评委会"), "rounds.rules", slug=slug),
        ]
    return links


def _for_administrators() -> list[NavLink]:
    return [
        _link("lightbulb", _("活动季"), "seasons.season"),
        _link("calendar3", _("工作日历"), "working_days.this_year"),
        _link("person-lines-fill", _("人员"), "people.people"),
        _link("upload", _("导入名册"), "roster_import.upload"),
        _link("key", _("接口令牌"), "tokens.tokens"),
        _link("key", _("密钥"), "keys.keys"),
        _link("envelope", _("发信设置"), "mail_settings.mail"),
        _link("people", _("所有活动的群"), "robots.robots"),
    ]


def _link(icon: str, text: str, endpoint: str, slug: str | None = None) -> NavLink:
    here = request.endpoint == endpoint and (request.view_args or {}).get("slug") == slug
    return NavLink(icon, text, url_for(endpoint, slug=slug), here)
