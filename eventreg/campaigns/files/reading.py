"""Read campaigns together with their files, so that a page with files costs no statement more."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from eventreg.campaigns.facts import CampaignFileFacts
from eventreg.campaigns.models import Campaign
from eventreg.core.db.session import db

from .models import CampaignFile
from .rules import CampaignPart


def campaigns_with_files(
    ids: Collection[int],
) -> tuple[list[Campaign], dict[int, list[CampaignFileFacts]]]:
    """The rows of campaigns, and their files, by one statement."""
    query = (
        select(Campaign, CampaignFile)
        .outerjoin(CampaignFile, CampaignFile.campaign_id == Campaign.id)
        .where(Campaign.id.in_(ids))
        .order_by(Campaign.id, CampaignFile.part)
    )
    rows: dict[int, Campaign] = {}
    files: dict[int, list[CampaignFileFacts]] = {}
    for row, file in db.session.execute(query.execution_options(populate_existing=True)):
        rows[row.id] = row
        held = files.setdefault(row.id, [])
        if file is not None:
            part = CampaignPart(file.part)
            held.append(CampaignFileFacts(file.id, part, file.name, file.size, file.width, file.height))
    return list(rows.values()), files
