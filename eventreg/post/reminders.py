"""Reminders worded. Each looks once more, when it is sent, whether its reader still wants it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.audiences import find_audience
from eventreg.campaigns.facts import ActivityFacts, CampaignFacts
from eventreg.campaigns.rules import Schedule
from eventreg.core.keys import Keys
from eventreg.outbox.service import Claimed
from eventreg.registrations import reading, tickets
from eventreg.registrations.reading import RegistrationFacts
from eventreg.registrations.rules import in_groups
from eventreg.season.reminders import reach
from eventreg.season.reminders import service as reminders
from eventreg.season.reminders.facts import RuleFacts
from eventreg.season.reminders.rules import wanted_until
from eventreg.words import times

from .content import Content, Stale


@dataclass(frozen=True, slots=True)
class Reminded:
    """What a reminder says: of which campaign, to which audience, about which part. `over`: after its end."""

    campaign: CampaignFacts
    audience: str
    activity_id: int | None
    over: bool


def reminder(letter: Claimed, *, keys: Keys, base_url: str, now: datetime) -> Content:
    """A reminder's content. Raises Stale when its rule is off or says another time, its event has begun,
    or its reader is not in the audience any more."""
    rule = reminders.find_rule(letter.facts["rule"])
    slot = datetime.fromisoformat(letter.facts["slot"])
    if rule is None or not rule.is_on or rule.slot_at != slot or letter.person_id is None:
        raise Stale
    campaign = campaigns.campaigns_by_id({rule.campaign_id})[rule.campaign_id]
    _check_wanted(rule, campaign, letter.person_id, slot=slot, now=now)
    registration = reading.find_live(campaign.id, letter.person_id)
    return content(of_rule(rule, campaign, slot=slot), registration, keys=keys, base_url=base_url)


def of_rule(rule: RuleFacts, campaign: CampaignFacts, *, slot: datetime | None) -> Reminded:
    """What the letters of a rule say."""
    timing = rule.wanted.timing
    ends_at = max((a.ends_at for a in _parts(campaign, timing.activity_id)), default=campaign.ends_at)
    return Reminded(campaign, rule.wanted.audience, timing.activity_id, bool(slot and slot >= ends_at))


def content(about: Reminded, registration: RegistrationFacts | None, *, keys: Keys, base_url: str) -> Content:
    """The words for an audience; without a registration, as in a preview, without a number and a ticket."""
    campaign, seated = about.campaign, about.audience == "seated"
    ticket = registration if seated and not about.over else None
    token = tickets.find_token(ticket.id, keys=keys) if ticket else None
    code = tickets.find_code(ticket.id, keys=keys) if ticket else None
    own = f"{base_url}/my/registrations/{registration.id}" if registration else f"{base_url}/my"
    page = (_("查看活动"), f"{base_url}/campaigns/{campaign.slug}")
    doors = {"seated": (_("查看我的票"), own), "waiting": (_("查看候补"), own)}
    return Content(
        subject=_("提醒：%(title)s", title=campaign.title),
        heading=_heading(about),
        lines=_lines(about),
        facts=(*_facts(about), *([(_("票号"), in_groups(code))] if code else [])),
        action=page if about.over else doors.get(about.audience, page),
        qr=f"{base_url}/t/{token}" if token else "",
        state="seated" if seated else "",
    )


WRITERS = dict.fromkeys(("reminder", "reminder_seated", "reminder_waiting", "reminder_unsigned"), reminder)


def _check_wanted(
    rule: RuleFacts, campaign: CampaignFacts, person_id: int, *, slot: datetime, now: datetime
) -> None:
    audience, timing = find_audience(rule.wanted.audience), rule.wanted.timing
    if audience is None or now >= wanted_until(timing, slot, campaign, until=audience.until):
        raise Stale
    if not reach.belongs(audience, campaign, person_id):
        raise Stale


def _heading(about: Reminded) -> str:
    if about.audience == "unsigned":
        return _("还没有报名？")
    if about.audience == "drafting":
        return _("推荐还没有提交")
    return _("活动结束了") if about.over else _("别忘了这个活动")


def _lines(about: Reminded) -> tuple[str, ...]:
    campaign = about.campaign
    if about.audience == "unsigned":
        return (
            _(
                "报名到 %(at)s 截止，你还没有报。想参加，一分钟就能报好。",
                at=times.deadline(campaign.closes_at),
            ),
            _("不想参加就不用理会。"),
        )
    if about.audience == "drafting":
        at = times.deadline(campaign.closes_at)
        return (_("推荐到 %(at)s 截止，你们单位还有草稿没有提交。写好了就提交，截止以后不再收。", at=at),)
    if about.over:
        return (_("谢谢你来参加。"),)
    if about.audience == "waiting":
        return (_("你还在候补。有人退出，名额按编号往下递补；轮到你时会马上发邮件。不想等了，请退出候补。"),)
    if about.audience == "seated":
        return (_("到场出示下面的二维码。不能来，请早一点退出，名额会马上给候补的同事。"),)
    return (_("下面是时间和地点。"),)


def _facts(about: Reminded) -> tuple[tuple[str, str], ...]:
    rows = [(_("活动"), about.campaign.title)]
    parts = _parts(about.campaign, about.activity_id)
    for part in parts:
        when = times.start(part.starts_at, time_known=part.time_known)
        tentative = part.schedule is Schedule.TENTATIVE
        rows.append((part.title, _("%(when)s（暂定）", when=when) if tentative else when))
        rows.append((_("地点"), part.place or _("另行通知")))
    return tuple(rows)


def _parts(campaign: CampaignFacts, activity_id: int | None) -> list[ActivityFacts]:
    return [
        part
        for part in campaign.activities
        if part.schedule is not Schedule.CANCELLED and activity_id in {None, part.id}
    ]
