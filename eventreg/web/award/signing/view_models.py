"""View models of the pages of heads and nominees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from eventreg.campaigns.facts import CampaignFacts
from eventreg.nominations import decisions
from eventreg.nominations.decisions import DecisionFacts
from eventreg.nominations.files import service as files
from eventreg.nominations.files.rules import MaterialPart
from eventreg.nominations.reading import NominationFacts
from eventreg.nominations.rules import NominationState, Terms
from eventreg.nominations.signing import consents, service
from eventreg.nominations.signing.consents import OwnNomination
from eventreg.nominations.signing.delegations import DelegationFacts
from eventreg.nominations.signing.rules import ConsentPurpose, DisclosedContent
from eventreg.nominations.signing.service import ConsentFacts, SignatureFacts
from eventreg.nominations.signing.signatures import NominationToSign
from eventreg.people import service as people
from eventreg.people.service import PersonFacts
from eventreg.web.app.records import Record, local
from eventreg.web.award.drafting.view_models import NominationResponses, told
from eventreg.words import times
from eventreg.words.award import award_words, signing_words


@dataclass(frozen=True, slots=True)
class PaperCard:
    """A nomination for its signer."""

    name: str
    title: str
    lang: str
    unit: str
    state: tuple[str, str]
    signature: tuple[str, str]
    signed: str
    on_behalf_of: str
    own: bool
    can_sign: bool
    can_return: bool
    told: tuple[tuple[str, str], ...]
    deeds: str
    figures: str
    files: tuple[Record, ...]
    url: str


@dataclass(frozen=True, slots=True)
class PurposeCard:
    """What others will see, with the nominee's answer."""

    code: str
    name: str
    why: str
    told: tuple[tuple[str, str], ...]
    deeds: str
    digest: str
    state: tuple[str, str]
    since: str
    asked: bool
    given: bool
    lead: bool


Names = Mapping[int, PersonFacts]
Consents = Mapping[ConsentPurpose, ConsentFacts | None]


def names_of(signatures: Iterable[SignatureFacts | None]) -> Names:
    """The names of signers and of those they signed for, in one statement."""
    ids = {one for s in signatures if s is not None for one in (s.by, s.on_behalf_of) if one is not None}
    return people.people_by_id(ids) if ids else {}


def line(
    found: NominationFacts, signed: SignatureFacts | None, campaign: CampaignFacts, *, mine: int, names: Names
) -> Record:
    """A nomination in its signer's list."""
    due, own = found.state is NominationState.SUBMITTED, found.nominee.id == mine
    state = signing_words.signature(signed=signed is not None, own=own, due=due)
    at = found.submitted_at.astimezone(campaign.zone) if found.submitted_at else None
    said = _("%(at)s 提交", at=times.moment(at)) if at else ""
    lines = (
        (campaign.title, campaign.lang),
        (found.nominee.unit, "zh-CN"),
        said,
        _who(signed, campaign, names),
    )
    shown = tuple(one for one in lines if one)
    url = url_for("signing.paper", nomination_id=found.id)
    return Record(found.nominee.name, shown, state, url, lang="zh-CN")


def paper(one: NominationToSign, campaign: CampaignFacts, asks: Terms, *, mine: int) -> PaperCard:
    """All of a nomination for one page."""
    found, own = one.found, one.found.nominee.id == mine
    signable = found.state in {NominationState.SUBMITTED, NominationState.CANDIDATE}
    counted = found.counted
    return PaperCard(
        name=found.nominee.name,
        title=campaign.title,
        lang=campaign.lang,
        unit=found.nominee.unit,
        state=award_words.state(str(found.state)),
        signature=signing_words.signature(signed=one.signed is not None, own=own, due=signable),
        signed=_who(one.signed, campaign, names_of([one.signed])),
        on_behalf_of=people.person_facts(one.on_behalf_of).name if one.on_behalf_of else "",
        own=own,
        can_sign=one.signed is None and not own and signable,
        can_return=found.state is NominationState.SUBMITTED and not own,
        told=told(one.saved.content, asks),
        deeds=one.saved.content.deeds,
        figures=award_words.figures(counted.zishu, counted.han, counted.characters) if counted else "",
        files=_files(found.id, "signing.file"),
        url=url_for("signing.paper", nomination_id=found.id),
    )


def delegate(one: DelegationFacts, paths: Mapping[int, str]) -> Record:
    """A delegation with the button that ends it; `paths` are those of units, by id."""
    unit = paths.get(one.unit_id, "")
    since, until = times.moment(local(one.since)), times.deadline(local(one.until))
    period = _("%(since)s 到 %(until)s", since=since, until=until)
    lines = (_("工号 %(no)s", no=one.delegate.staff_no), (unit, "zh-CN"), period)
    form_url = url_for("delegates.end_delegation", delegation_id=one.id)
    return Record(one.delegate.name, lines, form_url=form_url, lang="zh-CN")


def own_line(found: NominationFacts, said: Consents, campaign: CampaignFacts, unit: str) -> Record:
    """A nomination in its nominee's list."""
    open_ = [purpose for purpose, consent in said.items() if consent is None]
    state = ("waiting", _("等你回复")) if open_ else ("seated", _("已回复"))
    if found.state is NominationState.INELIGIBLE or (found.state is NominationState.CANDIDATE and not open_):
        state = award_words.state(str(found.state))
    url = url_for("my_nominations.own", nomination_id=found.id)
    return Record(campaign.title, ((_("%(unit)s推荐", unit=unit), "zh-CN"),), state, url, lang=campaign.lang)


def purposes(own: OwnNomination, campaign: CampaignFacts) -> tuple[PurposeCard, ...]:
    """The purposes of consent: judges first, then the public notice, then sensitive data where there are any."""
    said = {purpose: own.consents.get(purpose) for purpose in own.shown}
    first = next((p for p, answer in said.items() if answer is None), None)
    return tuple(_purpose(p, own.shown[p], answer, campaign, lead=p is first) for p, answer in said.items())


def corrections(own: OwnNomination, campaign: CampaignFacts) -> tuple[Record, ...]:
    """The nominee's corrections, the latest first."""
    return tuple(
        Record(_("%(at)s 发出", at=times.moment(one.at.astimezone(campaign.zone))), ((one.text, "zh-CN"),))
        for one in own.corrections
    )


def copies(nomination_id: int, endpoint: str = "my_nominations.file") -> tuple[Record, ...]:
    """The files that judges get: without names of authors and places of photos, and without the minutes."""
    return _files(nomination_id, endpoint, for_judges=True)


def notice(owner: str, campaign: CampaignFacts) -> tuple[tuple[str, str], ...]:
    """The nominee's privacy notice."""
    return signing_words.notice(owner, campaign.title, campaign.retain_until, campaign.archive_until)


def beside(
    found: NominationFacts, campaign: CampaignFacts, *, until: datetime, now: datetime, nobody: bool = False
) -> NominationResponses:
    """Responses to a nomination for the department's contacts: decisions, signature, consents and corrections.

    `until` is the deadline for submitting it, `nobody` says that there is no head who can sign it.
    """
    if found.handed_in is None:
        return NominationResponses()
    decided = decisions.list_of([found.id]).get(found.id, [])
    signed, said = service.standing_of([found.id])[found.id], service.consents_of([found.id])[found.id]
    return NominationResponses(
        _decided(found, decided[0], campaign, until=until, now=now) if decided else (),
        ()
        if found.state is NominationState.INELIGIBLE
        else (
            *_standing(signed, said, campaign, nobody=nobody and signed is None),
            *_unreached(found, said),
        ),
        tuple(
            (_("%(at)s 写的", at=times.moment(one.at.astimezone(campaign.zone))), one.text)
            for one in consents.corrections_of(found.id)
        ),
    )


def _decided(
    found: NominationFacts, last: DecisionFacts, campaign: CampaignFacts, *, until: datetime, now: datetime
) -> tuple[str, ...]:
    """Heading and paragraphs of the last decision while it is in force: who, why, what to do until when."""
    at = times.moment(last.at.astimezone(campaign.zone))
    reason = (last.reason,) if last.reason else ()
    if found.state is NominationState.RETURNED:
        who = _("负责人在 %(at)s 退回了", at=at) if last.as_head else _("审核人在 %(at)s 退回了", at=at)
        if now >= until:
            return who, *reason, _("推荐已经截止，现在不能重新提交。要补正，请找审核人延期。")
        return who, *reason, _("改好以后重新提交，最晚 %(at)s，名额还留着。", at=times.deadline(until))
    if found.state is NominationState.INELIGIBLE:
        freed = _("它的名额在 %(at)s 空出来了，截止以前可以推荐别人。", at=at)
        return _("审核人认定不符合条件"), *reason, freed
    return ()


def _standing(
    signed: SignatureFacts | None, answers: Consents, campaign: CampaignFacts, *, nobody: bool
) -> tuple[tuple[str, str], ...]:
    said = tuple(
        (
            _("本人：%(purpose)s", purpose=signing_words.purpose(str(purpose))[0]),
            signing_words.answer(str(consent.answer))[1] if consent else _("等她回复"),
        )
        for purpose, consent in answers.items()
    )
    waits = _("没有别的负责人可以签。请找管理员，给上级单位设一位负责人") if nobody else _("等负责人签字")
    return ((_("负责人签字"), _who(signed, campaign, names_of([signed])) or waits), *said)


def _unreached(found: NominationFacts, said: Consents) -> tuple[tuple[str, str], ...]:
    """What to do when no letter reaches a nominee who has not answered: her contact informs her."""
    if found.nominee.email or None not in said.values():
        return ()
    told = _("她没有邮箱，收不到信。请当面告诉她：登录以后，首页有要她回复的推荐。登录码在“发登录码”打印。")
    return ((_("请转告本人"), told),)


def _purpose(
    purpose: ConsentPurpose,
    shown: DisclosedContent,
    consent: ConsentFacts | None,
    campaign: CampaignFacts,
    *,
    lead: bool,
) -> PurposeCard:
    name, why = signing_words.purpose(str(purpose))
    answer = str(consent.answer) if consent else "asked"
    at = consent.at if consent else None
    return PurposeCard(
        code=str(purpose),
        name=name,
        why=why,
        told=_shown(shown),
        deeds=shown.deeds,
        digest=shown.digest,
        state=signing_words.answer(answer),
        since=times.moment(at.astimezone(campaign.zone)) if at else "",
        asked=consent is None,
        given=answer == "given",
        lead=lead,
    )


def _shown(shown: DisclosedContent) -> tuple[tuple[str, str], ...]:
    named = ((_("姓名"), shown.name), (_("单位"), shown.unit))
    answers = tuple((award_words.field(key), said) for key, said in shown.answers.items())
    short = ((_("公示用的简短事迹"), shown.short),) if shown.short else ()
    return (*named, *answers, *short)


def _who(signed: SignatureFacts | None, campaign: CampaignFacts, names: Names) -> str:
    if signed is None:
        return ""
    behalf = names[signed.on_behalf_of].name if signed.on_behalf_of else ""
    return signing_words.signed(names[signed.by].name, signed.at.astimezone(campaign.zone), behalf)


def _files(nomination_id: int, endpoint: str, *, for_judges: bool = False) -> tuple[Record, ...]:
    found = files.list_files([nomination_id])
    return tuple(
        Record(
            one.name,
            (_("%(kind)s，%(size)s KB", kind=str(one.kind).upper(), size=-(-one.size // 1024)),),
            url=url_for(endpoint, nomination_id=nomination_id, file_id=one.id),
            lang="zh-CN",
        )
        for one in found
        if not for_judges or (one.copied and one.part is not MaterialPart.MINUTES)
    )
