"""What the files of a campaign are for, and which kinds of files may be that. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from eventreg.core.uploaded_files.rules import FileKind


class CampaignPart(StrEnum):
    """What a file of a campaign is for: its picture, the plan (方案), a map of the place."""

    PICTURE = "picture"
    PLAN = "plan"
    MAP = "map"


TAKEN: Mapping[CampaignPart, tuple[FileKind, ...]] = {
    CampaignPart.PICTURE: (FileKind.JPG, FileKind.PNG),
    CampaignPart.PLAN: (FileKind.PDF,),
    CampaignPart.MAP: (FileKind.JPG, FileKind.PNG),
}
