"""Letters about the product itself: to administrators, and to people who got a role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from flask_babel import gettext as _

from eventreg.accounts.rules import Role
from eventreg.campaigns import service as campaigns
from eventreg.core.keyring.keys import Keys
from eventreg.outbox.service import ClaimedLetter
from eventreg.people import service as people
from eventreg.season import granting
from eventreg.words import role_words, times

from .content import LetterContent, StaleLetter


def _audit_head(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    """The head of the audit trail at the beginning of a day, for later comparison."""
    head = f"{letter.facts['count']}:{letter.facts['hash']}"
    day = times.date_full(date.fromisoformat(letter.facts["day"]))
    return LetterContent(
        subject=_("办理记录的封签：%(day)s", day=day),
        heading=_("办理记录封到这里"),
        lines=(
            _("请留着这封信。数据库里的办理记录要是被删掉结尾，或者整个重做，和这里的封签就对不上。"),
            _("核对：在服务器上运行 flask audit verify --head %(head)s", head=head),
        ),
        facts=(
            (_("截至"), _("%(day)s 0 点", day=day)),
            (_("封好的记录"), str(letter.facts["count"])),
            (_("封签"), letter.facts["hash"]),
        ),
    )


STARTS = {
    Role.UNIT_CONTACT: "/unit/nominations",
    Role.DEPARTMENT_HEAD: "/unit/signatures",
    Role.ORGANISER: "/manage",
    Role.HR_REVIEWER: "/review",
    Role.JUDGE: "/",
    Role.ADMINISTRATOR: "/manage",
}


def _role_granted(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    """The role, what it is for, from when until when, and where its work begins; stale if it has ended since."""
    in_campaign = letter.facts["in_campaign"]
    held = granting.find_grant(letter.person_id or 0, letter.facts["grant"], in_campaign=in_campaign, now=now)
    if held is None:
        raise StaleLetter
    role, path, scope = held.role, STARTS[held.role], ""
    if held.scope_id and in_campaign:
        campaign = campaigns.campaign_by_id(held.scope_id)
        scope = campaign.title
        path = f"/manage/campaigns/{campaign.slug}" if role is Role.ORGANISER else path
    elif held.scope_id:
        scope = people.unit_path(held.scope_id)
    name = role_words.ROLES[str(role)]()
    period = [(_("生效"), held.since)] if held.since > now else []
    period += [(_("到期"), held.until)] if held.until else []
    return LetterContent(
        subject=_("你有了新的角色：%(role)s", role=name),
        heading=_("你有了新的角色：%(role)s", role=name),
        lines=(role_words.ABOUT[str(role)](),),
        facts=(
            *([(_("范围"), scope)] if scope else []),
            *((label, times.moment_full(at)) for label, at in period),
        ),
        action=(_("打开"), f"{base_url}{path}"),
        why=_("你收到这封信，是因为有人在本系统里给了你这个角色。"),
    )


WRITERS: dict[str, Callable[..., LetterContent]] = {"audit_head": _audit_head, "role_granted": _role_granted}
