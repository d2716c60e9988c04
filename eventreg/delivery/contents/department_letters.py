"""Letters to a department's contacts about nominations: what the head, HR, the nominee or a colleague did.

They contain the reason that somebody wrote, but nothing of the nomination itself except the nominee's name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _

from eventreg.campaigns import service as campaigns
from eventreg.core.keyring.keys import Keys
from eventreg.nominations import access, decisions, quotas, reading
from eventreg.nominations.decisions import DecisionFacts
from eventreg.nominations.reading import NominationFacts
from eventreg.nominations.rules import NominationState
from eventreg.nominations.screening import queue
from eventreg.nominations.signing import service
from eventreg.nominations.signing.rules import ConsentAnswer, ConsentPurpose
from eventreg.outbox.service import ClaimedLetter
from eventreg.people import service as people
from eventreg.words import times
from eventreg.words.award import signing_words

from .content import LetterContent, StaleLetter
from .signing_letters import HEADINGS, VisibleNomination, about, or_stale, worded

AGREED = (None, ConsentAnswer.GIVEN)


@dataclass(frozen=True, slots=True)
class DepartmentLetter:
    """What differs between these letters: heading, what to do, and facts beside the award and the nominee."""

    heading: str
    line: str = ""
    more: tuple[tuple[str, str], ...] = ()
    closed: bool = False


def _letter(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    readable = access.for_contact(letter.person_id or 0, now=now)
    found = or_stale(lambda: reading.get(letter.facts["nomination"], readable))
    told = about(found)
    said, address = SAYING[letter.kind](told, now), f"{base_url}/unit/nominations/{found.id}"
    if letter.kind in HEADINGS:
        kept = worded(letter, told, address)
        # What closes a matter is said instead of what the organiser worded: "submit it again" and "closed" are not both true.
        lines = (said.line,) if said.closed else (*kept.lines, said.line) if said.line else kept.lines
        return replace(kept, heading=said.heading, lines=lines, facts=(*kept.facts, *said.more))
    return LetterContent(
        subject=_("%(what)s：%(award)s", what=said.heading, award=told.campaign.title),
        heading=said.heading,
        lines=(said.line,),
        facts=(*told.facts, *said.more),
        action=(_("查看推荐"), address),
        state="waiting",
    )


def _corrected(told: VisibleNomination, now: datetime) -> DepartmentLetter:
    return DepartmentLetter(_("被推荐人指出有地方不对"))


def _returned(told: VisibleNomination, now: datetime) -> DepartmentLetter:
    """Returned: the reason and until when to correct; stale once it was submitted again."""
    decided = _decided(told.found, NominationState.RETURNED)
    until = decisions.closes_for(told.campaign.id, told.found.unit_id)
    until = max(until, decided.due_at or until)
    heading = _("负责人退回了推荐") if decided.as_head else _("审核人退回了推荐")
    if now >= until:
        return DepartmentLetter(
            heading,
            _("推荐已经截止，现在不能重新提交。要补正，请找审核人延期。"),
            ((_("退回的原因"), decided.reason),),
            closed=True,
        )
    mended_by = times.deadline(until.astimezone(told.campaign.zone))
    return DepartmentLetter(heading, more=((_("退回的原因"), decided.reason), (_("补正到"), mended_by)))


def _ruled_out(told: VisibleNomination, now: datetime) -> DepartmentLetter:
    decided = _decided(told.found, NominationState.INELIGIBLE)
    line = _("这份推荐不再参评，它的名额空出来了：截止以前可以推荐别人。")
    return DepartmentLetter(_("审核人认定不符合条件"), line, ((_("原因"), decided.reason),))


def _declined(told: VisibleNomination, now: datetime) -> DepartmentLetter:
    """A consent was declined; stale when the nominee consents later, or when other words were submitted."""
    said = service.consents_of([told.found.id])[told.found.id]
    refused = {purpose for purpose, one in said.items() if (one.answer if one else None) not in AGREED}
    if not refused:
        raise StaleLetter
    if refused == {ConsentPurpose.SENSITIVE}:
        line = _(
            "审核人看不到民族、证件号这些信息。不影响参评，也请不要催她。用不着的，从推荐表里删掉再提交。"
        )
        return DepartmentLetter(_("被推荐人不同意提供敏感信息"), line)
    return DepartmentLetter(
        _("被推荐人不同意"),
        _("她不同意提交评审，或者不同意公示，这样不能参加评选。是否同意由本人决定。要换人，请找审核人。"),
    )


def _passed_on(told: VisibleNomination, now: datetime) -> DepartmentLetter:
    """A proposal was passed on; stale when it is no draft any more."""
    if told.found.state is not NominationState.DRAFT:
        raise StaleLetter
    return DepartmentLetter(
        _("员工交来一份推荐"),
        _("它现在是你们单位的草稿，还没有占名额。请看一遍，改好以后提交；不推荐，就撤回。"),
    )


def _decided(found: NominationFacts, state: NominationState) -> DecisionFacts:
    """The last decision. Raises StaleLetter when it is not in force."""
    decided = decisions.list_of([found.id]).get(found.id, [])
    if found.state is not state or not decided:
        raise StaleLetter
    return decided[0]


SAYING: dict[str, Callable[[VisibleNomination, datetime], DepartmentLetter]] = {
    "correction_sent": _corrected,
    "nomination_returned": _returned,
    "nomination_ineligible": _ruled_out,
    "consent_declined": _declined,
    "proposal_passed_on": _passed_on,
}


def _extended(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    """A later deadline of one department; stale when another one was given since."""
    campaign = campaigns.campaign_by_id(letter.facts["campaign"])
    line = quotas.find_line(campaign.id, letter.facts["unit"])
    until = datetime.fromisoformat(letter.facts["until"])
    if line is None or line.extended_until != until:
        raise StaleLetter
    at = times.deadline(until.astimezone(campaign.zone))
    return LetterContent(
        subject=_("推荐延期到 %(at)s：%(award)s", at=at, award=campaign.title),
        heading=_("你们单位的推荐延期了"),
        lines=(_("只有你们单位可以晚些提交。到新的时间为止，可以提交、修改和重新提交。"),),
        facts=((_("评选"), campaign.title), (_("单位"), people.unit_path(line.unit_id)), (_("延期到"), at)),
        action=(_("打开部门推荐"), f"{base_url}/unit/nominations"),
    )


def _withdrawn(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    """To HR: a nominee withdrew a consent; stale when she has given it again."""
    campaign, found = or_stale(lambda: queue.get(letter.facts["nomination"]))
    purpose = ConsentPurpose(letter.facts["purpose"])
    said = service.consents_of([found.id])[found.id].get(purpose)
    if said is None or said.answer is ConsentAnswer.GIVEN:
        raise StaleLetter
    told, what = about(found), signing_words.purpose(str(purpose))[0]
    return LetterContent(
        subject=_("被推荐人撤回了同意（%(what)s）：%(award)s", what=what, award=campaign.title),
        heading=_("被推荐人撤回了同意：%(what)s", what=what),
        lines=(
            _("这些信息你们不再看得到。不影响参评。")
            if purpose is ConsentPurpose.SENSITIVE
            else _("没有这一项同意，不能参加评选。是否同意由本人决定。"),
        ),
        facts=told.facts,
        action=(_("查看推荐"), f"{base_url}/review/nominations/{found.id}"),
    )


WRITERS: dict[str, Callable[..., LetterContent]] = dict.fromkeys(SAYING, _letter) | {
    "consent_withdrawn": _withdrawn,
    "deadline_extended": _extended,
}
