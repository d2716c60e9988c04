"""Letters to judges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _

from eventreg.awards.panel import seated
from eventreg.awards.panel import service as panel
from eventreg.awards.rounds import service as rounds
from eventreg.campaigns import service as campaigns
from eventreg.core.keyring.keys import Keys
from eventreg.outbox.service import ClaimedLetter

from .content import LetterContent, StaleLetter


def _opened(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    """The material is there; stale once the round has ended, or the reader does not vote or has confirmed her scores."""
    found = rounds.by_id(letter.facts["round"])
    mine = [one for one in seated.members(found.id) if one.person.id == letter.person_id and one.votes]
    if not found.is_open or not mine or mine[0].locked_at is not None:
        raise StaleLetter
    campaign = campaigns.campaign_by_id(found.campaign_id)
    return LetterContent(
        subject=_("请评审：%(award)s", award=campaign.title),
        heading=_("候选人的材料可以看了"),
        lines=(
            _("先签承诺书，再逐份打分，打一份存一份。全部打完以后，请确认打分。"),
            _("遇到亲属、师徒等可能影响公正的，请在那一份里申请回避。"),
        ),
        facts=((_("评选"), campaign.title),),
        action=(_("开始评审"), f"{base_url}/judge"),
        why=_("你收到这封信，是因为你是这项评选的评委。"),
    )


WRITERS: dict[str, Callable[..., LetterContent]] = {panel.KIND: _opened}
