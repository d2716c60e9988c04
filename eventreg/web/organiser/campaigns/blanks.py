"""Blanks that a campaign can start from, in the language of the organiser."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from eventreg.campaigns import kinds
from eventreg.campaigns.facts import SeasonFacts
from eventreg.campaigns.inputs import NewActivity, NewCampaign, NewQuestion
from eventreg.campaigns.kinds import ActivityKind, Blank, Plain
from eventreg.campaigns.plan.first_facts import CLOSES, DAYS_TO_DECIDE
from eventreg.campaigns.plan.prefilled import Prefilled
from eventreg.campaigns.rules import Intake, ScheduleState
from eventreg.core.msgids import N_
from eventreg.words import locale
from eventreg.words.kind_words import translated

DAYS_TO_NOMINATE = 9  # before the day: judging takes place between
DAYS_KEPT = 90  # after the day


OF_AN_AWARD = (Prefilled.RULES, Prefilled.DEADLINE, Prefilled.AUDIENCE)


class MakeCampaign(Protocol):
    """Makes the campaign of a blank in this season."""

    def __call__(self, season: SeasonFacts, zone: ZoneInfo, *, slug: str, title: str) -> NewCampaign: ...


@dataclass(frozen=True, slots=True)
class OfferedBlank:
    """A blank in the form; `title` and `text` are message ids."""

    title: str
    text: str
    make: MakeCampaign


def list_blanks() -> dict[str, OfferedBlank]:
    """The blanks by code, in the order of the form: the plain one, the outing, one for each kind with a blank, the award."""
    own = {
        kind.code: OfferedBlank(kind.blank.title, kind.blank.text, partial(_of_kind, kind, kind.blank))
        for kind in kinds.list_kinds()
        if kind.blank is not None
    }
    outing = OfferedBlank(N_("空白的户外活动"), N_("徒步和分组比赛，30 个名额"), _outing)
    award = OfferedBlank(N_("空白的评选"), N_("由部门推荐，评出 10 位"), _award)
    plain = own.pop("plain")
    return {"plain": plain, "outing": outing, **own, "award": award}


def _outing(season: SeasonFacts, zone: ZoneInfo, *, slug: str, title: str) -> NewCampaign:
    """A walk and a contest of teams with one sign-up for thirty places."""
    day = datetime.combine(season.day, time(), zone)
    activities = tuple(_tentative(code, day) for code in ("hike", "contest"))
    return _blank(season, zone, activities, slug=slug, title=title, capacity=30)


def _of_kind(
    kind: ActivityKind[Any], blank: Blank, season: SeasonFacts, zone: ZoneInfo, *, slug: str, title: str
) -> NewCampaign:
    """One activity of a kind, at the hours of its blank."""
    start = datetime.combine(season.day, blank.starts, zone)
    activity = _activity(kind, start, start + blank.lasts, time_known=True)
    if kind.parameters is Plain:  # of no kind that could name it
        activity = replace(activity, title=title)
    return _blank(season, zone, (activity,), slug=slug, title=title, capacity=blank.capacity)


def _award(season: SeasonFacts, zone: ZoneInfo, *, slug: str, title: str) -> NewCampaign:
    """An award for which departments nominate; judging begins when nominations close."""
    closes_at = datetime.combine(season.day - timedelta(days=DAYS_TO_NOMINATE), time(), zone)
    activity = _activity(kinds.kind_of("award"), closes_at, closes_at, schedule=ScheduleState.CONFIRMED)
    blank = _blank(season, zone, (activity,), slug=slug, title=title, capacity=None)
    audience = _("在职女职工，由所在部门推荐")
    return replace(
        blank,
        accepts=Intake.NOMINATIONS,
        closes_at=closes_at,
        questions=(),
        audience=audience,
        defaults=OF_AN_AWARD,
    )


def notice(season: SeasonFacts) -> tuple[str, ...]:
    """The initial privacy notice, which the organiser reviews (PIPL art. 17)."""
    return (
        _("处理者：%(owner)s。用途：安排活动和分组、当天签到、有变动时联系你。", owner=season.owner),
        _("收集：姓名、性别、单位，和你在报名表里填的内容。不收集身份证号。到期删除。"),
        _("你可以随时向%(owner)s要求查看、更正、导出或者删除；撤回同意等于退出活动。", owner=season.owner),
    )


def _blank(
    season: SeasonFacts,
    zone: ZoneInfo,
    activities: tuple[NewActivity, ...],
    *,
    slug: str,
    title: str,
    capacity: int | None,
) -> NewCampaign:
    return NewCampaign(
        slug=slug,
        title=title,
        intro="",
        audience=_("全体职工"),
        accepts=Intake.REGISTRATIONS,
        closes_at=datetime.combine(season.day - timedelta(days=DAYS_TO_DECIDE), CLOSES, zone),
        retain_until=season.day + timedelta(days=DAYS_KEPT),
        defaults=tuple(Prefilled),
        capacity=capacity,
        questions=(
            NewQuestion("phone", "phone", _("手机号"), _("只用于当天联系，11 位数字")),
            NewQuestion("remark", "paragraph", _("备注"), _("例如饮食或行动上需要照顾的地方")),
        ),
        activities=activities,
        lang=locale.current(),
        timezone=zone.key,
    )


def _tentative(code: str, day: datetime) -> NewActivity:
    """A tentative day without hours."""
    return _activity(kinds.kind_of(code), day, day + timedelta(days=1))


def _activity(
    kind: ActivityKind[Any],
    starts_at: datetime,
    ends_at: datetime,
    *,
    time_known: bool = False,
    schedule: ScheduleState = ScheduleState.TENTATIVE,
) -> NewActivity:
    """An activity named after its kind, with the kind's defaults."""
    title = translated(kind.name)
    return NewActivity(kind.code, title, starts_at, ends_at, time_known, schedule, kind.parameters())
