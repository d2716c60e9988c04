"""What a campaign's page shows of its files, and what it says about itself where its link is shared."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from eventreg.campaigns.facts import CampaignFacts, CampaignFileFacts
from eventreg.campaigns.files.rules import CampaignPart
from eventreg.web.app import current
from eventreg.web.app.pages import site
from eventreg.words.award import material_words

from . import view_models

DESCRIPTION_MOST = 160  # characters
OF_A_DRAFT = "campaign_files.file"  # the pages that only organisers see take files from here


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A picture on a page, with its size in pixels."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PageFiles:
    """The files of a campaign's page; None and "" where there are none. `plan_size` is in words."""

    picture: PagePicture | None
    map: PagePicture | None
    plan_url: str
    plan_size: str


@dataclass(frozen=True, slots=True)
class LinkCard:
    """What a chat or another site shows of a link (Open Graph): addresses are absolute."""

    title: str
    description: str
    url: str
    site: str
    image: PagePicture


def page_files(campaign: CampaignFacts, *, endpoint: str = "public.file") -> PageFiles:
    """The files of a campaign; `endpoint` is the view that sends them."""
    plan = campaign.file_for(CampaignPart.PLAN)
    return PageFiles(
        picture=_picture(campaign, CampaignPart.PICTURE, endpoint),
        map=_picture(campaign, CampaignPart.MAP, endpoint),
        plan_url=_url(campaign, plan, endpoint) if plan else "",
        plan_size=material_words.size(plan.size) if plan else "",
    )


def link_card(campaign: CampaignFacts) -> LinkCard:
    """What is shown of the campaign's link: with its picture, or the product's drawing."""
    first = campaign.first
    where = first.place if first else None
    said = (view_models.when_words(campaign), where, " ".join(campaign.intro.split()))
    url = page_address(campaign.slug)
    picture = campaign.file_for(CampaignPart.PICTURE)
    return LinkCard(
        title=campaign.title,
        description=_("，").join(filter(None, said))[:DESCRIPTION_MOST],
        url=url,
        site=site().brand,
        image=_sized(f"{url}/files/{picture.id}", picture)
        if picture
        else _drawing(current.settings().base_url),
    )


def home_card() -> LinkCard:
    """What is shown of the home page's link: the season."""
    base, shown = current.settings().base_url, site()
    return LinkCard(shown.season_title or shown.brand, shown.lead, f"{base}/", shown.brand, _drawing(base))


def page_address(slug: str) -> str:
    """The absolute address of a campaign's page, for what leaves this site."""
    return f"{current.settings().base_url}/campaigns/{slug}"


def _picture(campaign: CampaignFacts, part: CampaignPart, endpoint: str) -> PagePicture | None:
    file = campaign.file_for(part)
    return _sized(_url(campaign, file, endpoint), file) if file else None


def _drawing(base: str) -> PagePicture:
    """The product's drawing, for links of pages without a picture."""
    return PagePicture(f"{base}/static/img/share.png", 600, 600)


def _sized(url: str, file: CampaignFileFacts) -> PagePicture:
    return PagePicture(url, file.width or 1, file.height or 1)


def _url(campaign: CampaignFacts, file: CampaignFileFacts, endpoint: str) -> str:
    return url_for(endpoint, slug=campaign.slug, file_id=file.id)
