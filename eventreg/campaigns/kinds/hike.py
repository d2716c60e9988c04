"""A timed walk (plan P7): a least distance, a time limit, and a forfeit for people who finish late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from eventreg.core.msgids import N_, Sentence

from .bounds import Parameters, whole
from .kind import ActivityKind, CheckPointRole


@dataclass(frozen=True, slots=True)
class Hike(Parameters):
    """At least `distance_m` metres on foot within `limit_min` minutes."""

    distance_m: int = whole(1500, label=N_("至少走多远"), unit=N_("米"), least=100, most=50_000)
    limit_min: int = whole(30, label=N_("限时"), unit=N_("分钟"), least=1, most=1440)


def is_late(hike: Hike, elapsed: timedelta) -> bool:
    """Whether a time is over the limit, in whole seconds that are cut off: 30:00.9 is in time, 30:01 is late (plan P7)."""
    return elapsed // timedelta(seconds=1) > hike.limit_min * 60


def _rule(hike: Hike) -> Sentence:
    return Sentence(
        N_(
            "不少于 %(m)s 米，不乘坐任何交通工具，限时 %(min)s 分钟。刚好 %(min)s:00 算按时；超过的，准备一个歌舞节目。"
        ),
        {"m": hike.distance_m, "min": hike.limit_min},
    )


KIND = ActivityKind(
    code="hike", name=N_("徒步"), parameters=Hike, rule=_rule, begins_with=CheckPointRole.START
)
