"""View models of a campaign's plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.campaigns.facts import ActivityFacts, CampaignFacts, NoticeFacts, QuestionFacts
from eventreg.campaigns.kinds import kind_of
from eventreg.campaigns.plan.readiness import PlanPart, ReadinessGap, doubts, lacks
from eventreg.campaigns.rules import CampaignStage, Intake, ScheduleState, stage_of
from eventreg.core.errors import Refused
from eventreg.nominations import quotas, terms
from eventreg.nominations.rules import few_places
from eventreg.venue.attendance import AttendanceCount
from eventreg.web.employee.public import view_models as campaign_view_models
from eventreg.web.organiser.manage import view_models as manage_view_models
from eventreg.words import kind_words, plan_words, refusals, times
from eventreg.words.sign_up import campaign_file_words, question_words

from . import prefilled_words

PARTS = {
    PlanPart.BASICS: "campaigns.basics",
    PlanPart.ACTIVITIES: "activities.activities",
    PlanPart.PLACES: "places.places",
}


@dataclass(frozen=True, slots=True)
class PlanSection:
    """A part of a plan, or a line of one: its title, its current values, and where it is changed.

    `up_url` and `off_url` are the addresses of forms that move it up and remove it; None if that is not possible.
    """

    title: str
    text: str
    url: str
    lang: str | None = None
    id: int = 0
    open: bool = False
    up_url: str | None = None
    off_url: str | None = None


@dataclass(frozen=True, slots=True)
class PlanView:
    """A campaign on the page of its plan; `lacking` and `doubtful` are sentences with links to the pages that correct them."""

    slug: str
    title: str
    lang: str
    version: int
    stage: str
    stage_word: str
    nominations: bool
    draft: bool
    changeable: bool
    present: str
    can_close: bool
    can_reopen: bool
    deadline: datetime
    refused: str
    url: str
    public_url: str
    lacking: tuple[tuple[str, str], ...]
    doubtful: tuple[tuple[str, str], ...]
    prefilled: tuple[tuple[str, str], ...]
    sections: tuple[PlanSection, ...]
    doors: tuple[PlanSection, ...]


def plan(
    campaign: CampaignFacts,
    *,
    now: datetime,
    notice: NoticeFacts | None = None,
    questions: Sequence[QuestionFacts] = (),
    refused: Refused | None = None,
    attendance: AttendanceCount | None = None,
) -> PlanView:
    """A campaign's plan; without a notice the page shows neither sections nor gaps."""
    stage = stage_of(campaign.window, campaign.total, ends_at=campaign.ends_at, now=now)
    draft = stage is CampaignStage.DRAFT
    missing = lacks(campaign, notice, now=now) if draft and notice else []
    nominations = campaign.accepts is Intake.NOMINATIONS
    return PlanView(
        slug=campaign.slug,
        title=campaign.title,
        lang=campaign.lang,
        version=campaign.version,
        stage=str(stage),
        stage_word=plan_words.stage(
            str(stage),
            nominations=nominations,
            early=campaign.closed_early,
            called_off=campaign.called_off,
        ),
        nominations=nominations,
        draft=draft,
        changeable=draft or now < campaign.begins_at,
        present=manage_view_models.present(campaign, attendance, now=now),
        can_close=stage in {CampaignStage.OPEN, CampaignStage.FULL},
        can_reopen=campaign.closed_early and now < min(campaign.deadline, campaign.begins_at),
        deadline=campaign.deadline,
        refused=refusals.say(refused.code, refused.facts) if refused else "",
        url=url_for("campaigns.campaign", slug=campaign.slug),
        public_url=url_for("public.campaign", slug=campaign.slug),
        lacking=tuple(_said(lack, campaign) for lack in missing),
        doubtful=_doubtful(campaign, now=now) if notice else (),
        prefilled=prefilled_words.listed(campaign, questions) if draft and notice else (),
        sections=_sections(campaign, questions) if notice else (),
        doors=() if draft or nominations else _links_once_open(campaign),
    )


def activity(found: ActivityFacts, campaign: CampaignFacts, above: ActivityFacts | None) -> PlanSection:
    """An activity in the list of a plan; only activities that start at the same time can be ordered by hand."""
    slug, id_ = campaign.slug, found.id
    when = times.start(found.starts_at, time_known=found.time_known)
    words = (kind_words.translated(kind_of(found.kind).name), when, found.place or _("地点另行通知"))
    movable = not campaign.published and above is not None and above.starts_at == found.starts_at
    return PlanSection(
        title=found.title,
        text=_("，").join([*words, kind_words.SCHEDULES[str(found.schedule)]()]),
        url=url_for("activities.edit_activity", slug=slug, activity_id=id_),
        lang=campaign.lang,
        id=id_,
        open=found.schedule is ScheduleState.TENTATIVE,
        up_url=url_for("activities.move_activity", slug=slug, activity_id=id_) if movable else None,
        off_url=None
        if campaign.published
        else url_for("activities.remove_activity", slug=slug, activity_id=id_),
    )


def question(found: QuestionFacts, campaign: CampaignFacts, *, first: bool, movable: bool) -> PlanSection:
    """A question in the list of a plan."""
    slug, id_ = campaign.slug, found.id
    places = {p.option: p.capacity for p in campaign.pools if p.question_key == found.key and p.option}
    options = [
        _("%(option)s（%(n)s 个名额）", option=o.label, n=places[o.code]) if o.code in places else o.label
        for o in found.offered
    ]
    needed = _("必填") if found.required else _("可不填")
    listed = [_("、").join(options)] if options else []
    return PlanSection(
        title=found.label,
        text=_("，").join([question_words.kind(found.kind), needed, *listed]),
        url=url_for("questions.edit_question", slug=slug, question_id=id_),
        lang=campaign.lang,
        id=id_,
        up_url=None
        if first or not movable
        else url_for("questions.move_question", slug=slug, question_id=id_),
        off_url=url_for("questions.retire_question", slug=slug, question_id=id_) if movable else None,
    )


def _said(lack: ReadinessGap, campaign: CampaignFacts) -> tuple[str, str]:
    at = lack.at.astimezone(campaign.zone) if lack.at else None
    url = url_for(PARTS[lack.part], slug=campaign.slug, _anchor=lack.field or None)
    return plan_words.lack(lack.code, at, lack.count), url


def _doubtful(campaign: CampaignFacts, *, now: datetime) -> tuple[tuple[str, str], ...]:
    """What may be a mistake; of an award also that no or few places are allotted."""
    found = [_said(doubt, campaign) for doubt in doubts(campaign, now=now)]
    if campaign.accepts is Intake.NOMINATIONS:
        total = sum(line.places for line in quotas.table(campaign.id))
        code = "few_quotas" if total else "no_quotas"
        if few_places(total, terms.terms_of(campaign).seats):
            found.append((plan_words.lack(code, None, total), url_for("quotas.table", slug=campaign.slug)))
    return tuple(found)


def _links_once_open(campaign: CampaignFacts) -> tuple[PlanSection, ...]:
    """Links to the pages that organisers use once sign-up has begun."""
    slug, taken = campaign.slug, campaign.total.taken if campaign.total else campaign.last_arrival
    figures = _("已报 %(n)s 人，候补 %(waiting)s 人", n=taken, waiting=campaign.waiting)
    units = (
        PlanSection(
            _("各单位报名情况"), _("谁还没有报，哪些班组人数不够"), url_for("participation.units", slug=slug)
        ),
    )
    return (
        PlanSection(_("分享"), _("链接、群消息、二维码和海报"), url_for("sharing.share", slug=slug)),
        PlanSection(_("报名名单"), figures, url_for("manage.roster", slug=slug)),
        *(units if campaign.accepts is Intake.REGISTRATIONS else ()),
        PlanSection(
            _("报名情况"), _("每天报了多少，各单位、各选项多少"), url_for("figures.figures", slug=slug)
        ),
        PlanSection(_("签到手机"), _("当天在门口扫票"), url_for("devices.devices", slug=slug)),
        PlanSection(
            _("到场情况"), _("谁到了，谁还没到；徒步的成绩"), url_for("presence.presence", slug=slug)
        ),
        PlanSection(_("签到表"), _("打印出来，当天签名"), url_for("manage.sign_in_sheet", slug=slug)),
    )


def _sections(campaign: CampaignFacts, questions: Sequence[QuestionFacts]) -> tuple[PlanSection, ...]:
    slug, total = campaign.slug, campaign.total
    nominations, until = campaign.accepts is Intake.NOMINATIONS, times.deadline(campaign.deadline)
    closes = _("推荐截止 %(at)s", at=until) if nominations else _("报名截止 %(at)s", at=until)
    parts = ngettext("%(num)s 个项目", "%(num)s 个项目", len(campaign.activities))
    asked = ngettext("%(num)s 个问题", "%(num)s 个问题", len(questions))
    when = campaign_view_models.when_words(campaign)
    places = _("名额不限") if total is None else plan_words.places(total.capacity, total.added)
    narrower = campaign_view_models.bound_words(campaign)
    whom = campaign_view_models.eligible_words(campaign) or _("全体职工")
    if campaign.one_of:
        whom = _("，").join([whom, _("“%(group)s”里只能报一项", group=campaign.one_of)])
    found = [
        PlanSection(_("活动说明"), closes, url_for("campaigns.basics", slug=slug)),
        PlanSection(
            _("图片和文件"),
            campaign_file_words.listed({str(file.part) for file in campaign.files}),
            url_for("campaign_files.files_page", slug=slug),
        ),
        PlanSection(
            _("项目和日程"),
            _("，").join(filter(None, [parts, when])),
            url_for("activities.activities", slug=slug),
        ),
        PlanSection(_("名额"), _("，").join([places, *narrower]), url_for("places.places", slug=slug)),
        PlanSection(_("谁能报名"), whom, url_for("eligibility.eligibility", slug=slug)),
        PlanSection(_("报名表"), asked, url_for("questions.questions", slug=slug)),
        PlanSection(
            _("信件的措辞"), _("报上、候补、退出时发的信怎么写"), url_for("wording.kinds", slug=slug)
        ),
        PlanSection(_("提醒"), _("到时候自动发邮件"), url_for("reminders.reminders", slug=slug)),
    ]
    return (*found[:3], *_of_award(slug), found[-1]) if nominations else tuple(found)


def _of_award(slug: str) -> tuple[PlanSection, ...]:
    """The sections that an award has instead of places and questions."""
    asks = _("什么时候截止、事迹材料多少字、推荐表填什么")
    return (
        PlanSection(_("评选设置"), asks, url_for("award.settings", slug=slug)),
        PlanSection(
            _("时间安排"), _("审查、评审、公示、表彰各在哪几天"), url_for("stages.timetable", slug=slug)
        ),
        PlanSection(
            _("推荐名额分配表"), _("每个部门几个名额，已提交几份"), url_for("quotas.table", slug=slug)
        ),
    )
