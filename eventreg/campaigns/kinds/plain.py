"""An activity without rules of its own: a course, a workshop, a visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta

from eventreg.core.msgids import N_, Sentence

from .bounds import Parameters
from .kind import ActivityKind, Blank


@dataclass(frozen=True, slots=True)
class Plain(Parameters):
    """It has no parameters."""


def _rule(_plain: Plain) -> Sentence | None:
    return None


KIND = ActivityKind(
    code="plain",
    name=N_("一般活动"),
    parameters=Plain,
    rule=_rule,
    blank=Blank(
        N_("空白的活动"),
        N_("培训、参观、手工课等：一个下午，不限人数"),
        starts=time(14),
        lasts=timedelta(hours=2),
    ),
)
