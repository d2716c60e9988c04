"""The content of reminders. When one is sent, it is checked again whether it still applies to its reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.rules import ScheduleState
from eventreg.campaigns.wording import LetterWords
from eventreg.core.keyring.keys import Keys
from eventreg.outbox.service import ClaimedLetter
from eventreg.people import service as people
from eventreg.registrations import reading, tickets
from eventreg.registrations.audiences import NOT_SIGNED_UP, ORGANISERS
from eventreg.registrations.reading import RegistrationFacts
from eventreg.registrations.rules import in_groups
from eventreg.reminders import by_button as button
from eventreg.reminders import reach
from eventreg.reminders import service as reminders
from eventreg.reminders.audiences import find_audience
from eventreg.reminders.reminder_facts import RuleFacts
from eventreg.reminders.rules import wanted_until
from eventreg.season import sign_up_gaps

from . import default_wording, registration_letters, signing_letters
from .content import LetterContent, StaleLetter


@dataclass(frozen=True, slots=True)
class ReminderReader:
    """The reader of a reminder, with their registration in the campaign."""

    person_id: int
    registration: RegistrationFacts | None = None
    token: str | None = None
    code: str | None = None

    def answers(self) -> Mapping[str, str]:
        """The reader's answers, by the question's key."""
        return reading.answers_of(self.registration.id) if self.registration else {}


@dataclass(frozen=True, slots=True)
class ReminderContent:
    """What a reminder is about: its campaign, audience and activity. `over` says that it is for after the end."""

    campaign: CampaignFacts
    audience: str
    activity_id: int | None
    over: bool

    @property
    def has_ticket(self) -> bool:
        """Whether its readers' tickets stand in it."""
        return self.audience == "seated" and not self.over


def reminder(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    """A reminder's content. Raises StaleLetter when its rule is off or says another time, its event has begun,
    or its reader is not in the audience any more."""
    rule = reminders.find_rule(letter.facts["rule"])
    slot = datetime.fromisoformat(letter.facts["slot"])
    if rule is None or not rule.is_on or rule.slot_at != slot or letter.person_id is None:
        raise StaleLetter
    campaign = campaigns.campaign_by_id(rule.campaign_id)
    _check_wanted(rule, campaign, letter.person_id, slot=slot, now=now)
    registration = reading.find_live(campaign.id, letter.person_id)
    about = of_rule(rule, campaign, slot=slot)
    token = code = None
    if registration and about.has_ticket:
        token, code = (find(registration.id, keys=keys) for find in (tickets.find_token, tickets.find_code))
    return content(about, ReminderReader(letter.person_id, registration, token, code), base_url=base_url)


def by_button(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    """A reminder that an organiser or a contact sent to people who have not signed up.

    Raises StaleLetter when nobody can sign up any more, or when its reader has signed up.
    """
    campaign = campaigns.campaign_by_id(letter.facts["campaign"])
    person_id = letter.person_id
    if person_id is None or now >= campaign.closes_at or campaign.called_off:
        raise StaleLetter
    if not sign_up_gaps.is_missing(campaign, person_id):
        raise StaleLetter
    about = ReminderContent(campaign, NOT_SIGNED_UP, None, over=False)
    told = content(about, ReminderReader(person_id), base_url=base_url)
    page = (_("去报名"), f"{base_url}/campaigns/{campaign.slug}")
    return replace(told, action=page, why=_("你收到这封信，是因为这项活动你可以参加，还没有报名。"))


def of_an_award(letter: ClaimedLetter, *, keys: Keys, base_url: str, now: datetime) -> LetterContent:
    """A reminder that HR sent to an audience of an award. Raises StaleLetter once its reader has done what it asks."""
    campaign, audience = campaigns.campaign_by_id(letter.facts["campaign"]), letter.facts["audience"]
    person_id = letter.person_id or 0
    if not button.is_wanted(campaign, audience, person_id, now=now):
        raise StaleLetter
    told = content(
        ReminderContent(campaign, audience, None, over=False), ReminderReader(person_id), base_url=base_url
    )
    return replace(told, why=_("你收到这封信，是因为审核人请你办这件事。"))


def of_rule(rule: RuleFacts, campaign: CampaignFacts, *, slot: datetime | None) -> ReminderContent:
    """The subject matter of the letters of a rule."""
    timing = rule.wanted.timing
    ends_at = max((a.ends_at for a in _parts(campaign, timing.activity_id)), default=campaign.ends_at)
    return ReminderContent(campaign, rule.wanted.audience, timing.activity_id, bool(slot and slot >= ends_at))


def content(
    about: ReminderContent, reader: ReminderReader, *, base_url: str, words: LetterWords | None = None
) -> LetterContent:
    """The words for an audience, `words` in place of the campaign's own for a preview.

    Without a registration, as in a preview, there is no number and no ticket.
    """
    campaign, registration = about.campaign, reader.registration
    own = f"{base_url}/my/registrations/{registration.id}" if registration else f"{base_url}/my"
    page = (_("查看活动"), f"{base_url}/campaigns/{campaign.slug}")
    papers = f"{base_url}/manage/campaigns/{campaign.slug}/papers"
    links = {
        "seated": (_("查看我的票"), own),
        "waiting": (_("查看候补"), own),
        ORGANISERS: (_("打开当天材料"), papers),
    }
    link = links.get(about.audience) or signing_letters.action_link(about.audience, base_url)
    subject, lines = _worded(about, reader, link=link[1] if link else own, words=words)
    return LetterContent(
        subject=subject,
        heading=_heading(about),
        lines=lines,
        facts=(*_facts(about), *([(_("票号"), in_groups(reader.code))] if reader.code else [])),
        action=page if about.over or link is None else link,
        qr=f"{base_url}/t/{reader.token}" if reader.token else "",
        title=campaign.title,
        leaving=_leaving(about, own) if registration else None,
        why=_("你收到这封信，是因为活动的组织者定了这个提醒。"),
    )


KINDS = (
    "reminder",
    *(f"reminder_{who}" for who in ("seated", "waiting", "unsigned", ORGANISERS, *signing_letters.REMINDERS)),
)
WRITERS = {**dict.fromkeys(KINDS, reminder), sign_up_gaps.KIND: by_button, button.KIND: of_an_award}


def _check_wanted(
    rule: RuleFacts, campaign: CampaignFacts, person_id: int, *, slot: datetime, now: datetime
) -> None:
    audience, timing = find_audience(rule.wanted.audience), rule.wanted.timing
    if audience is None or now >= wanted_until(timing, slot, campaign, until=audience.until):
        raise StaleLetter
    if not reach.belongs(audience, campaign, person_id):
        raise StaleLetter


def _heading(about: ReminderContent) -> str:
    if about.audience == "unsigned":
        return _("还没有报名？")
    if about.audience in signing_letters.REMINDERS:
        return signing_letters.heading(about.audience)
    if about.audience == ORGANISERS:
        return _("把当天的材料打印出来")
    return _("活动结束了") if about.over else _("活动快到了")


def _worded(
    about: ReminderContent, reader: ReminderReader, *, link: str, words: LetterWords | None
) -> tuple[str, tuple[str, ...]]:
    """Subject and paragraphs: an organiser's words where the kind may be worded, while it is not over."""
    campaign, kind = about.campaign, f"reminder_{about.audience}"
    if about.audience == ORGANISERS:
        line = _("签到表、胸牌、分组表和成绩单已经排好，打印出来带到现场：手机没电、没有网络，也能办下去。")
        return _("当天材料：%(title)s", title=campaign.title), (line,)
    ended = about.over and about.audience not in {"unsigned", *signing_letters.REMINDERS}
    if ended or kind not in default_wording.DEFAULTS:
        line = _("谢谢你来参加。") if about.over else _("下面是时间和地点。")
        return _("提醒：%(title)s", title=campaign.title), (line,)
    arrival = str(reader.registration.arrival) if reader.registration else ""
    return registration_letters.filled(
        words or default_wording.words_of(kind, campaign),
        campaign,
        {"number": arrival, "link": link},
        reader=lambda: people.person_facts(reader.person_id),
        answers=reader.answers,
    )


def _facts(about: ReminderContent) -> tuple[tuple[str, str], ...]:
    rows = []
    for part in _parts(about.campaign, about.activity_id):
        when, where = registration_letters.when_and_where(part)
        rows += [(part.title, when), (_("地点"), where)]
    off = registration_letters.called_off_facts(about.campaign) if about.activity_id is None else ()
    return (*rows, *off)


def _leaving(about: ReminderContent, own: str) -> tuple[str, str] | None:
    """How to withdraw, before the event. Whether it is still possible is said by the page."""
    if about.over or about.audience not in {"seated", "waiting"}:
        return None
    seated = about.audience == "seated"
    return registration_letters.how_to_leave(about.campaign, "", seated=seated), f"{own}/withdrawal"


def _parts(campaign: CampaignFacts, activity_id: int | None) -> list[ActivityFacts]:
    return [
        part
        for part in campaign.activities
        if part.schedule is not ScheduleState.CANCELLED and activity_id in {None, part.id}
    ]
