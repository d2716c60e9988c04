"""Facts about reminder rules for rules, pages and letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from .models import ReminderRule
from .rules import Anchor, AnchorSide, OffsetUnit, ReminderInput, ReminderTiming, SlotProgress


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """One rule of a campaign. `told` letters were made for the slot so far."""

    id: int
    campaign_id: int
    wanted: ReminderInput
    is_on: bool
    slot_at: datetime | None
    progress: SlotProgress
    told: int


def timing_of(row: ReminderRule) -> ReminderTiming:
    """The timing of a stored rule."""
    minute = row.at_minute
    return ReminderTiming(
        anchor=Anchor(row.anchor),
        side=AnchorSide(row.side),
        amount=row.amount,
        measure=OffsetUnit(row.measure),
        at=None if minute is None else time(minute // 60, minute % 60),
        activity_id=row.activity_id,
    )


def facts_of(row: ReminderRule) -> RuleFacts:
    """A rule's row as facts."""
    return RuleFacts(
        id=row.id,
        campaign_id=row.campaign_id,
        wanted=ReminderInput(row.audience, timing_of(row), row.unit_id),
        is_on=row.is_on,
        slot_at=row.slot_at,
        progress=SlotProgress(row.progress),
        told=row.told,
    )
