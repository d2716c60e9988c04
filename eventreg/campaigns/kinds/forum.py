"""A forum (plan P12, P13): each 班组 sends at least a number of women."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta

from eventreg.core.msgids import N_, Sentence

from .bounds import Parameters, whole
from .kind import ActivityKind, Blank


@dataclass(frozen=True, slots=True)
class Forum(Parameters):
    """At least `women_per_team` women from each 班组; 0 requires none."""

    women_per_team: int = whole(2, label=N_("每个班组至少几名女职工"), unit=N_("人"), least=0, most=100)


def _rule(forum: Forum) -> Sentence | None:
    if not forum.women_per_team:
        return None
    return Sentence(N_("每个班组至少 %(n)s 名女职工参加。"), {"n": forum.women_per_team})


KIND = ActivityKind(
    code="forum",
    name=N_("座谈会"),
    parameters=Forum,
    rule=_rule,
    blank=Blank(N_("空白的座谈会"), N_("一个上午，不限人数"), starts=time(9), lasts=timedelta(hours=3)),
)
