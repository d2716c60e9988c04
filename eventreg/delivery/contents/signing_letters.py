"""Letters about nominations: to heads, delegates, nominees and contacts. None holds a word of a nomination
but the nominee's name, and only for those who may read it when it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from flask_babel import gettext as _

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.wording import LetterWords
from eventreg.core.errors import NotFound
from eventreg.core.keyring.keys import Keys
from eventreg.nominations.reading import NominationFacts
from eventreg.nominations.rules import NominationState
from eventreg.nominations.signing import consents, delegations, signatures
from eventreg.outbox.service import ClaimedLetter
from eventreg.people import service as people
from eventreg.people.service import PersonFacts
from eventreg.words import times

from . import default_wording, registration_letters
from .content import LetterContent, StaleLetter

T = TypeVar("T")
REMINDERS = ("drafting", "signing", "consenting", "unreceived")


@dataclass(frozen=True, slots=True)
class VisibleNomination:
    """A nomination that the reader may see, with its award."""

    found: NominationFacts
    campaign: CampaignFacts

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The award, the nominee and their unit, as labelled lines."""
        named = self.found.nominee
        return facts_of(self.campaign, name=named.name, unit=named.unit)


def _code(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    expires_at = datetime.fromisoformat(letter.facts["expires_at"])
    if letter.sealed is None or now >= expires_at:
        raise StaleLetter
    told, code = _before_signer(letter, now=now), keys.opened(letter.sealed)
    return LetterContent(
        subject=_("签字验证码 %(code)s", code=code),
        heading=_("你的签字验证码"),
        lines=(
            _("请回到刚才的签字页面填写，10 分钟内有效。填写验证码就是签字。"),
            _("不是你要的？不要告诉任何人，并马上告诉管理员。"),
        ),
        facts=told.facts,
        code=code,
    )


def _due(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    told = _unsigned(letter, now=now)
    return worded(letter, told, f"{base_url}/unit/signatures/{told.found.id}")


def _delegated(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    held = delegations.find(letter.facts["delegation"], letter.person_id or 0, now=now)
    if held is None:
        raise StaleLetter
    head, one = held
    period = _("%(since)s 到 %(until)s", since=times.moment(one.since), until=times.moment(one.until))
    return LetterContent(
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


def _consent(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    """To the nominee; stale when they have answered, or when other words were submitted."""
    own = or_stale(lambda: consents.get_own(letter.facts["nomination"], letter.person_id or 0))
    if own.found.handed_in != letter.facts["version"] or all(own.consents.values()):
        raise StaleLetter
    return worded(letter, about(own.found), f"{base_url}/my/nominations/{own.found.id}")


HEADINGS: dict[str, Callable[[], str]] = {
    "signature_due": lambda: _("有一份推荐等你签字"),
    "signature_voided": lambda: _("推荐改过，请重新签字"),
    "consent_due": lambda: _("部门推荐了你"),
    "correction_sent": lambda: _("被推荐人指出有地方不对"),
    "nomination_returned": lambda: _("负责人退回了推荐"),
}


def content(
    kind: str,
    campaign: CampaignFacts,
    *,
    facts: tuple[tuple[str, str], ...],
    address: str,
    reader: Callable[[], PersonFacts],
    words: LetterWords | None = None,
) -> LetterContent:
    """A letter about one nomination: default heading, facts and button, with the campaign's text or `words`."""
    said = words or default_wording.words_of(kind, campaign)
    subject, lines = registration_letters.filled(
        said, campaign, {"link": address}, reader=reader, answers=dict
    )
    action = _("查看推荐并回复") if kind == "consent_due" else _("查看推荐")
    return LetterContent(
        subject=subject,
        heading=HEADINGS[kind](),
        lines=lines,
        facts=facts,
        action=(action, address),
        state="waiting",
    )


def facts_of(campaign: CampaignFacts, *, name: str, unit: str) -> tuple[tuple[str, str], ...]:
    """The award, the nominee and their unit, as labelled lines."""
    return (_("评选"), campaign.title), (_("被推荐人"), name), (_("单位"), unit)


def worded(letter: ClaimedLetter, told: VisibleNomination, address: str) -> LetterContent:
    """A letter with the campaign's text."""
    reader = partial(people.person_facts, letter.person_id or 0)
    return content(letter.kind, told.campaign, facts=told.facts, address=address, reader=reader)


WRITERS: dict[str, Callable[..., LetterContent]] = {
    "signature_code": _code,
    "signature_due": _due,
    "signature_voided": _due,
    "delegated": _delegated,
    "consent_due": _consent,
}


def heading(audience: str) -> str:
    """The heading of a reminder to one of an award's audiences."""
    if audience == "signing":
        return _("还有推荐等你签字")
    if audience == "unreceived":
        return _("纸质推荐表还没有收到")
    return _("请你看一遍推荐并回复") if audience == "consenting" else _("推荐还没有提交")


def action_link(audience: str, base_url: str) -> tuple[str, str] | None:
    """The text and the address of the button in a reminder to this audience; None if it has no button."""
    links = {
        "signing": (_("查看要签的推荐"), f"{base_url}/unit/signatures"),
        "consenting": (_("查看推荐并回复"), f"{base_url}/my/nominations"),
        "drafting": (_("查看部门推荐"), f"{base_url}/unit/nominations"),
        "unreceived": (_("查看部门推荐"), f"{base_url}/unit/nominations"),
    }
    return links.get(audience)


def _before_signer(letter: ClaimedLetter, *, now: datetime) -> VisibleNomination:
    id_, who = letter.facts["nomination"], letter.person_id or 0
    return about(or_stale(lambda: signatures.get(id_, who, now=now)).found)


def _unsigned(letter: ClaimedLetter, *, now: datetime) -> VisibleNomination:
    """The nomination if it waits for the reader's signature in the version that the letter is about, else StaleLetter."""
    id_, who = letter.facts["nomination"], letter.person_id or 0
    paper = or_stale(lambda: signatures.get(id_, who, now=now))
    if paper.signed or paper.found.handed_in != letter.facts["version"]:
        raise StaleLetter
    if paper.found.state is not NominationState.SUBMITTED:
        raise StaleLetter
    return about(paper.found)


def about(found: NominationFacts) -> VisibleNomination:
    """A nomination with its award."""
    return VisibleNomination(found, campaigns.campaign_by_id(found.campaign_id))


def or_stale(find: Callable[[], T]) -> T:
    """The result of `find`. Raises StaleLetter if the reader may not see it any more (NotFound)."""
    try:
        return find()
    except NotFound:
        raise StaleLetter from None
