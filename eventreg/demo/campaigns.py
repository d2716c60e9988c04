"""The plan's three campaigns (plan P1 to P14). The sentences are the demo's own, the figures the plan's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from eventreg.campaigns.inputs import NewActivity, NewCampaign, NewQuestion, NewSeason
from eventreg.campaigns.kinds import Award, Contest, Forum, Hike, Parameters
from eventreg.campaigns.rules import Intake, ScheduleState

ZONE = "Asia/Shanghai"

PHONE = NewQuestion("phone", "phone", "手机号", "只用于当天联系，11 位数字")
REMARK = NewQuestion("remark", "paragraph", "备注", "例如饮食或行动上需要照顾的地方")

NOTICE = (
    "处理者：禾川农电党群工作部。用途：安排活动和分组、当天签到、有变动时联系你。",
    "收集：姓名、性别、单位、手机号、备注。不收集身份证号。保存到活动当年 6 月 30 日，到期删除。",
    "你可以随时向党群工作部要求查看、更正、导出或者删除；撤回同意等于退出活动。",
)


@dataclass(frozen=True, slots=True)
class DemoSeason:
    """A season with its privacy notice and campaigns."""

    season: NewSeason
    notice_version: str
    campaigns: tuple[NewCampaign, ...]


def women_s_day(now: datetime) -> date:
    """The next 8 March whose first deadline (the award's) is still ahead, so that all is open."""
    today = now.astimezone(ZoneInfo(ZONE))
    year = today.year if today < _at(date(today.year, 2, 27)) else today.year + 1
    return date(year, 3, 8)


def season_of(day: date) -> DemoSeason:
    """The season of one Women's Day."""
    year = day.year
    return DemoSeason(
        season=NewSeason(
            slug=f"women-s-day-{year}",
            brand="禾川三八",
            owner="禾川农电 党群工作部",
            phone="8206",
            title=f"{year} 年三八国际妇女节",
            headline="三月，一起走到户外去",
            lead="三项活动，按日期排好了。想参加哪一项，点开就能报名。",
            day=day,
        ),
        notice_version=f"{year}-01",
        campaigns=(_award(year), _outing(year), _forum(year)),
    )


def _outing(year: int) -> NewCampaign:
    day = date(year, 3, 4)
    return NewCampaign(
        slug="spring-outing",
        title="踏春嘉年华、健康伴我行",
        intro="走一段路，放一次风筝。报一次名，两项都参加；以女职工为主，男职工也欢迎来。",
        audience="全体职工，以女职工为主，男职工也可报名",
        accepts=Intake.REGISTRATIONS,
        closes_at=_at(date(year, 3, 1), 18),
        retain_until=date(year, 6, 30),
        defaults=("deadline", "admission", "performs"),
        capacity=30,
        questions=(PHONE, REMARK),
        activities=(
            _tentative("hike", "徒步游", day, Hike(distance_m=1500, limit_min=30)),
            _tentative("contest", "风筝赛", day, Contest(teams=10, team_size=3, limit_min=30)),
        ),
    )


def _forum(year: int) -> NewCampaign:
    start = _at(date(year, 3, 6), 9)
    return NewCampaign(
        slug="forum",
        title="庆三八女职工座谈会",
        intro="表彰十佳，听她们讲自己的事，再说说今年的微心愿：给自己的，给公司的。",
        audience="公司机关职能部门和所辖二级机构，每班组至少 2 名女职工",
        accepts=Intake.REGISTRATIONS,
        closes_at=_at(date(year, 3, 5), 18),
        retain_until=date(year, 6, 30),
        defaults=("deadline", "unlimited"),
        capacity=None,
        questions=(PHONE, REMARK),
        activities=(
            _fixed("forum", "表彰与座谈", start, start + timedelta(hours=3), Forum(women_per_team=2)),
        ),
    )


def _award(year: int) -> NewCampaign:
    deadline = _at(date(year, 2, 27))
    return NewCampaign(
        slug="ten-women",
        title="十佳巾帼女职工评选",
        intro="由部门推荐，评出十位为农电事业作出突出贡献的女职工，在座谈会上表彰。",
        audience="在职女职工，由所在部门推荐",
        accepts=Intake.NOMINATIONS,
        closes_at=deadline,
        retain_until=date(year, 6, 30),
        defaults=("deadline_day",),
        capacity=None,
        questions=(),
        activities=(
            NewActivity(
                "award",
                "推荐与评选",
                deadline,
                deadline,
                time_known=False,
                schedule=ScheduleState.CONFIRMED,
                parameters=Award(seats=10, least_chars=1000),
            ),
        ),
    )


def _tentative(kind: str, title: str, day: date, parameters: Parameters) -> NewActivity:
    """The plan names only the day, 暂定: time and place follow with the weather."""
    start = _at(day)
    return NewActivity(
        kind,
        title,
        start,
        start + timedelta(days=1),
        time_known=False,
        schedule=ScheduleState.TENTATIVE,
        parameters=parameters,
    )


def _fixed(kind: str, title: str, start: datetime, end: datetime, parameters: Parameters) -> NewActivity:
    return NewActivity(
        kind, title, start, end, time_known=True, schedule=ScheduleState.CONFIRMED, parameters=parameters
    )


def _at(day: date, hour: int = 0) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(ZONE))
