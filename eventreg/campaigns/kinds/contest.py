"""A contest of teams (plan P8): number and size of teams, time limit, and which teams perform."""

from __future__ import annotations

from dataclasses import dataclass

from eventreg.core.msgids import N_, Sentence

from .bounds import Parameters, one_of, whole
from .kind import ActivityKind

PERFORMERS = {  # as the form offers them
    "never_flown": N_("一直没有放飞的组"),
    "lowest": N_("飞得最低的组"),
    "either": N_("没有放飞的组和飞得最低的组"),
}
PERFORMERS_IN_RULE = PERFORMERS | {"either": N_("一直没有放飞的组和飞得最低的组")}


@dataclass(frozen=True, slots=True)
class Contest(Parameters):
    """`teams` teams of `team_size`, `limit_min` minutes.

    `performs` decides the plan's 或者: the teams that never flew, the lowest team, or either.
    """

    teams: int = whole(10, label=N_("分几组"), unit=N_("组"), least=1, most=500)
    team_size: int = whole(3, label=N_("每组几人"), unit=N_("人"), least=1, most=50)
    limit_min: int = whole(30, label=N_("限时"), unit=N_("分钟"), least=1, most=1440)
    performs: str = one_of("either", label=N_("哪些组表演节目"), choices=PERFORMERS)


def places(contest: Contest) -> int:
    """The number of people in all teams."""
    return contest.teams * contest.team_size


def _rule(contest: Contest) -> Sentence:
    return Sentence(
        N_("%(size)s 人一组，共 %(teams)s 组，限时 %(min)s 分钟。%(who)s，全组一起表演一个歌舞节目。"),
        {
            "size": contest.team_size,
            "teams": contest.teams,
            "min": contest.limit_min,
            "who": Sentence(PERFORMERS_IN_RULE[contest.performs]),
        },
    )


KIND = ActivityKind(code="contest", name=N_("分组比赛"), parameters=Contest, rule=_rule, places=places)
