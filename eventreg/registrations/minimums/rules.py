"""Which units are short of their minimum. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.kinds import Forum
from eventreg.campaigns.rules import ScheduleState


class UnitStanding(StrEnum):
    """Where a unit stands: short of its minimum, no women on its roster, exempted, or complete."""

    SHORT = "short"
    NOBODY = "nobody"
    EXEMPT = "exempt"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class UnitWomen:
    """The women of a unit: on the roster, and those who count towards the minimum. `exemption` is its reason, or ""."""

    unit_id: int
    women: int
    counted: int
    exemption: str = ""


@dataclass(frozen=True, slots=True)
class UnitNeed:
    """What is asked of a unit and how many are missing. `needed` is never more than the women on the roster."""

    unit_id: int
    women: int
    counted: int
    needed: int
    missing: int
    standing: UnitStanding
    exemption: str = ""


def least_of(campaign: CampaignFacts) -> int:
    """How many women each 班组 sends at least: the most that a forum which takes place asks for; 0 for no minimum."""
    asked = (
        activity.parameters.women_per_team
        for activity in campaign.activities
        if isinstance(activity.parameters, Forum) and activity.schedule is not ScheduleState.CANCELLED
    )
    return max(asked, default=0)


def need_of(unit: UnitWomen, *, least: int) -> UnitNeed:
    """What is asked of one unit. An exempted unit is missing nobody, whatever its number."""
    needed = min(least, unit.women)
    missing = 0 if unit.exemption else max(0, needed - unit.counted)
    return UnitNeed(
        unit.unit_id,
        unit.women,
        unit.counted,
        needed,
        missing,
        _standing(unit, missing),
        unit.exemption,
    )


def _standing(unit: UnitWomen, missing: int) -> UnitStanding:
    if unit.exemption:
        return UnitStanding.EXEMPT
    if not unit.women:
        return UnitStanding.NOBODY
    return UnitStanding.SHORT if missing else UnitStanding.COMPLETE


def needs_of(units: Iterable[UnitWomen], *, least: int) -> list[UnitNeed]:
    """What is asked of each unit: the units that are short come first, and otherwise the order stays."""
    order = list(UnitStanding)
    needs = [need_of(unit, least=least) for unit in units]
    return sorted(needs, key=lambda need: order.index(need.standing))
