"""When a reminder is due, until when it is worth sending, and which rules a campaign may have. Pure (ADR 0015)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.rules import Intake, ScheduleState
from eventreg.core.errors import Refused

RULES_MOST = 10  # of one campaign
DAY_MOST = 2  # reminders to one audience on one day (T45)
AFTERWARDS = timedelta(days=3)  # how long a reminder after the end is worth sending


class Anchor(StrEnum):
    """What a reminder is counted from."""

    OPENING = "opening"
    DEADLINE = "deadline"
    START = "start"
    END = "end"


class AnchorSide(StrEnum):
    """Whether a reminder is due before or after its anchor."""

    BEFORE = "before"
    AFTER = "after"


class OffsetUnit(StrEnum):
    """The unit of an offset. Days lead to a local time of the campaign's zone; hours and minutes are elapsed time."""

    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"


class SlotProgress(StrEnum):
    """The progress of a rule's slot. `passed`: it was in the past when it was planned, so nobody gets it."""

    UNSET = "unset"
    PLANNED = "planned"
    MADE = "made"
    PASSED = "passed"


class NoSlotReason(StrEnum):
    """Why a rule has no slot yet."""

    NO_ACTIVITY = "no_activity"
    HOUR_UNKNOWN = "hour_unknown"
    CALLED_OFF = "called_off"


BOUNDS = {OffsetUnit.DAYS: (0, 90), OffsetUnit.HOURS: (1, 72), OffsetUnit.MINUTES: (10, 180)}


@dataclass(frozen=True, slots=True)
class ReminderTiming:
    """The timing of a rule: three days before the start at 09:00, or two hours before. `at` is used with days.

    `activity_id` None stands for the whole campaign: its first start, its last end.
    """

    anchor: Anchor
    side: AnchorSide
    amount: int
    measure: OffsetUnit
    at: time | None = None
    activity_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReminderSlot:
    """The instant of a reminder. `shifted`: its local time does not exist that day and was moved forward."""

    at: datetime | None
    shifted: bool = False
    lack: NoSlotReason | None = None


@dataclass(frozen=True, slots=True)
class ReminderInput:
    """A reminder rule as an organiser asks for it. `unit_id` narrows the audience to a unit and all below it."""

    audience: str
    timing: ReminderTiming
    unit_id: int | None = None


def slot_of(timing: ReminderTiming, campaign: CampaignFacts) -> ReminderSlot:
    """When a rule's letters are due, in UTC.

    A local time that does not exist is moved forward by the time that the clock skips; of one that occurs twice, the
    first is taken (I9).
    """
    anchor = _anchor(timing, campaign)
    if isinstance(anchor, NoSlotReason):
        return ReminderSlot(None, lack=anchor)
    sign = 1 if timing.side is AnchorSide.AFTER else -1
    if timing.measure is not OffsetUnit.DAYS or timing.at is None:
        return ReminderSlot(anchor.astimezone(UTC) + sign * timedelta(**{timing.measure: timing.amount}))
    day = anchor.astimezone(campaign.zone).date() + sign * timedelta(days=timing.amount)
    return _local(datetime.combine(day, timing.at), campaign.zone)


def wanted_until(timing: ReminderTiming, at: datetime, campaign: CampaignFacts, *, until: str) -> datetime:
    """Until when a letter is worth sending: up to the deadline, the start or the end; one planned for later has `AFTERWARDS`."""
    parts = _parts(timing, campaign)
    starts_at = min((part.starts_at for part in parts), default=campaign.starts_at).astimezone(UTC)
    ends_at = max((part.ends_at for part in parts), default=campaign.ends_at).astimezone(UTC)
    if until == "deadline":
        return min(campaign.closes_at, campaign.starts_at).astimezone(UTC)
    if until == "start" or at < starts_at:
        return starts_at
    return ends_at if at < ends_at else at + AFTERWARDS


def check_timing(timing: ReminderTiming) -> None:
    """Raise Refused with the field that is out of bounds."""
    least, most = BOUNDS[timing.measure]
    if not least <= timing.amount <= most:
        raise Refused("typed.out_of_bounds", field="amount", least=least, most=most)
    if timing.measure is OffsetUnit.DAYS and timing.at is None:
        raise Refused("typed.missing", field="at")


def check_wanted(
    wanted: ReminderInput,
    others: Sequence[ReminderInput],
    campaign: CampaignFacts,
    *,
    until: str,
    now: datetime,
) -> None:
    """Whether a campaign may have this rule beside its others; raises Refused("reminder.…")."""
    check_timing(wanted.timing)
    if wanted in others:
        raise Refused("reminder.exists")
    if len(others) >= RULES_MOST:
        raise Refused("reminder.too_many", most=RULES_MOST)
    at = slot_of(wanted.timing, campaign).at
    if at is None:
        return
    if at >= wanted_until(wanted.timing, at, campaign, until=until):
        raise Refused("reminder.too_late", field="anchor", until=until)
    if campaign.published and at < now:
        raise Refused("reminder.passed", field="amount", at=at.astimezone(campaign.zone))
    _check_day(at, wanted, others, campaign)


def planned(at: datetime | None, *, now: datetime, published: bool) -> SlotProgress:
    """The progress of a new slot: a past slot is skipped. Slots of a draft are decided when it is published."""
    if at is None:
        return SlotProgress.UNSET
    return SlotProgress.PASSED if published and at < now else SlotProgress.PLANNED


def usual(audiences: Sequence[str]) -> list[ReminderInput]:
    """The rules that most campaigns want, for the audiences that suit one."""
    early = ReminderTiming(Anchor.START, AnchorSide.BEFORE, 3, OffsetUnit.DAYS, time(9))
    late = ReminderTiming(Anchor.START, AnchorSide.BEFORE, 2, OffsetUnit.HOURS)
    eve = ReminderTiming(Anchor.START, AnchorSide.BEFORE, 1, OffsetUnit.DAYS, time(18))
    closing = ReminderTiming(Anchor.DEADLINE, AnchorSide.BEFORE, 3, OffsetUnit.DAYS, time(9))
    closed = ReminderTiming(Anchor.DEADLINE, AnchorSide.AFTER, 1, OffsetUnit.DAYS, time(9))
    wanted = [("seated", early), ("seated", late), ("organisers", eve)]
    wanted += [("drafting", closing), ("signing", closing), ("consenting", closing), ("unreceived", closed)]
    return [ReminderInput(who, timing) for who, timing in wanted if who in audiences]


def _check_day(
    at: datetime, wanted: ReminderInput, others: Sequence[ReminderInput], campaign: CampaignFacts
) -> None:
    """At most `DAY_MOST` to one audience on one day of the campaign's zone."""
    slots = [slot_of(rule.timing, campaign).at for rule in others if rule.audience == wanted.audience]
    days = [slot.astimezone(campaign.zone).date() for slot in slots if slot is not None]
    if days.count(at.astimezone(campaign.zone).date()) >= DAY_MOST:
        raise Refused("reminder.too_many_in_a_day", field="amount", most=DAY_MOST)


def _anchor(timing: ReminderTiming, campaign: CampaignFacts) -> datetime | NoSlotReason:
    if campaign.called_off and campaign.accepts is Intake.REGISTRATIONS:
        return NoSlotReason.CALLED_OFF
    if timing.anchor is Anchor.OPENING:
        return campaign.opens_at
    if timing.anchor is Anchor.DEADLINE:
        return campaign.closes_at
    parts = _parts(timing, campaign)
    if not parts:
        return NoSlotReason.NO_ACTIVITY
    if timing.anchor is Anchor.START:
        part = min(parts, key=lambda p: p.starts_at)
    else:
        part = max(parts, key=lambda p: p.ends_at)
    if not part.time_known and timing.measure is not OffsetUnit.DAYS:
        return NoSlotReason.HOUR_UNKNOWN
    if timing.anchor is Anchor.START:
        return part.starts_at
    # A day without hours ends at the next midnight; counted in days it is the day itself that ends.
    return part.ends_at if part.time_known else part.ends_at - timedelta(seconds=1)


def _parts(timing: ReminderTiming, campaign: CampaignFacts) -> list[ActivityFacts]:
    """The activities that a rule is about, without cancelled ones."""
    return [
        activity
        for activity in campaign.activities
        if activity.schedule is not ScheduleState.CANCELLED and timing.activity_id in {None, activity.id}
    ]


def _local(there: datetime, zone: ZoneInfo) -> ReminderSlot:
    at = there.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return ReminderSlot(at, shifted=at.astimezone(zone).replace(tzinfo=None) != there)
