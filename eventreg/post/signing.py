"""Letters about nominations: to heads, delegates and nominees. None holds a word of a nomination
but the nominee's name, and only for those who may read it when it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from flask_babel import gettext as _

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.errors import NotFound
from eventreg.core.keys import Keys
from eventreg.nominations.reading import NominationFacts
from eventreg.nominations.rules import State
from eventreg.nominations.signing import consents, delegations, signatures
from eventreg.outbox.service import Claimed
from eventreg.people import service as people
from eventreg.words import times

from .content import Content, Stale

T = TypeVar("T")
REMINDERS = ("drafting", "signing", "consenting", "unreceived")


@dataclass(frozen=True, slots=True)
class Told:
    """A nomination that the reader may see, with its award."""

    found: NominationFacts
    campaign: CampaignFacts

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The award, whom it is about, her unit."""
        named = self.found.nominee
        return (_("评选"), self.campaign.title), (_("被推荐人"), named.name), (_("单位"), named.unit)


def _code(letter: Claimed, *, keys: Keys, base_url: str, now: datetime) -> Content:
    expires_at = datetime.fromisoformat(letter.facts["expires_at"])
    if letter.sealed is None or now >= expires_at:
        raise Stale
    told, code = _before_signer(letter, now=now), keys.opened(letter.sealed)
    return Content(
        subject=_("签字验证码 %(code)s", code=code),
        heading=_("你的签字验证码"),
        lines=(
            _("请在要验证码的那个页面输入，10 分钟内有效。输入它就是签字。"),
            _("不是你要的？不要告诉任何人，并马上告诉管理员。"),
        ),
        facts=told.facts,
        code=code,
    )


def _due(letter: Claimed, *, keys: Keys, base_url: str, now: datetime) -> Content:
    told, voided = _unsigned(letter, now=now), letter.kind == "signature_voided"
    lead = (
        _("部门后来改了内容或者文件，原来的签字作废。改了哪里，页面上写着，请看一遍再签。")
        if voided
        else _("你们单位提交了一份推荐，请看一遍，同意就签字，不同意就退回并写明原因。")
    )
    return Content(
        subject=_("请重新签字：%(award)s", award=told.campaign.title)
        if voided
        else _("请签字：%(award)s", award=told.campaign.title),
        heading=_("推荐改过，请重新签字") if voided else _("有一份推荐等你签字"),
        lines=(lead,),
        facts=told.facts,
        action=(_("查看推荐"), f"{base_url}/unit/signatures/{told.found.id}"),
        state="waiting",
    )


def _delegated(letter: Claimed, *, keys: Keys, base_url: str, now: datetime) -> Content:
    held = delegations.find(letter.facts["delegation"], letter.person_id or 0, now=now)
    if held is None:
        raise Stale
    head, one = held
    period = _("%(since)s 到 %(until)s", since=times.moment(one.since), until=times.moment(one.until))
    return Content(
        subject=_("请你代签部门推荐"),
        heading=_("请你代签部门推荐"),
        lines=(_("这段时间里，你可以代负责人看推荐、签字或退回。签字上会写明是代签。"),),
        facts=(
            (_("负责人"), head.name),
            (_("单位"), people.unit_path(one.unit_id)),
            (_("从什么时候到什么时候"), period),
        ),
        action=(_("查看要签的推荐"), f"{base_url}/unit/signatures"),
    )


def _consent(letter: Claimed, *, keys: Keys, base_url: str, now: datetime) -> Content:
    """To the nominee; overtaken when she has answered, or when other words were submitted."""
    own = or_stale(lambda: consents.get_own(letter.facts["nomination"], letter.person_id or 0))
    if own.found.handed_in != letter.facts["version"] or all(own.consents.values()):
        raise Stale
    told = about(own.found)
    return Content(
        subject=_("部门推荐了您：%(award)s", award=told.campaign.title),
        heading=_("部门推荐了您"),
        lines=(
            _("请看一遍给评委看的和公示出来的是什么，分别告诉我们您同不同意。"),
            _("哪里写得不对，也在那一页告诉单位联系人。"),
        ),
        facts=told.facts,
        action=(_("查看推荐并回复"), f"{base_url}/my/nominations/{told.found.id}"),
        state="waiting",
    )


WRITERS: dict[str, Callable[..., Content]] = {
    "signature_code": _code,
    "signature_due": _due,
    "signature_voided": _due,
    "delegated": _delegated,
    "consent_due": _consent,
}


def heading(audience: str) -> str:
    """What a reminder to one of an award's audiences is about."""
    if audience == "signing":
        return _("还有推荐等你签字")
    if audience == "unreceived":
        return _("纸质推荐表还没有收到")
    return _("请您看一遍推荐并回复") if audience == "consenting" else _("推荐还没有提交")


def line(audience: str, campaign: CampaignFacts) -> str:
    """What it says."""
    at = times.deadline(campaign.closes_at)
    if audience == "signing":
        return _("你们单位提交的推荐还没有签字，%(at)s 以前要签好。", at=at)
    if audience == "consenting":
        return _("您还没有告诉我们同不同意给评委看、同不同意公示。请在 %(at)s 以前回复。", at=at)
    if audience == "unreceived":
        return _(
            "你提交的推荐里，有的还没有收到签好字的纸质推荐表。在“部门推荐”里可以再打印；请交到党群工作部。"
        )
    return _("推荐到 %(at)s 截止，你们单位还有草稿没有提交。写好了就提交，截止以后不再收。", at=at)


def door(audience: str, base_url: str) -> tuple[str, str] | None:
    """Where its button leads."""
    doors = {
        "signing": (_("查看要签的推荐"), f"{base_url}/unit/signatures"),
        "consenting": (_("查看推荐并回复"), f"{base_url}/my/nominations"),
        "drafting": (_("查看部门推荐"), f"{base_url}/unit/nominations"),
        "unreceived": (_("查看部门推荐"), f"{base_url}/unit/nominations"),
    }
    return doors.get(audience)


def _before_signer(letter: Claimed, *, now: datetime) -> Told:
    id_, who = letter.facts["nomination"], letter.person_id or 0
    return about(or_stale(lambda: signatures.get(id_, who, now=now)).found)


def _unsigned(letter: Claimed, *, now: datetime) -> Told:
    """What still waits for the reader's signature, in the version that the letter is about."""
    id_, who = letter.facts["nomination"], letter.person_id or 0
    paper = or_stale(lambda: signatures.get(id_, who, now=now))
    if paper.signed or paper.found.handed_in != letter.facts["version"]:
        raise Stale
    if paper.found.state is not State.SUBMITTED:
        raise Stale
    return about(paper.found)


def about(found: NominationFacts) -> Told:
    """A nomination with its award."""
    return Told(found, campaigns.campaigns_by_id({found.campaign_id})[found.campaign_id])


def or_stale(find: Callable[[], T]) -> T:
    """What the reader may still see."""
    try:
        return find()
    except NotFound:
        raise Stale from None
