"""A letter in its reader's language: from a kind and facts to a subject and lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.rules import Schedule
from eventreg.core.keys import Keys
from eventreg.outbox.service import Claimed
from eventreg.registrations import reading, tickets
from eventreg.registrations.reading import RegistrationFacts
from eventreg.registrations.rules import State, in_groups
from eventreg.words import times

from . import calendar, reminders
from .content import Content as Content
from .content import Stale as Stale


def word(letter: Claimed, *, keys: Keys, base_url: str, now: datetime) -> Content:
    """The letter's content in the language now being spoken.

    Raises Stale when the fact it tells was overtaken (a seat already given up again).
    """
    return KINDS[letter.kind](letter, keys=keys, base_url=base_url, now=now)


def _sign_in_code(letter: Claimed, *, keys: Keys, base_url: str, now: datetime) -> Content:
    expires_at = datetime.fromisoformat(letter.facts["expires_at"])
    if letter.sealed is None or now >= expires_at:
        raise Stale
    code = keys.opened(letter.sealed)
    return Content(
        subject=_("登录验证码 %(code)s", code=code),
        heading=_("你的登录验证码"),
        lines=(
            _("请在要验证码的那个页面输入，10 分钟内有效，换一个浏览器不能用。"),
            _("不是你要的？不用理会，没有这串数字谁也登录不了。"),
        ),
        code=code,
    )


def _registration(letter: Claimed, expected: State) -> tuple[RegistrationFacts, CampaignFacts]:
    if letter.person_id is None:
        raise Stale
    registration = reading.get_own(letter.facts["registration"], letter.person_id)
    if registration.state is not expected:
        raise Stale
    return registration, campaigns.campaigns_by_id({registration.campaign_id})[registration.campaign_id]


def _seated(letter: Claimed, *, keys: Keys, base_url: str, now: datetime) -> Content:
    registration, campaign = _registration(letter, State.SEATED)
    token, code = (find(registration.id, keys=keys) for find in (tickets.find_token, tickets.find_code))
    if letter.kind == "registration_promoted":
        lead = _("前面有人退出，名额按编号递补给了你。不能来，请早一点退出，后面还有人在等。")
        subject = _("轮到你了：%(title)s", title=campaign.title)
        heading = _("轮到你了，名额已经给你")
    else:
        lead = _("到场出示下面的二维码。不能来，请早一点退出，名额会马上给候补的同事。")
        subject = _("已报上：%(title)s", title=campaign.title)
        heading = _("已报上，第 %(n)s 号", n=registration.arrival)
    return Content(
        subject=subject,
        heading=heading,
        lines=(lead,),
        facts=(*_facts(campaign, registration), *([(_("票号"), in_groups(code))] if code else [])),
        action=(_("查看我的票"), f"{base_url}/my/registrations/{registration.id}"),
        qr=f"{base_url}/t/{token}",
        ics=calendar.ics(campaign, registration.id, host=urlsplit(base_url).hostname or "localhost", now=now),
        state="seated",
    )


def _waiting(letter: Claimed, *, keys: Keys, base_url: str, now: datetime) -> Content:
    registration, campaign = _registration(letter, State.WAITING)
    position = times.ordinal(letter.facts["position"])
    return Content(
        subject=_("候补第 %(n)s 位：%(title)s", n=position, title=campaign.title),
        heading=_("候补第 %(n)s 位", n=position),
        lines=(
            _("名额已经报满，你排在候补里，现在还没有名额。"),
            _("有人退出，名额按编号往下递补；轮到你时会再发一封邮件。"),
        ),
        facts=_facts(campaign, registration),
        action=(_("查看候补"), f"{base_url}/my/registrations/{registration.id}"),
        state="waiting",
    )


def _withdrawn(letter: Claimed, *, keys: Keys, base_url: str, now: datetime) -> Content:
    registration, campaign = _registration(letter, State.WITHDRAWN)
    return Content(
        subject=_("已退出：%(title)s", title=campaign.title),
        heading=_("已退出"),
        lines=(_("你的名额没有保留，原来的票不能再用。想再参加，可以重新报名，编号重新排。"),),
        facts=_facts(campaign, registration),
        action=(_("查看活动"), f"{base_url}/campaigns/{campaign.slug}"),
        state="withdrawn",
    )


def _activity_changed(letter: Claimed, *, keys: Keys, base_url: str, now: datetime) -> Content:
    """Another time, place or schedule; overtaken by the next change of the same activity."""
    registration, campaign = _live(letter)
    activity = next((a for a in campaign.activities if a.id == letter.facts["activity"]), None)
    if activity is None or activity.sequence != letter.facts["sequence"]:
        raise Stale
    heading = _change_heading(activity, str(letter.facts["was"]["schedule"]))
    seated = registration.state is State.SEATED
    host = urlsplit(base_url).hostname or "localhost"
    return Content(
        subject=_("%(what)s：%(title)s", what=heading, title=campaign.title),
        heading=heading,
        lines=_change_lines(activity, seated=seated),
        facts=_change_facts(campaign, activity, letter.facts["was"]),
        action=(_("查看我的票") if seated else _("查看候补"), _receipt(base_url, registration)),
        ics=calendar.ics(campaign, registration.id, host=host, now=now) if seated else b"",
        state=str(registration.state),
    )


def _live(letter: Claimed) -> tuple[RegistrationFacts, CampaignFacts]:
    """The registration a letter is about while it counts."""
    if letter.person_id is None:
        raise Stale
    registration = reading.get_own(letter.facts["registration"], letter.person_id)
    if registration.state is State.WITHDRAWN:
        raise Stale
    return registration, campaigns.campaigns_by_id({registration.campaign_id})[registration.campaign_id]


def _receipt(base_url: str, registration: RegistrationFacts) -> str:
    return f"{base_url}/my/registrations/{registration.id}"


def _change_heading(activity: ActivityFacts, was: str) -> str:
    if activity.schedule is Schedule.CANCELLED:
        return _("“%(activity)s”取消", activity=activity.title)
    if activity.schedule is Schedule.CONFIRMED and was == Schedule.TENTATIVE:
        return _("“%(activity)s”的日程已确定", activity=activity.title)
    return _("“%(activity)s”的日程有变", activity=activity.title)


def _change_lines(activity: ActivityFacts, *, seated: bool) -> tuple[str, ...]:
    stays = (
        _("你的报名还在，编号没有变。附件里的日历已经更新，打开就会改掉原来的。")
        if seated
        else _("你还在候补，编号没有变。")
    )
    if activity.schedule is Schedule.CANCELLED:
        return (_("这个项目不办了。"), stays)
    return (stays, _("新的时间来不了，请早一点退出，后面还有人在等。"))


def _change_facts(
    campaign: CampaignFacts, activity: ActivityFacts, was: Mapping[str, Any]
) -> tuple[tuple[str, str], ...]:
    before = datetime.fromisoformat(was["starts_at"]).astimezone(campaign.zone)
    old = times.start(before, time_known=was["time_known"])
    new = times.start(activity.starts_at, time_known=activity.time_known)
    rows = [(_("活动"), campaign.title), (_("项目"), activity.title)]
    if old != new:
        rows.append((_("原来"), old))
    tentative = activity.schedule is Schedule.TENTATIVE
    rows.append((_("时间"), _("%(when)s（暂定）", when=new) if tentative else new))
    rows.append((_("地点"), activity.place or _("另行通知")))
    return tuple(rows)


def _facts(campaign: CampaignFacts, registration: RegistrationFacts) -> tuple[tuple[str, str], ...]:
    rows = [(_("活动"), campaign.title), (_("编号"), _("第 %(n)s 号", n=registration.arrival))]
    if campaign.activities:
        first = campaign.activities[0]
        when = times.start(first.starts_at, time_known=first.time_known)
        tentative = first.schedule is Schedule.TENTATIVE
        rows.append((_("时间"), _("%(when)s（暂定）", when=when) if tentative else when))
        rows.append((_("地点"), first.place or _("另行通知")))
    return tuple(rows)


Writer = Callable[..., Content]

KINDS: dict[str, Writer] = {
    "sign_in_code": _sign_in_code,
    "registration_seated": _seated,
    "registration_promoted": _seated,
    "registration_waiting": _waiting,
    "registration_withdrawn": _withdrawn,
    "activity_changed": _activity_changed,
    **reminders.WRITERS,
}
