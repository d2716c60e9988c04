"""Copy the terms and the quota table of an award with its campaign; nominations are not copied."""

from __future__ import annotations

from sqlalchemy import select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import Intake
from eventreg.core.db.session import db

from .models import AwardTerms, Quota

TERMS = ("fields", "counted", "most", "women_only", "who", "allotment")


def carry_over(source: CampaignFacts, slug: str) -> None:
    """Copy terms and quotas from `source` to the draft that was copied from it.

    No place is taken and no deadline extended in the copy, and it asks for no ID number: that is assessed for each award.
    Repeated, or for a campaign without nominations, it changes
    nothing.
    """
    copy = campaigns.get_managed(slug)
    if source.accepts is not Intake.NOMINATIONS or copy.published or _settled(copy.id):
        return
    kept = db.session.get(AwardTerms, source.id)
    if kept is not None:
        terms = {name: getattr(kept, name) for name in TERMS}
        terms["fields"] = {name: purpose for name, purpose in kept.fields.items() if name != "id_number"}
        db.session.add(AwardTerms(campaign_id=copy.id, **terms))
    table = select(Quota).where(Quota.campaign_id == source.id).order_by(Quota.unit_id)
    for line in db.session.scalars(table):
        figures = {"basis": line.basis, "places": line.places, "reason": line.reason}
        db.session.add(Quota(campaign_id=copy.id, unit_id=line.unit_id, filled=0, **figures))


def _settled(campaign_id: int) -> bool:
    """Whether it has terms or quotas already."""
    lines = select(Quota.unit_id).where(Quota.campaign_id == campaign_id).limit(1)
    return db.session.get(AwardTerms, campaign_id) is not None or db.session.scalar(lines) is not None
