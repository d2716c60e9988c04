"""Letters to the organisers of a campaign."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _

from eventreg.campaigns import service as campaigns
from eventreg.core.keyring.keys import Keys
from eventreg.outbox.service import ClaimedLetter

from .content import LetterContent


def _leavers_gave_up(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    """How many registrations ended because their people left, and how many people moved up."""
    campaign = campaigns.campaign_by_id(letter.facts["campaign"])
    ended, seated = letter.facts["ended"], letter.facts["seated"]
    return LetterContent(
        subject=_("有人离职，报名已让出：%(title)s", title=campaign.title),
        heading=_("名册里离职的人，报名已让出"),
        lines=(
            _(
                "名册把他们记为离职，他们的名额和候补都已让出。一天以内改回在职、名额还空着的，会照原来的编号恢复。"
            ),
        ),
        facts=(
            (_("活动"), campaign.title),
            (_("让出"), _("%(n)s 份报名", n=ended)),
            (_("递补"), _("%(n)s 人", n=seated)),
        ),
        action=(_("查看报名名单"), f"{base_url}/manage/campaigns/{campaign.slug}/roster"),
    )


WRITERS: dict[str, Callable[..., LetterContent]] = {"leavers_gave_up": _leavers_gave_up}
