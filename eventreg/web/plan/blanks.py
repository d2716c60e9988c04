"""What a campaign can start from: a blank of a sort, or another campaign; in the words of its maker's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from eventreg.campaigns.facts import SeasonFacts
from eventreg.campaigns.kinds import Award, Contest, Forum, Hike, Parameters
from eventreg.campaigns.rules import Intake, ScheduleState
from eventreg.campaigns.writing import NewActivity, NewCampaign, NewQuestion
from eventreg.words import kinds, locale

DAYS_TO_DECIDE = 3  # between the deadline and the day
DAYS_TO_NOMINATE = 9  # before the day: the judges need the time between
DAYS_KEPT = 90  # after the day
CLOSES = time(18)

Blank = Callable[..., NewCampaign]


def outing(season: SeasonFacts, zone: ZoneInfo, *, slug: str, title: str) -> NewCampaign:
    """A walk and a contest of teams, thirty places, both by one sign-up."""
    day = datetime.combine(season.day, time(), zone)
    parts: tuple[tuple[str, Parameters], ...] = (("hike", Hike()), ("contest", Contest()))
    activities = tuple(_tentative(kind, day, parameters) for kind, parameters in parts)
    return _blank(season, zone, activities, slug=slug, title=title, capacity=30)


def forum(season: SeasonFacts, zone: ZoneInfo, *, slug: str, title: str) -> NewCampaign:
    """A meeting of a morning, without a bound on places."""
    start = datetime.combine(season.day, time(9), zone)
    end, known = start + timedelta(hours=3), ScheduleState.TENTATIVE
    activity = NewActivity("forum", kinds.KINDS["forum"](), start, end, True, known, Forum())
    return _blank(season, zone, (activity,), slug=slug, title=title, capacity=None)


def award(season: SeasonFacts, zone: ZoneInfo, *, slug: str, title: str) -> NewCampaign:
    """An award for which departments nominate; judging begins when nominations close."""
    closes_at = datetime.combine(season.day - timedelta(days=DAYS_TO_NOMINATE), time(), zone)
    known = ScheduleState.CONFIRMED
    activity = NewActivity("award", kinds.KINDS["award"](), closes_at, closes_at, False, known, Award())
    blank = _blank(season, zone, (activity,), slug=slug, title=title, capacity=None)
    audience = _("在职女职工，由所在部门推荐")
    return replace(blank, accepts=Intake.NOMINATIONS, closes_at=closes_at, questions=(), audience=audience)


BLANKS: dict[str, tuple[Callable[[], str], Callable[[], str], Blank]] = {
    "outing": (lambda: _("空白的户外活动"), lambda: _("徒步和分组比赛，30 个名额"), outing),
    "forum": (lambda: _("空白的座谈会"), lambda: _("一个上午，不限人数"), forum),
    "award": (lambda: _("空白的评选"), lambda: _("由部门推荐，评出 10 位"), award),
}


def notice(season: SeasonFacts) -> tuple[str, ...]:
    """The privacy notice to begin with; the organiser reads it over (PIPL art. 17)."""
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
        defaults=(),
        capacity=capacity,
        questions=(
            NewQuestion("phone", "phone", _("手机号"), _("只用于当天联系，11 位数字")),
            NewQuestion("remark", "text", _("备注"), _("例如饮食或行动上需要照顾的地方")),
        ),
        activities=activities,
        lang=locale.current(),
        timezone=zone.key,
    )


def _tentative(kind: str, day: datetime, parameters: Parameters) -> NewActivity:
    """Only the day is there, and not settled."""
    end = day + timedelta(days=1)
    return NewActivity(kind, kinds.KINDS[kind](), day, end, False, ScheduleState.TENTATIVE, parameters)
