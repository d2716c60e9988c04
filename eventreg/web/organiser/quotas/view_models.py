"""View models of a quota table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from eventreg.campaigns.facts import CampaignFacts
from eventreg.nominations.quota_allotment import AllotmentRule
from eventreg.nominations.quotas import QuotaLine
from eventreg.nominations.rules import Terms, few_places
from eventreg.words.award import award_words


@dataclass(frozen=True, slots=True)
class QuotaTable:
    """The totals of a quota table, its rule, and the departments with a later deadline."""

    total: int
    filled: int
    women: int
    seats: int
    few: bool
    rule: str
    extended: tuple[tuple[str, datetime], ...]


def table(
    campaign: CampaignFacts, lines: Sequence[QuotaLine], asks: Terms, rule: AllotmentRule | None
) -> QuotaTable:
    """A table in words."""
    total = sum(line.places for line in lines)
    later = [(line.unit, line.extended_until) for line in lines if line.extended_until]
    return QuotaTable(
        total=total,
        filled=sum(line.filled for line in lines),
        women=sum(line.women for line in lines),
        seats=asks.seats,
        few=few_places(total, asks.seats),
        rule=award_words.allotted(str(rule.method), total=rule.total, number=rule.number) if rule else "",
        extended=tuple((unit, at.astimezone(campaign.zone)) for unit, at in later),
    )
