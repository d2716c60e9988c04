"""How a department chose its nominee, in words: for pages and for the printed form."""

from __future__ import annotations

from flask_babel import gettext as _

from eventreg.nominations.rules import NominationContent
from eventreg.words import times
from eventreg.words.award import award_words


def way_chosen(content: NominationContent) -> str:
    """How the department chose, with what it says about another way."""
    if content.says("way") not in award_words.WAYS:
        return ""
    more = content.says("way_other") if content.says("way") == "other" else ""
    return f"{award_words.WAYS[content.says('way')]()}{_('：') if more else ''}{more}"


def attendance(content: NominationContent) -> str:
    """How many were due and present; only who was present where nobody wrote who was due."""
    due, present = content.says("due"), content.says("present")
    return _("应到 %(due)s，实到 %(present)s", due=due, present=present) if due else present


def own_notice(content: NominationContent) -> str:
    """The notice within the department: its days and its result; "" if there was none."""
    days = [times.date_typed(content.says(key)) for key in ("notice_from", "notice_to") if content.says(key)]
    span = _("%(first)s 至 %(last)s", first=days[0], last=days[1]) if len(days) > 1 else "".join(days)
    return _("，").join(part for part in (span, content.says("notice_result")) if part)
