"""Impact assessments: written before sensitive data are asked for, kept for three years (PIPL 55, 56)."""

from __future__ import annotations

from enum import StrEnum

from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.trail import audit

from .models import Assessment

TEXT_MOST = 2000  # characters


class AssessmentPurpose(StrEnum):
    """What is assessed: asking for an ID number, or publishing a notice."""

    ID_NUMBER = "id_number"
    NOTICE = "notice"


def text_of(campaign_id: int, purpose: AssessmentPurpose) -> str:
    """The assessment as it stands; "" if there is none."""
    row = db.session.get(Assessment, (campaign_id, str(purpose)), populate_existing=True)
    return row.text if row else ""


def write(campaign_id: int, purpose: AssessmentPurpose, text: str, *, actor: Actor) -> bool:
    """Write or change an assessment, in the unit of work of what it is needed for; False when nothing differs."""
    if text_of(campaign_id, purpose) == text:
        return False
    db.session.merge(
        Assessment(
            campaign_id=campaign_id, purpose=str(purpose), text=text, by=actor.audit_name, at=actor.now
        )
    )
    audit.record("campaign.assessed", f"campaign:{campaign_id}", actor=actor, purpose=str(purpose))
    return True
