"""The tables whose rows go with a deleted draft."""

from __future__ import annotations

from eventreg.campaigns.assessments.models import Assessment
from eventreg.campaigns.check_points.models import CheckPoint
from eventreg.campaigns.files.models import CampaignFile
from eventreg.campaigns.models import (
    CampaignGrant,
    CampaignPerson,
    CampaignUnit,
    DateChange,
    Exemption,
    Pool,
    Question,
    Wording,
)
from eventreg.campaigns.stages.models import AwardStage

# Whatever may refer to a draft; activities come after it.
OF_A_DRAFT = (
    Assessment,
    CampaignFile,
    CampaignGrant,
    CampaignPerson,
    CampaignUnit,
    CheckPoint,
    DateChange,
    Exemption,
    Pool,
    Question,
    AwardStage,
    Wording,
)
