"""The stages of an award after nominating, in order, and what does not fit in their days. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise

from eventreg.core.errors import Refused
from eventreg.core.working_days.rules import WorkCalendar, counted, known

NOTICE_DAYS = (
    5  # working days of the public notice, the first one counted (plan, "what the plan leaves open", 1)
)


class StageCode(StrEnum):
    """资格审查, 评审, 公示, 审批, 表彰 (plan, the award's procedure)."""

    SCREEN = "screen"
    JUDGE = "judge"
    NOTICE = "notice"
    APPROVE = "approve"
    CEREMONY = "ceremony"


@dataclass(frozen=True, slots=True)
class StageDays:
    """The first and the last day of a stage, both included."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class StageRemark:
    """Something that does not fit, at a stage, with its facts. It prevents nothing: organisers decide."""

    stage: StageCode
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


Timetable = Mapping[StageCode, StageDays]


def check_days(stage: StageCode, days: StageDays) -> None:
    """Raise Refused("stage.ends_first") for a stage that ends before it begins."""
    if days.ends_on < days.starts_on:
        raise Refused("stage.ends_first", field=f"{stage}_last")


def remarks(timetable: Timetable, *, closes_on: date, calendar: WorkCalendar) -> list[StageRemark]:
    """What does not fit: a stage before nominations close or before the one that precedes it, a stage without a working
    day, a public notice that is too short, a year whose days off are not announced. `closes_on` is the last day of
    nominating."""
    listed = [(stage, timetable[stage]) for stage in StageCode if stage in timetable]
    found = [remark for stage, days in listed for remark in _of_stage(stage, days, closes_on, calendar)]
    for (earlier, before), (stage, days) in pairwise(listed):
        if days.starts_on < before.starts_on or days.ends_on < before.ends_on:
            found.append(StageRemark(stage, "before_the_former", {"former": str(earlier)}))
        elif stage is StageCode.CEREMONY and days.starts_on <= before.ends_on:
            found.append(StageRemark(stage, "notice_not_over", {"former": str(earlier)}))
    return found + [
        StageRemark(stage, "year_unknown", {"year": year})
        for year, stage in sorted({d.ends_on.year: s for s, d in reversed(listed)}.items())
        if not known(year, calendar)
    ]


def _of_stage(
    stage: StageCode, days: StageDays, closes_on: date, calendar: WorkCalendar
) -> Iterator[StageRemark]:
    works = counted(days.starts_on, days.ends_on, calendar)
    if days.starts_on <= closes_on:
        yield StageRemark(stage, "before_the_deadline", {"day": closes_on})
    if stage is StageCode.NOTICE and works < NOTICE_DAYS:
        yield StageRemark(stage, "notice_short", {"n": works, "wanted": NOTICE_DAYS})
    elif not works and stage is not StageCode.CEREMONY:
        yield StageRemark(stage, "no_working_day")
