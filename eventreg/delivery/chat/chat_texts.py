"""Messages to group chats: titles, counts, times and links. They contain nothing about a person."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.campaigns import date_changes, placeholders
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.placeholders import BY_CODE
from eventreg.chat.rules import FEW
from eventreg.delivery.contents.content import LetterContent, StaleLetter
from eventreg.delivery.contents.date_letters import ChangedActivity, change_facts, change_of
from eventreg.outbox.service import ClaimedLetter
from eventreg.registrations import messages
from eventreg.words import times
from eventreg.words.delivery import reminder_words

KNOWN = {name for code in ("campaign",) for name in (BY_CODE[code].zh, BY_CODE[code].en)}


def test(letter: ClaimedLetter, *, base_url: str, **_more: object) -> LetterContent:
    """A test message."""
    heading = _("测试消息")
    lines = (_("机器人接通了。活动有新消息，会发到这个群。"),)
    campaign = _find(letter)
    facts = ((_("活动"), campaign.title),) if campaign else ()
    return LetterContent(heading, heading, lines, facts, (_("打开网站"), base_url))


def activity(letter: ClaimedLetter, *, base_url: str, **_more: object) -> LetterContent:
    """Another time, place or schedule; stale after the next change of the same activity."""
    campaign, was = _get(letter), letter.facts["was"]
    part = next((a for a in campaign.activities if a.id == letter.facts["activity"]), None)
    sequence = letter.facts["sequence"]
    if part is None or not date_changes.is_newest(campaign.id, part, letter.facts, sequence=sequence):
        raise StaleLetter
    heading = change_of([ChangedActivity(part, was)], event=campaign.title)
    facts = ((_("活动"), campaign.title), *change_facts(campaign, part, was))
    return LetterContent(heading, heading, (), facts, _page(campaign, base_url))


def places(letter: ClaimedLetter, *, base_url: str, **_more: object) -> LetterContent:
    """How many places are left; stale once the number has changed."""
    campaign, word = _get(letter), letter.facts["word"]
    free = campaign.total.free if campaign.total else 0
    if {"full": free == 0, "few": 0 < free <= FEW, "open": free > 0}[word] is False:
        raise StaleLetter
    heading = _("名额已报满")
    lines: tuple[str, ...] = (_("还可以加入候补，有人退出就按编号递补。"),)
    if word != "full":
        heading = ngettext("还剩 %(num)s 个名额", "还剩 %(num)s 个名额", free)
        lines = ()
    facts = ((_("活动"), campaign.title), (_("截止报名"), times.deadline(campaign.closes_at)))
    return LetterContent(heading, heading, lines, facts, _page(campaign, base_url))


def message(letter: ClaimedLetter, *, base_url: str, **_more: object) -> LetterContent:
    """That an organiser wrote to many, under which title: the letter itself is for its readers."""
    campaign, people = _get(letter), letter.facts["people"]
    subject = messages.words_of(letter.facts["message"]).subject
    if placeholders.named([subject]) - KNOWN:
        subject = campaign.title
    heading = placeholders.fill(subject, {"campaign": campaign.title})
    lines = (ngettext("给 %(num)s 人发了邮件，请查收。", "给 %(num)s 人发了邮件，请查收。", people),)
    return LetterContent(heading, heading, lines, ((_("活动"), campaign.title),), _page(campaign, base_url))


def reminder(letter: ClaimedLetter, *, base_url: str, **_more: object) -> LetterContent:
    """That a reminder went out, to how many."""
    campaign, told = _get(letter), letter.facts["count"]
    heading = _("提醒已发出")
    to = reminder_words.audience(letter.facts["audience"])
    lines = (
        ngettext(
            "发给%(audience)s，共 %(num)s 人，请查收邮件。",
            "发给%(audience)s，共 %(num)s 人，请查收邮件。",
            told,
            audience=to,
        ),
    )
    return LetterContent(heading, heading, lines, ((_("活动"), campaign.title),), _page(campaign, base_url))


WRITERS = {
    "robot_test": test,
    "robot_activity": activity,
    "robot_places": places,
    "robot_message": message,
    "robot_reminder": reminder,
}


def _page(campaign: CampaignFacts, base_url: str) -> tuple[str, str]:
    return _("查看活动"), f"{base_url}/campaigns/{campaign.slug}"


def _get(letter: ClaimedLetter) -> CampaignFacts:
    campaign = _find(letter)
    if campaign is None:
        raise StaleLetter
    return campaign


def _find(letter: ClaimedLetter) -> CampaignFacts | None:
    id_ = letter.facts["campaign"]
    return campaigns.campaigns_by_id({id_}).get(id_) if id_ else None
