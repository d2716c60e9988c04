"""What a letter says beside the usual when somebody else entered its reader: who it was, why, and that nobody else has to act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.history import trails
from eventreg.registrations import reading
from eventreg.words import times
from eventreg.words.registration_words import hand_reason

from .content import LetterContent


def entered(
    content: LetterContent, facts: Mapping[str, Any], unanswered: Sequence[str] = ()
) -> LetterContent:
    """The letter about a place or a place on the waiting list, as told to somebody who was entered by hand.

    `facts` are those of `registrations.letters.EnteredBy`, with the arrival number and the position; `unanswered` are the
    questions that have to be answered and were not.
    """
    name = trails.names_of([facts["by"]]).get(facts["by"], "")
    if facts["source"] == "contact":
        who, why = _("单位联系人 %(name)s", name=name), _("你收到这封信，是因为本单位的联系人为你报了名。")
    else:
        who, why = _("组织者 %(name)s", name=name), _("你收到这封信，是因为活动的组织者为你报了名。")
    told = [(_("经办"), who), (_("原因"), hand_reason(facts["reason"]))]
    if unanswered:
        told.append((_("请补填"), _("、").join(unanswered)))
    return replace(content, heading=_heading(facts), facts=(*content.facts, *told), why=why)


def unanswered_of(registration_id: int, campaign: CampaignFacts) -> list[str]:
    """The questions that have to be answered and that a registration has no answer to."""
    given = reading.answers_of(registration_id)
    return [q.label for q in campaigns.entry_for(campaign).questions if q.required and not given.get(q.key)]


def _heading(facts: Mapping[str, Any]) -> str:
    if facts["position"] is None:
        return _("已为你报上，编号 %(n)s", n=facts["arrival"])
    return _("已为你加入候补，第 %(n)s 位", n=times.ordinal(facts["position"]))
