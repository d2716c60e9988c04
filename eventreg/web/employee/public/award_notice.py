"""The award's page as the notice of an award (评选通知): conditions, places, procedure with its days, materials, whom to ask."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from eventreg.awards.rounds import service as rounds
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import Intake
from eventreg.campaigns.stages import service as stages
from eventreg.nominations import quotas, terms
from eventreg.nominations.rules import CONDITIONS
from eventreg.web.app import pages
from eventreg.words import times
from eventreg.words.award import award_words, judging_words, stage_words


@dataclass(frozen=True, slots=True)
class AwardNotice:
    """What the notice says: the conditions, (unit, places) with their total, (stage, days), and what to hand in where."""

    conditions: tuple[str, ...]
    places: tuple[tuple[str, int], ...]
    total: int
    stages: tuple[tuple[str, str], ...]
    judging: tuple[str, ...]
    materials: tuple[str, ...]
    contact: str


def award_notice(campaign: CampaignFacts) -> AwardNotice | None:
    """The notice of an award; None for a campaign with sign-ups."""
    if campaign.accepts is not Intake.NOMINATIONS:
        return None
    asks, site = terms.terms_of(campaign), pages.site()
    places = tuple((line.unit, line.places) for line in quotas.table(campaign.id) if line.places)
    length = _("%(least)s～%(most)s 字，与 Word 字数统计一致", least=asks.least, most=asks.most)
    return AwardNotice(
        tuple(award_words.CONDITIONS[code]() for code in CONDITIONS),
        places,
        sum(number for _unit, number in places),
        _stages(campaign),
        _judging(campaign),
        (
            _("推荐表：由部门联系人在本系统填写，可以打印。"),
            _("事迹材料：%(length)s。", length=length),
            _("纸质推荐表和事迹材料：部门负责人签字后，交到%(owner)s。", owner=site.owner),
        ),
        _("%(owner)s，电话 %(phone)s", owner=site.owner, phone=site.phone) if site.phone else site.owner,
    )


def _judging(campaign: CampaignFacts) -> tuple[str, ...]:
    """How candidates are judged, once HR has said so; with the reason of a change after nominations closed."""
    found = rounds.find(campaign.id)
    if found is None:
        return ()
    lines = [
        _("%(title)s：满分 %(most)s，占 %(weight)s%%", title=one.title, most=one.most, weight=one.weight)
        for one in found.criteria
    ]
    lines.append(_("总分相同：%(rule)s。", rule=judging_words.TIES[str(found.tie)]()))
    if found.drops:
        lines.append(_("每份推荐都有五位以上评委打分时，去掉一个最高分、一个最低分。"))
    lines.append(_("评委对本人、本部门和写过、签过的推荐回避。"))
    if found.reason:
        lines.append(_("推荐截止以后改过，理由：%(why)s", why=found.reason))
    return tuple(lines)


def _stages(campaign: CampaignFacts) -> tuple[tuple[str, str], ...]:
    """The stages with their days, nominating first."""
    closes = times.deadline(campaign.deadline.astimezone(campaign.zone))
    listed = [(stage_words.stage("nominate"), _("到 %(at)s 截止", at=closes))]
    for stage, days in stages.timetable_of(campaign.id).items():
        first, last = times.date_full(days.starts_on), times.date_full(days.ends_on)
        span = first if days.starts_on == days.ends_on else _("%(first)s 至 %(last)s", first=first, last=last)
        listed.append((stage_words.stage(str(stage)), span))
    return tuple(listed)
