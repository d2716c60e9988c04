"""The form of a campaign's basic facts."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField

from eventreg.campaigns import checks
from eventreg.campaigns.facts import CampaignFacts, NoticeFacts
from eventreg.campaigns.plan.planning import CampaignBasics
from eventreg.campaigns.rules import Intake
from eventreg.web.forms.deadline_field import DeadlineField
from eventreg.web.forms.plain_form import NeededToPublish, RequiredField, SometimesRequired
from eventreg.web.forms.plan_form import DAY, MOMENT, PlanForm, local_moment, one_of, zone_hint
from eventreg.words import zones
from eventreg.words.day import cover_words

LANGUAGES = {"zh-CN": "中文", "en": "English"}


# Field → what the privacy notice covers with its tick.
COVERS = {
    "wall_names": "wall_names",
    "judges": "judges",
    "public_notice": "notice",
    "certificate_check": "certificate_check",
    "archive": "archive",
}
OF_AWARDS = ("judges", "public_notice", "certificate_check")
OF_EVENTS = ("wall_names",)


class BasicsForm(PlanForm):
    """The basic facts of a campaign."""

    title = StringField(validators=[RequiredField()], render_kw={"maxlength": 120})
    slug = StringField(
        validators=[RequiredField()],
        render_kw={"maxlength": checks.SLUG_MOST, "autocapitalize": "none", "spellcheck": "false"},
    )
    intro = TextAreaField(validators=[NeededToPublish()], render_kw={"maxlength": 1000, "rows": 4})
    audience = StringField(render_kw={"maxlength": 200})
    lang = SelectField(validators=[RequiredField()], choices=LANGUAGES, validate_choice=False)
    timezone = SelectField(choices=[], validate_choice=False)
    opens = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    opens_at = StringField(validators=[SometimesRequired()], render_kw=MOMENT)
    closes_at = DeadlineField(validators=[RequiredField()], render_kw=MOMENT)
    retain_until = StringField(validators=[RequiredField()], render_kw=DAY)
    notice = TextAreaField(validators=[RequiredField()], render_kw={"maxlength": 3000, "rows": 6})
    archive_until = StringField(render_kw=DAY)
    wall_names = BooleanField()
    judges = BooleanField()
    public_notice = BooleanField()
    certificate_check = BooleanField()
    archive = BooleanField()

    def read(self, campaign: CampaignFacts) -> CampaignBasics:
        """The typed values, with times in the chosen zone; meaningless if a field has an error."""
        own = campaign.zone.key
        zone = self.take("timezone", partial(a_zone, own=campaign.zone), own) if "timezone" in self else own
        moment = partial(checks.moment, zone=ZoneInfo(zone))
        at = "opens" in self and self.opens.data == "at"
        lang = self.take("lang", partial(one_of, known=LANGUAGES), "")
        covers = tuple(code for name, code in COVERS.items() if name in self and self[name].data)
        nothing: tuple[str, ...] = ()
        told = self.take("notice", partial(checks.paragraphs, most=3000), nothing)
        return CampaignBasics(
            title=self.take("title", partial(checks.line, most=120), ""),
            slug=self.take("slug", checks.slug, "") if "slug" in self else None,
            intro=self.take("intro", partial(checks.prose, most=1000, required=False), ""),
            audience=self.take("audience", partial(checks.line, most=200, required=False), ""),
            lang=lang,
            opens_at=self.take("opens_at", moment, campaign.opens_at) if at else None,
            closes_at=self.take("closes_at", moment, campaign.closes_at),
            retain_until=self.take("retain_until", checks.day, campaign.retain_until),
            archive_until=self._archive_until(),
            notice=cover_words.with_sentences(told, covers, lang or campaign.lang) if told else (),
            timezone=zone,
            covers=covers,
        )

    def _archive_until(self) -> date | None:
        """The day until which the record is kept; None for the usual ten years."""
        return self.take("archive_until", checks.day, date.max) if self.archive_until.data else None


def basics_form(campaign: CampaignFacts, notice: NoticeFacts, *, now: datetime) -> BasicsForm:
    """The form, filled from the campaign; it leaves out what cannot change after publication."""
    form = BasicsForm(data=_basics_of(campaign, notice))
    zone = zone_hint(campaign.zone)
    form.timezone.flags.required = True  # type: ignore[attr-defined]  # a campaign always has one
    form.timezone.choices = zones.choices(own=campaign.zone)
    form.opens.choices = [("publication", _("一发布就开始")), ("at", _("到下面写的时间开始"))]
    form.word(
        ("title", _("活动名称"), ""),
        ("slug", _("网址"), _("接在 /campaigns/ 后面，发布以后不能再改")),
        ("intro", _("介绍"), _("是什么活动，一两句话")),
        (
            "audience",
            _("谁能参加"),
            _("只是写给职工看的，例如：全体职工，以女职工为主。拦不住人：要限制，到“谁能报名”里设"),
        ),
        ("lang", _("活动内容用的语言"), ""),
        (
            "timezone",
            _("时区"),
            _("这个活动的时间都按它。钟点不变：09:00 换了时区还是 09:00。发布以后不能再改"),
        ),
        ("opens", _("什么时候开始报名"), ""),
        ("opens_at", _("开始报名的时间"), zone),
        ("closes_at", _("报名截止"), _("要早于活动开始。") + zone),
        ("retain_until", _("个人信息保存到"), _("过了这一天自动删除手机号、备注、回答、文件和信件")),
        ("archive_until", _("档案保存到"), _("谁参加了、结果和审核记录保存到这一天。留空就是十年")),
        ("notice", _("个人信息说明"), _("谁、为什么、收集什么、保存多久、有什么权利。每行一段")),
        *((name, cover_words.LABELS[code](), "") for name, code in COVERS.items()),
    )
    for name in OF_AWARDS if campaign.accepts is Intake.REGISTRATIONS else OF_EVENTS:
        del form[name]
    if campaign.published:
        del form.slug, form.timezone
        if campaign.opens_at <= now:
            del form.opens, form.opens_at
    return form


def a_zone(typed: str, *, own: ZoneInfo) -> str:
    """The chosen zone, or the campaign's if none was sent. Raises Refused for a zone that the form does not offer."""
    return one_of(typed or own.key, known=dict(zones.choices(own=own)))


def _basics_of(campaign: CampaignFacts, notice: NoticeFacts) -> dict[str, str | bool]:
    own = cover_words.without_sentences(notice.paragraphs, notice.covers, campaign.lang)
    later = not campaign.opens_on_publication
    return {
        "version": str(campaign.version),
        "title": campaign.title,
        "slug": campaign.slug,
        "intro": campaign.intro,
        "audience": campaign.audience,
        "lang": campaign.lang,
        "timezone": campaign.zone.key,
        "opens": "at" if later else "publication",
        "opens_at": local_moment(campaign.opens_at) if later else "",
        "closes_at": local_moment(campaign.deadline),
        "retain_until": campaign.retain_until.isoformat(),
        "notice": "\n".join(own),
        "archive_until": campaign.archive_set.isoformat() if campaign.archive_set else "",
        **{name: code in notice.covers for name, code in COVERS.items()},
    }
