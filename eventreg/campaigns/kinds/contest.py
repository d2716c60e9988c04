"""A contest of teams (plan P8): so many teams of so many, a time, and who performs."""

from __future__ import annotations

from dataclasses import dataclass

from .bounds import Parameters, one_of, whole


@dataclass(frozen=True, slots=True)
class Contest(Parameters):
    """`teams` teams of `team_size`, `limit_min` minutes.

    `performs` settles the plan's 或者: teams that never flew, the lowest one, or either.
    """

    teams: int = whole(10, least=1, most=500, unit="teams")
    team_size: int = whole(3, least=1, most=50, unit="persons")
    limit_min: int = whole(30, least=1, most=1440, unit="min")
    performs: str = one_of("either", "never_flown", "lowest", "either")


def places(contest: Contest) -> int:
    """How many people fill every team."""
    return contest.teams * contest.team_size
