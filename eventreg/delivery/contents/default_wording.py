"""The default wording of each kind of letter in the current language, or what an organiser wrote.

A new kind of letter that organisers may word gets a line in DEFAULTS, with its placeholders and its text. All other
kinds are in OURS, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask_babel import gettext as _

from eventreg.campaigns import placeholders, wording
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts, QuestionFacts
from eventreg.campaigns.placeholders import BY_CODE, Placeholder
from eventreg.campaigns.rules import Intake
from eventreg.campaigns.wording import LetterWords
from eventreg.words.locale import current, speaking

from . import award_wording

OF_AN_AWARD = ("campaign", "name", "unit")  # in messages to people who did not sign up
COMMON = ("campaign", "time", "place", "number", "link", "name", "unit")


@dataclass(frozen=True, slots=True)
class DefaultWording:
    """The placeholders of a kind of letter, its text in the current language, and the campaigns that send it."""

    codes: tuple[str, ...]
    write: Callable[[], LetterWords]
    accepts: Intake = Intake.REGISTRATIONS


def _seated() -> LetterWords:
    lead = _("到场出示下面的二维码。")
    return LetterWords(_("已报上：%(title)s", title=_token("campaign")), (lead,))


def _promoted() -> LetterWords:
    lead = _("有了空名额，按编号递补给了你。到场出示下面的二维码。")
    return LetterWords(_("轮到你了：%(title)s", title=_token("campaign")), (lead,))


def _offered() -> LetterWords:
    lead = _("有了空名额，按编号递补给了你。确认以后，到场出示下面的二维码。")
    return LetterWords(_("轮到你了，请确认：%(title)s", title=_token("campaign")), (lead,))


def _reissued() -> LetterWords:
    lead = _("原来的票不能再用，请只用下面的二维码。编号和名额都没有变。")
    return LetterWords(_("换了新票：%(title)s", title=_token("campaign")), (lead,))


def _waiting() -> LetterWords:
    return LetterWords(
        _("候补第 %(n)s 位：%(title)s", n=_token("position"), title=_token("campaign")),
        (
            _("名额已报满，你已加入候补，现在还没有名额。"),
            _("有人退出，名额按编号往下递补；轮到你时会再发一封邮件。"),
        ),
    )


def _withdrawn() -> LetterWords:
    lead = _(
        "你的名额没有保留，原来的票不能再用。想再参加，截止以前可以重新报名，编号重新排；报满了就加入候补。"
    )
    return LetterWords(_("已退出：%(title)s", title=_token("campaign")), (lead,))


def _entered_seated() -> LetterWords:
    lead = _("这次报名由下面写的经办人办理，你不用再报。到场出示下面的二维码。")
    return LetterWords(_("已为你报上：%(title)s", title=_token("campaign")), (lead,))


def _entered_waiting() -> LetterWords:
    return LetterWords(
        _("已为你加入候补，第 %(n)s 位：%(title)s", n=_token("position"), title=_token("campaign")),
        (
            _("这次报名由下面写的经办人办理，你不用再报。名额已报满，现在还没有名额。"),
            _("有人退出，名额按编号往下递补；轮到你时会再发一封邮件。"),
        ),
    )


def _changed() -> LetterWords:
    subject = _("%(what)s：%(title)s", what=_token("change"), title=_token("campaign"))
    return LetterWords(subject, (_token("details"),))


def _remind_seated() -> LetterWords:
    lead = _("到场出示下面的二维码。")
    return LetterWords(_("提醒：%(title)s", title=_token("campaign")), (lead,))


def _remind_waiting() -> LetterWords:
    lead = _("你还在候补。有人退出，名额按编号往下递补；轮到你时会马上发邮件。")
    return LetterWords(_("提醒：%(title)s", title=_token("campaign")), (lead,))


def _remind_unsigned() -> LetterWords:
    lead = _("报名到 %(at)s 截止，你还没有报。想参加，一分钟就能报好。", at=_token("deadline"))
    return LetterWords(_("提醒：%(title)s", title=_token("campaign")), (lead, _("不想参加就不用理会。")))


def kinds_of(campaign: CampaignFacts) -> list[str]:
    """The kinds of letter of a campaign that may be worded."""
    return [kind for kind, default in DEFAULTS.items() if default.accepts is campaign.accepts]


def words_of(kind: str, campaign: CampaignFacts) -> LetterWords:
    """The text of a kind of letter in the current language, with placeholders."""
    own = wording.written(campaign.id, campaign.version).get((kind, current()))
    default = DEFAULTS[kind].write()
    if campaign.called_off and kind in UNTRUE_WHEN_CALLED_OFF:
        default = LetterWords(default.subject, (_("活动已经取消，各个项目都不办了，不用到场。"),))
    return own or default


# Their default texts promise a place, a way to get one or something to do at the door.
UNTRUE_WHEN_CALLED_OFF = {
    f"registration_{what}" for what in ("seated", "waiting", "promoted", "withdrawn")
} | {
    "place_offered",
    "ticket_reissued",
    "entered_seated",
    "entered_waiting",
    "reminder_seated",
    "reminder_waiting",
    "reminder_unsigned",
}


def questions_of(campaign: CampaignFacts) -> tuple[QuestionFacts, ...]:
    """The questions whose answers a letter may hold; of two with the same label the one asked now comes last."""
    return campaigns.entry_for(campaign).answered[::-1]


def offered(codes: tuple[str, ...], campaign: CampaignFacts) -> tuple[Placeholder, ...]:
    """All placeholders for a letter of a campaign."""
    answered = (
        questions_of(campaign) if "number" in codes else ()
    )  # people who have not signed up have no answers
    asked = (placeholders.answer(q.key, q.label) for q in answered)
    return (*(BY_CODE[code] for code in codes), *asked)


def default_of(kind: str, lang: str) -> LetterWords:
    """The default wording in a language."""
    with speaking(lang):
        return DEFAULTS[kind].write()


def _token(code: str) -> str:
    return BY_CODE[code].token(current())


DEFAULTS: dict[str, DefaultWording] = {
    "registration_seated": DefaultWording(COMMON, _seated),
    "registration_waiting": DefaultWording((*COMMON, "position"), _waiting),
    "registration_promoted": DefaultWording(COMMON, _promoted),
    "place_offered": DefaultWording(COMMON, _offered),
    "registration_withdrawn": DefaultWording(COMMON, _withdrawn),
    "ticket_reissued": DefaultWording(COMMON, _reissued),
    "entered_seated": DefaultWording(COMMON, _entered_seated),
    "entered_waiting": DefaultWording((*COMMON, "position"), _entered_waiting),
    "activity_changed": DefaultWording((*COMMON, "activity", "change", "details"), _changed),
    "reminder_seated": DefaultWording(COMMON, _remind_seated),
    "reminder_waiting": DefaultWording(COMMON, _remind_waiting),
    "reminder_unsigned": DefaultWording(
        ("campaign", "time", "place", "deadline", "name", "unit"), _remind_unsigned
    ),
    **{
        kind: DefaultWording(award_wording.CODES, partial(write, _token), Intake.NOMINATIONS)
        for kind, write in award_wording.WORDS.items()
    },
}

_SECURITY = "a code: its words warn, and nobody may write others into it"
_GROUP = "a group is told in fixed forms, in which no word about a person can stand"
_FEW = "a few a year, to contacts who know the award"
OURS: dict[str, str] = {
    "sign_in_code": _SECURITY,
    "signature_code": _SECURITY,
    "delegated": "of no campaign: there is nobody whose words it could say",
    "nomination_ineligible": _FEW,
    "consent_declined": _FEW,
    "proposal_passed_on": _FEW,
    "deadline_extended": _FEW,
    "consent_withdrawn": _FEW,
    "role_granted": "of no campaign: it tells a person what they may do in the product",
    "audit_head": "of no campaign: it tells administrators where the audit trail ends",
    "leavers_gave_up": "a few a year, to organisers",
    "judging_opened": "to judges, about their work",
    "removal_soon": "to organisers, about what is removed",
    "reminder_organisers": "to organisers, about the papers of the day",
    "award_reminder": "it says what the reminders of an award say, which may be worded",
    "sign_up_reminder": "it says what reminder_unsigned says, which may be worded",
    "unit_short": "a few a year, to contacts who know the forum",
    "colleagues_unreached": "to contacts, about colleagues whom no letter reached",
    "message": "it is written anew each time",
    "reminder": "what is over has no audience of its own",
    "robot_test": _GROUP,
    "robot_activity": _GROUP,
    "robot_places": _GROUP,
    "robot_message": _GROUP,
    "robot_reminder": _GROUP,
}
