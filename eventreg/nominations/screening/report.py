"""The distribution of an award's nominees, and its structure limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail import audit
from eventreg.nominations import quotas
from eventreg.nominations.models import Nomination, NominationVersion
from eventreg.nominations.rules import NominationState

from .models import StructureLimit
from .rules import GroupDimension, LimitStatus, ReportNominee, StructureLimitFacts, bars, check_limit, groups

LIMITS_MOST = 12
COUNTED = (NominationState.SUBMITTED, NominationState.RETURNED, NominationState.CANDIDATE)


@dataclass(frozen=True, slots=True)
class StructureReport:
    """Groups by dimension, each as (code, nominees, candidates); limits with their ids."""

    nominated: int
    candidates: int
    groups: dict[GroupDimension, list[tuple[str, int, int]]]
    bars: list[tuple[int, LimitStatus]]


def report(campaign: CampaignFacts) -> StructureReport:
    """The current report; ages are those of the year in which nominations close."""
    counted, year = _counted(campaign.id), campaign.closes_at.astimezone(campaign.zone).year
    limits = _limits(campaign.id)
    standing = bars(counted, [limit for _id, limit in limits], year=year)
    return StructureReport(
        nominated=len(counted),
        candidates=sum(one.candidate for one in counted),
        groups={about: groups(counted, about, year=year) for about in GroupDimension}
        | {GroupDimension.UNIT: _of_units(campaign.id, groups(counted, GroupDimension.UNIT, year=year))},
        bars=[(id_, bar) for (id_, _limit), bar in zip(limits, standing, strict=True)],
    )


def _of_units(campaign_id: int, found: Sequence[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """The departments with nominees, then those that have places and nominated nobody."""
    named = {code for code, _nominated, _chosen in found}
    with_places = (str(line.unit_id) for line in quotas.table(campaign_id) if line.places)
    return [*found, *((code, 0, 0) for code in with_places if code not in named)]


def add_limit(campaign_id: int, limit: StructureLimitFacts, *, actor: Actor) -> None:
    """Add a structure limit, once.

    Raises Refused: typed.missing, typed.out_of_bounds, limit.too_many.
    """
    check_limit(limit)
    campaigns.lock_window(campaign_id)
    known = [kept for _id, kept in _limits(campaign_id)]
    if limit in known:
        return
    if len(known) >= LIMITS_MOST:
        raise Refused("limit.too_many", most=LIMITS_MOST)
    db.session.add(
        StructureLimit(
            campaign_id=campaign_id,
            about=str(limit.about),
            value=limit.value,
            most=limit.most,
            percent=limit.percent,
        )
    )
    _note(campaign_id, "limit_added", limit, actor=actor)


def drop_limit(campaign_id: int, limit_id: int, *, actor: Actor) -> None:
    """Remove a structure limit. Raises NotFound for another award's and for an unknown one."""
    campaigns.lock_window(campaign_id)
    mine = (StructureLimit.id == limit_id, StructureLimit.campaign_id == campaign_id)
    row = db.session.scalar(select(StructureLimit).where(*mine))
    if row is None:
        raise NotFound("limit")
    db.session.delete(row)
    _note(campaign_id, "limit_dropped", _limit(row), actor=actor)


def _note(campaign_id: int, action: str, limit: StructureLimitFacts, *, actor: Actor) -> None:
    about = {"about": str(limit.about), "most": limit.most, "percent": limit.percent}
    audit.record(f"award.{action}", f"campaign:{campaign_id}", actor=actor, **about)


def _counted(campaign_id: int) -> list[ReportNominee]:
    rows = (
        select(Nomination.unit_id, NominationVersion.answers, Nomination.state)
        .join(NominationVersion, NominationVersion.nomination_id == Nomination.id)
        .where(
            Nomination.campaign_id == campaign_id,
            Nomination.state.in_([str(state) for state in COUNTED]),
            NominationVersion.number == Nomination.handed_in,
        )
    )
    return [
        ReportNominee(
            unit, answers.get("post", ""), answers.get("born", ""), state == NominationState.CANDIDATE
        )
        for unit, answers, state in db.session.execute(rows)
    ]


def _limits(campaign_id: int) -> Sequence[tuple[int, StructureLimitFacts]]:
    rows = select(StructureLimit).where(StructureLimit.campaign_id == campaign_id)
    return [(row.id, _limit(row)) for row in db.session.scalars(rows.order_by(StructureLimit.id))]


def _limit(row: StructureLimit) -> StructureLimitFacts:
    return StructureLimitFacts(GroupDimension(row.about), row.value, row.most, row.percent)
