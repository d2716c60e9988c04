"""What needs an organiser's attention today. Pure: it returns codes, which are worded at the edge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import CampaignStage, Intake, PoolScope, ScheduleState, pools_at, stage_of

CLOSES_SOON = timedelta(days=2)
TENTATIVE_SOON = timedelta(days=7)
OPENS_SOON = timedelta(days=3)
REMOVED_SOON = timedelta(days=7)


class AttentionReason(StrEnum):
    """Why a campaign needs attention, the most pressing first."""

    NO_DEVICE = "no_device"
    UNREACHED = "unreached"
    DRAFT_LATE = "draft_late"
    DRAFT_SOON = "draft_soon"
    FREE_WHILE_WAITING = "free_while_waiting"
    OPTION_FULL = "option_full"
    TENTATIVE_SOON = "tentative_soon"
    CLOSES_SOON = "closes_soon"
    REMOVED_SOON = "removed_soon"


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing about a campaign that needs attention. `at` is the instant it is about, `count` how many people it is about."""

    need: AttentionReason
    campaign: CampaignFacts
    at: datetime | None = None
    count: int = 0


def attention(
    campaigns: list[CampaignFacts],
    *,
    devices: dict[int, int],
    unreached: Mapping[int, int] = MappingProxyType({}),
    now: datetime,
) -> list[Attention]:
    """What needs attention in all campaigns, the most pressing first.

    `devices` counts the paired phones of each, `unreached` the people who were asked to confirm and whom an organiser has
    to ask in person.
    """
    found = [
        matter for campaign in campaigns for matter in _of(campaign, devices.get(campaign.id, 0), now=now)
    ]
    found += [
        Attention(AttentionReason.UNREACHED, campaign, count=unreached[campaign.id])
        for campaign in campaigns
        if unreached.get(campaign.id)
    ]
    order = list(AttentionReason)
    return sorted(found, key=lambda a: (order.index(a.need), a.at or now, a.campaign.id))


def _of(campaign: CampaignFacts, devices: int, *, now: datetime) -> Iterator[Attention]:
    stage = stage_of(campaign.window, campaign.total, ends_at=campaign.ends_at, now=now)
    if stage is CampaignStage.DRAFT:
        yield from _draft(campaign, now=now)
        return
    if stage is CampaignStage.OVER:
        if (last := _last_week_of_data(campaign, now=now)) is not None:
            yield Attention(AttentionReason.REMOVED_SOON, campaign, at=last)
        return
    if campaign.accepts is Intake.REGISTRATIONS and not devices and (day := _day_at_hand(campaign, now=now)):
        yield Attention(AttentionReason.NO_DEVICE, campaign, at=day)
    if (why := _why_people_wait(campaign, now=now)) is not None:
        yield Attention(why, campaign, count=campaign.waiting)
    if (tentative := _tentative(campaign, now=now)) is not None:
        yield Attention(AttentionReason.TENTATIVE_SOON, campaign, at=tentative)
    if stage in {CampaignStage.OPEN, CampaignStage.FULL} and campaign.closes_at - now <= CLOSES_SOON:
        yield Attention(AttentionReason.CLOSES_SOON, campaign, at=campaign.closes_at)


def _last_week_of_data(campaign: CampaignFacts, *, now: datetime) -> datetime | None:
    """The last day on which personal data are kept, in the seven days before it has passed."""
    end = datetime.combine(campaign.retain_until, time(), campaign.zone) + timedelta(days=1)
    return end - timedelta(days=1) if end - REMOVED_SOON <= now < end else None


def _why_people_wait(campaign: CampaignFacts, *, now: datetime) -> AttentionReason | None:
    """Why people wait though the campaign has free places: their own pools are full, or only the options that they chose.

    While all is called off nobody gets a place, so that pools are no reason then.
    """
    if not campaign.waiting or campaign.called_off or now >= campaign.begins_at:
        return None
    total, full = campaign.total, {p.scope for p in pools_at(campaign.pools, now=now) if not p.free}
    if full == {PoolScope.OPTION} and (total is None or total.free):
        return AttentionReason.OPTION_FULL
    return AttentionReason.FREE_WHILE_WAITING if total is not None and total.free else None


def _draft(campaign: CampaignFacts, *, now: datetime) -> Iterator[Attention]:
    """A draft that should be published: its deadline has passed, or the time at which it was to open is near."""
    if now >= campaign.deadline:
        yield Attention(AttentionReason.DRAFT_LATE, campaign, at=campaign.deadline)
    elif not campaign.opens_on_publication and campaign.opens_at - now <= OPENS_SOON:
        yield Attention(AttentionReason.DRAFT_SOON, campaign, at=campaign.opens_at)


def _day_at_hand(campaign: CampaignFacts, *, now: datetime) -> datetime | None:
    """The start of an activity that is today or tomorrow in the campaign's zone."""
    today = now.astimezone(campaign.zone).date()
    days = {today, today + timedelta(days=1)}
    at_hand = [
        a.starts_at
        for a in campaign.activities
        if a.schedule is not ScheduleState.CANCELLED and a.starts_at.date() in days and now < a.ends_at
    ]
    return min(at_hand, default=None)


def _tentative(campaign: CampaignFacts, *, now: datetime) -> datetime | None:
    """The start of the first activity within a week whose day is not confirmed."""
    soon = [
        a.starts_at
        for a in campaign.activities
        if a.schedule is ScheduleState.TENTATIVE and now < a.starts_at <= now + TENTATIVE_SOON
    ]
    return min(soon, default=None)
