"""Letters to the organisers of a campaign, and to contacts about their units and colleagues."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from flask_babel import gettext as _

from eventreg.campaigns import service as campaigns
from eventreg.core.keyring.keys import Keys
from eventreg.outbox.service import ClaimedLetter
from eventreg.privacy.retention import removal_notices
from eventreg.privacy.retention import service as retention
from eventreg.privacy.retention.rules import DueDate
from eventreg.registrations.confirming import overview
from eventreg.registrations.minimums.rules import least_of
from eventreg.season import minimums
from eventreg.words import times
from eventreg.words.operations import retention_words

from .content import LetterContent, StaleLetter
from .registration_letters import when_and_where


def _leavers_gave_up(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    """How many registrations ended because their people left, and how many people moved up."""
    campaign = campaigns.campaign_by_id(letter.facts["campaign"])
    ended, seated = letter.facts["ended"], letter.facts["seated"]
    return LetterContent(
        subject=_("有人离职，报名已让出：%(title)s", title=campaign.title),
        heading=_("名册里离职的人，报名已让出"),
        lines=(
            _(
                "名册把他们记为离职，他们的名额和候补都已让出。一天以内改回在职、名额还空着的，会照原来的编号恢复。"
            ),
        ),
        facts=(
            (_("活动"), campaign.title),
            (_("让出"), _("%(n)s 份报名", n=ended)),
            (_("递补"), _("%(n)s 人", n=seated)),
        ),
        action=(_("查看报名名单"), f"{base_url}/manage/campaigns/{campaign.slug}/roster"),
    )


def _unit_short(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    """Which units of a contact are short, and by how many women; stale once none is."""
    campaign = campaigns.campaign_by_id(letter.facts["campaign"])
    short = minimums.short_of_contact(campaign, letter.person_id or 0, now=now)
    if not short or now >= campaign.begins_at:
        raise StaleLetter
    least = least_of(campaign)
    missing = [(line.path, _("还差 %(n)s 人", n=line.need.missing)) for line in short]
    return LetterContent(
        subject=_("还差人：%(title)s", title=campaign.title),
        heading=_("你联系的班组，人数还不够"),
        lines=(
            _(
                "这项活动每个班组至少 %(n)s 名女职工参加。请问问班组里的女职工，或者在本系统里替她们报名。",
                n=least,
            ),
            _("确实不能参加的，请告诉组织者。"),
        ),
        facts=((_("活动"), campaign.title), *missing),
        action=(_("替同事报名"), f"{base_url}/unit/sign-ups/{campaign.slug}"),
        state="waiting",
        title=campaign.title,
        why=_("你收到这封信，是因为你是这些班组的联系人。"),
    )


def _colleagues_unreached(
    letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime
) -> LetterContent:
    """The colleagues of a contact's unit who do not know that they have to confirm; stale once all of them answered."""
    campaign = campaigns.campaign_by_id(letter.facts["campaign"])
    asked = {registration_id for registration_id, _at in letter.facts["asked"]}
    silent = [line for line in overview.list_open(campaign, now=now) if line.registration_id in asked]
    if not silent or now >= campaign.begins_at:
        raise StaleLetter
    until = times.deadline(max(line.confirm_by for line in silent).astimezone(campaign.zone))
    names = _("、").join(line.name for line in silent)
    when, where = when_and_where(campaign.first) if campaign.first else ("", "")
    return LetterContent(
        subject=_("请转告同事：%(title)s", title=campaign.title),
        heading=_("请转告下面的同事"),
        lines=(
            _("他们报上了名，但是邮件没有送到，不知道要确认能不能来。请当面转告，请他们登录本网站确认。"),
            _("上不了网的，请把回答告诉组织者，由组织者代为确认。没有回音的，名额仍然保留。"),
        ),
        facts=(
            (_("同事"), names),
            (_("活动"), campaign.title),
            (_("时间"), when),
            (_("地点"), where),
            (_("请在此前确认"), until),
        ),
        action=(_("查看活动"), f"{base_url}/campaigns/{campaign.slug}"),
    )


def _removal_soon(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    """Which personal data are removed in a week, and what to fetch before; stale once the date was moved or has come."""
    campaign, due = campaigns.campaign_by_id(letter.facts["campaign"]), letter.facts["due"]
    last = date.fromisoformat(letter.facts["last"])
    end = campaign.archive_until if due == DueDate.ARCHIVE else campaign.retain_until
    if last != end or last < now.astimezone(campaign.zone).date():
        raise StaleLetter
    parts = retention.facts_of(campaign.id).parts if due == DueDate.RETAIN else {"record": 0}
    names = [retention_words.part(code) for code in retention_words.PARTS if code in parts]
    day = times.date_full(last)
    return LetterContent(
        subject=_("个人信息快要删除：%(title)s", title=campaign.title),
        heading=_("%(day)s 以后，这些个人信息会删除", day=day),
        lines=(_("要留的名单和材料，请在这以前导出。要多留几天，在活动页里改日期，并且告诉参加的人。"),),
        facts=((_("活动"), campaign.title), (_("会删除"), _("；").join(names)), (_("最后一天"), day)),
        action=(_("看看会删除什么"), f"{base_url}/manage/campaigns/{campaign.slug}/retention"),
        state="waiting",
        title=campaign.title,
    )


WRITERS: dict[str, Callable[..., LetterContent]] = {
    "leavers_gave_up": _leavers_gave_up,
    minimums.KIND: _unit_short,
    removal_notices.KIND: _removal_soon,
    "colleagues_unreached": _colleagues_unreached,
}
