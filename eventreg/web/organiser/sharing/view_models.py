"""What is shared of a campaign, in the campaign's language: the text for a chat, and the poster."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _

from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.files import service as files
from eventreg.campaigns.files.rules import CampaignPart
from eventreg.campaigns.rules import Intake, ScheduleState
from eventreg.core.errors import NotFound
from eventreg.delivery import qr
from eventreg.reports import poster
from eventreg.reports.typeset import Sheet
from eventreg.web.employee.public import view_models as campaign_view_models
from eventreg.words import times
from eventreg.words.locale import speaking

INTRO_MOST = 120  # characters of a message that a group reads


def chat_text(campaign: CampaignFacts, *, url: str, now: datetime) -> str:
    """The message for a group: what, when, where, for whom, until when, and the link. Nothing about a person."""
    with speaking(campaign.lang):
        intro = " ".join(campaign.intro.split())
        lines = [_("【%(title)s】", title=campaign.title)]
        if intro:
            lines.append(intro if len(intro) <= INTRO_MOST else f"{intro[: INTRO_MOST - 1]}…")
        lines += [f"{label}{_('：')}{value}" for label, value in rows_of(campaign, now=now)]
        lead = _("查看") if campaign.accepts is Intake.NOMINATIONS else _("报名")
        return "\n".join([*lines, f"{lead}{_('：')}{url}"])


def rows_of(campaign: CampaignFacts, *, now: datetime) -> list[tuple[str, str]]:
    """The facts of a campaign as label and value, in the current language."""
    first, nominations = campaign.first, campaign.accepts is Intake.NOMINATIONS
    rows = []
    if not nominations:
        when = campaign_view_models.when_words(campaign)
        tentative = first is not None and first.schedule is ScheduleState.TENTATIVE
        rows.append((_("时间"), _("%(when)s（暂定）", when=when) if tentative else when))
        rows.append((_("地点"), (first.place if first else None) or _("另行通知")))
    elif first is not None and first.place:
        rows.append((_("地点"), first.place))
    whom = campaign.audience or (
        campaign_view_models.eligible_words(campaign) if campaign.eligible.restricted else ""
    )
    if whom:
        rows.append((_("谁能推荐") if nominations else _("谁能参加"), whom))
    if now < campaign.opens_at:
        rows.append((_("推荐开始") if nominations else _("报名开始"), times.moment(campaign.opens_at)))
    rows.append((_("推荐截止") if nominations else _("报名截止"), times.deadline(campaign.closes_at)))
    return rows


def poster_of(campaign: CampaignFacts, *, url: str, owner: str, now: datetime) -> Sheet:
    """The poster, with the campaign's picture or the product's drawing."""
    with speaking(campaign.lang):
        return poster.poster(
            campaign.title,
            campaign.intro,
            rows_of(campaign, now=now),
            owner=owner,
            url=url,
            scan=_("扫码查看") if campaign.accepts is Intake.NOMINATIONS else _("扫码报名"),
            code=qr.svg(url),
            picture=_drawing(campaign),
            at=now,
        )


def _drawing(campaign: CampaignFacts) -> str:
    picture = campaign.file_for(CampaignPart.PICTURE)
    if picture is not None and picture.width and picture.height:
        with suppress(NotFound):  # the bytes are on the disk of another machine
            path, _found = files.get_copy(campaign, picture.id)
            return poster.as_svg(path, width=picture.width, height=picture.height)
    return Path(current_app.static_folder or "", "img/kite.svg").read_text("utf-8")
