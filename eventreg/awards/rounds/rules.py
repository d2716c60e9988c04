"""The rules of a round (评选办法) as an award announces them, and when they may change. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventreg.awards.scores.rules import Criterion, check_criteria
from eventreg.core.errors import Refused

TITLE_MOST = 40
REASON_MOST = 200


class TieRule(StrEnum):
    """What decides between equal points: nothing (the panel does), the first criterion, or the chair's points."""

    NONE = "none"
    FIRST_CRITERION = "first_criterion"
    CHAIR = "chair"


@dataclass(frozen=True, slots=True)
class NamedCriterion:
    """A criterion as people read it: its title, weight in per cent and highest score."""

    title: str
    weight: int
    most: int


@dataclass(frozen=True, slots=True)
class RoundRules:
    """How an award is judged by scores. `drops`: highest and lowest are left out if every nomination has five scores."""

    criteria: tuple[NamedCriterion, ...]
    drops: bool = False
    tie: TieRule = TieRule.NONE


def check_rules(rules: RoundRules) -> None:
    """Raise what `check_criteria` raises, and Refused("criteria.title") for a criterion without a title."""
    if any(not one.title for one in rules.criteria):
        raise Refused("criteria.title")
    check_criteria(_numbered(rules.criteria))


def check_change(*, closes_at: datetime, scored: bool, opened: bool, reason: str, now: datetime) -> None:
    """Check that the rules may change now: from the close of nominations on with a reason, never once there is a score.

    Raises Refused("scoring.scored") or ("scoring.reason_missing").
    """
    if scored:
        raise Refused("scoring.scored")
    if (opened or now >= closes_at) and not reason:
        raise Refused("scoring.reason_missing", field="reason")


def _numbered(criteria: Sequence[NamedCriterion]) -> list[Criterion]:
    return [Criterion(place, one.weight, one.most) for place, one in enumerate(criteria)]
