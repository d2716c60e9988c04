"""The content of letters about other dates: one letter about all activities that an act changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.rules import ScheduleState
from eventreg.registrations.rules import RegistrationState
from eventreg.words import times

from .content import CalendarFile, LetterContent
from .registration_letters import LetterContext, asked_lines, when_and_where


@dataclass(frozen=True, slots=True)
class ChangedActivity:
    """An activity as it is now, and what it was before (`campaigns.plan.activities.told_of`)."""

    now: ActivityFacts
    was: Mapping[str, Any]


def activity_changed(
    told: LetterContext,
    changed: Sequence[ChangedActivity],
    *,
    note: str = "",
    calendars: tuple[CalendarFile, ...] = (),
) -> LetterContent:
    """Another time, place or schedule of one or several activities; `note` is a sentence of the organiser."""
    called_off = all(part.now.schedule is ScheduleState.CANCELLED for part in changed)
    is_seated = told.registration.state is RegistrationState.SEATED
    change = change_of(changed, event=told.campaign.title)
    titles = _("、").join(part.now.title for part in changed)
    details = "\n".join((*([note] if note else []), *_details(told.campaign, changed, seated=is_seated)))
    subject, lines = told.worded(change=change, activity=titles, details=details)
    facts = (row for part in changed for row in change_facts(told.campaign, part.now, part.was))
    return LetterContent(
        subject=subject,
        heading=change,
        lines=(*lines, *asked_lines(told)),
        facts=tuple(facts),
        action=told.action,
        calendars=calendars,
        state="called_off" if called_off else "changed",
        title=told.campaign.title,
        leaving=told.leaving,
        why=told.why,
    )


def change_of(changed: Sequence[ChangedActivity], *, event: str) -> str:
    """What became of activities, in a sentence. One that is named like its event is not named: the event stands beside."""
    kinds = {_kind_of(part) for part in changed}
    kind = kinds.pop() if len(kinds) == 1 else ScheduleState.MOVED
    if len(changed) > 1:
        titles = _("、").join(part.now.title for part in changed)
        return MANY_CHANGED[kind](titles)
    title = changed[0].now.title
    return EVENT_CHANGED[kind]() if title == event else ONE_CHANGED[kind](title)


EVENT_CHANGED: dict[ScheduleState, Callable[[], str]] = {
    ScheduleState.CANCELLED: lambda: _("活动取消"),
    ScheduleState.CONFIRMED: lambda: _("日程已确定"),
    ScheduleState.MOVED: lambda: _("日程有变"),
}
ONE_CHANGED: dict[ScheduleState, Callable[[str], str]] = {
    ScheduleState.CANCELLED: lambda title: _("“%(activity)s”取消", activity=title),
    ScheduleState.CONFIRMED: lambda title: _("“%(activity)s”的日程已确定", activity=title),
    ScheduleState.MOVED: lambda title: _("“%(activity)s”的日程有变", activity=title),
}
MANY_CHANGED: dict[ScheduleState, Callable[[str], str]] = {
    ScheduleState.CANCELLED: lambda titles: _("取消：%(activities)s", activities=titles),
    ScheduleState.CONFIRMED: lambda titles: _("日程已确定：%(activities)s", activities=titles),
    ScheduleState.MOVED: lambda titles: _("日程有变：%(activities)s", activities=titles),
}


def _kind_of(part: ChangedActivity) -> ScheduleState:
    """Cancelled, confirmed after it was tentative, or moved."""
    if part.now.schedule is ScheduleState.CANCELLED:
        return ScheduleState.CANCELLED
    confirmed = part.now.schedule is ScheduleState.CONFIRMED
    if confirmed and str(part.was["schedule"]) == ScheduleState.TENTATIVE:
        return ScheduleState.CONFIRMED
    return ScheduleState.MOVED


def _details(campaign: CampaignFacts, changed: Sequence[ChangedActivity], *, seated: bool) -> tuple[str, ...]:
    off = [part.now for part in changed if part.now.schedule is ScheduleState.CANCELLED]
    if campaign.called_off:
        return (_("这个项目不办了。"), _("各个项目都取消了，不用到场，也不用自己退出。"))
    stays = (
        _("你的报名还在，编号没有变。附件里的日历已经更新，打开就会改掉原来的。")
        if seated
        else _("你还在候补，编号没有变。")
    )
    if len(off) == len(changed) == 1:
        return (_("这个项目不办了。"), stays)
    if off:
        return (_("不办了：%(activities)s。", activities=_("、").join(a.title for a in off)), stays)
    return (stays,)


def change_facts(
    campaign: CampaignFacts, activity: ActivityFacts, was: Mapping[str, Any]
) -> tuple[tuple[str, str], ...]:
    """The old and the new time and place."""
    before = datetime.fromisoformat(was["starts_at"]).astimezone(campaign.zone)
    old = times.start(before, time_known=was["time_known"])
    rows = [(_("项目"), activity.title)]
    if was.get("title", activity.title) != activity.title:
        rows.append((_("原来的名称"), was["title"]))
    if old != times.start(activity.starts_at, time_known=activity.time_known):
        rows.append((_("原来"), old))
    when, where = when_and_where(activity)
    return (*rows, (_("时间"), when), (_("地点"), where))
