"""A form to print: a nominee of any name, any content, sealed or a draft."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.service import get_campaign
from eventreg.delivery import qr
from eventreg.nominations.reading import NominationFacts, SavedVersion
from eventreg.nominations.rules import NominationContent, NominationState, Terms
from eventreg.people.rules import Gender
from eventreg.people.service import PersonFacts
from eventreg.reports.form_facts import FilledForm, PaperSeal
from eventreg.reports.nomination_form import form_of

AT = datetime(2027, 2, 20, 6, 5, tzinfo=UTC)
ADDRESS = "http://localhost/p/12-3-7K3MX9QF"
LONG_NAME = (
    "阿依古丽·买买提艾力·吐尔逊阿洪·古丽巴哈尔·阿不都热依木·热"
    "孜万古丽·买合木提·阿迪力江·伊力哈木江·努尔曼·古丽娜尔"
)


def seal() -> PaperSeal:
    """A seal with the drawings of its address."""
    return PaperSeal("7K3M-X9QF", ADDRESS, qr.svg(ADDRESS), qr.png(ADDRESS))


def campaign(*, lang: str = "zh-CN") -> CampaignFacts:
    """The award, in a language."""
    return replace(get_campaign("award"), lang=lang)


def form(
    content: NominationContent,
    *,
    name: str = "王晓芳",
    unit: str = "营销部",
    asks: Terms | None = None,
    sealed: bool = True,
    lang: str = "zh-CN",
) -> FilledForm:
    """The form of version 3; inside an app's context."""
    nominee = PersonFacts(1, "HC1", name, Gender.FEMALE, 1, (unit,), None, None, None, True)
    found = NominationFacts(
        id=12,
        campaign_id=1,
        unit_id=1,
        nominee=nominee,
        state=NominationState.SUBMITTED,
        preference=1,
        version=3,
        handed_in=3,
        due_at=None,
        made_at=AT,
        submitted_at=AT,
        counted=None,
        made_by=1,
        passed_on_at=None,
    )
    saved = SavedVersion(3, content, 1, AT)
    return form_of(found, saved, asks or Terms(), campaign(lang=lang), seal() if sealed else None)
