"""The forms of a plan: what was typed, checked one field at a time, and kept when something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import HiddenField, RadioField, SelectField, StringField, TelField, TextAreaField

from eventreg.campaigns import checks
from eventreg.campaigns.facts import CampaignFacts, NoticeFacts, SeasonFacts
from eventreg.campaigns.planning import CampaignBasics
from eventreg.campaigns.seasons import SeasonInput
from eventreg.core.errors import Refused
from eventreg.words import zones

from ..forms import PlainForm, RequiredField

T = TypeVar("T")
LANGUAGES = {"zh-CN": "中文", "en": "English"}
MOMENT = {"type": "datetime-local"}
DAY = {"type": "date"}
CLOCK = {"type": "time"}
WHOLE = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 9}


class PlanForm(PlainForm):
    """A form that knows which version of its campaign it was filled from."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that was on the screen; 0, which is never one, for what is no number."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0

    def take(self, name: str, check: Callable[[str], T], instead: T) -> T:
        """The checked value of a field; what is wrong is said at it, and `instead` stands in."""
        try:
            return check(self[name].data or "")
        except Refused as refused:
            self.say(name, refused.code, **refused.facts)
            return instead

    def say_refused(self, refused: Refused, *, version: int) -> None:
        """A service's refusal at the field it names, else at the form; then the form is of today's version."""
        field = refused.facts.get("field")
        if isinstance(field, str) and field in self:
            self.say(field, refused.code, **{k: v for k, v in refused.facts.items() if k != "field"})
        else:
            self.say_of_all(refused.code, refused.facts)
        self.version.data = str(version)

    def word(self, *fields: tuple[str, str, str]) -> None:
        """Labels and hints, in the reader's language."""
        for name, label, hint in fields:
            self[name].label.text, self[name].description = label, hint


class SeasonForm(PlanForm):
    """What a season says of itself."""

    title = StringField(validators=[RequiredField()], render_kw={"maxlength": 80})
    day = StringField(validators=[RequiredField()], render_kw=DAY)
    brand = StringField(validators=[RequiredField()], render_kw={"maxlength": 40})
    owner = StringField(validators=[RequiredField()], render_kw={"maxlength": 80})
    phone = TelField(render_kw={"maxlength": 40, "inputmode": "tel", "autocomplete": "off"})
    headline = StringField(validators=[RequiredField()], render_kw={"maxlength": 80})
    lead = TextAreaField(validators=[RequiredField()], render_kw={"maxlength": 200})

    def read(self, today: datetime) -> SeasonInput:
        """What was typed; without meaning once something is wrong."""
        return SeasonInput(
            title=self.take("title", partial(checks.line, most=80), ""),
            headline=self.take("headline", partial(checks.line, most=80), ""),
            lead=self.take("lead", partial(checks.line, most=200), ""),
            brand=self.take("brand", partial(checks.line, most=40), ""),
            owner=self.take("owner", partial(checks.line, most=80), ""),
            phone=self.take("phone", partial(checks.line, most=40, required=False), "") or None,
            day=self.take("day", checks.day, today.date()),
        )


def season_form(season: SeasonFacts | None, suggested: dict[str, str]) -> SeasonForm:
    """Filled from the season that is there, else with what may be meant."""
    known = {name: str(getattr(season, name) or "") for name in suggested} if season else suggested
    form = SeasonForm(data={**known, "version": str(season.version if season else 0)})
    form.word(
        ("title", _("活动季名称"), _("首页最上面的一行，例如：2027 年三八国际妇女节")),
        ("day", _("节日"), _("新活动的日期从这一天算起")),
        ("brand", _("网站名称"), _("每一页左上角，例如：禾川三八")),
        ("owner", _("联系部门"), _("每一页的最下面，例如：禾川农电 党群工作部")),
        ("phone", _("联系电话"), _("职工有问题打这个电话")),
        ("headline", _("首页标题"), _("首页的大字")),
        ("lead", _("首页说明"), _("大字下面的一两句话")),
    )
    return form


class BasicsForm(PlanForm):
    """What a campaign says of itself."""

    title = StringField(validators=[RequiredField()], render_kw={"maxlength": 120})
    slug = StringField(
        validators=[RequiredField()],
        render_kw={"maxlength": checks.SLUG_MOST, "autocapitalize": "none", "spellcheck": "false"},
    )
    intro = TextAreaField(render_kw={"maxlength": 1000, "rows": 4})
    audience = StringField(render_kw={"maxlength": 200})
    lang = SelectField(validators=[RequiredField()], choices=LANGUAGES, validate_choice=False)
    timezone = SelectField(choices=[], validate_choice=False)
    opens = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    opens_at = StringField(render_kw=MOMENT)
    closes_at = StringField(validators=[RequiredField()], render_kw=MOMENT)
    retain_until = StringField(validators=[RequiredField()], render_kw=DAY)
    notice = TextAreaField(validators=[RequiredField()], render_kw={"maxlength": 3000, "rows": 6})

    def read(self, campaign: CampaignFacts) -> CampaignBasics:
        """What was typed, its times in the zone that was chosen; without meaning once something is wrong."""
        own = campaign.zone.key
        zone = self.take("timezone", partial(a_zone, own=campaign.zone), own) if "timezone" in self else own
        moment = partial(checks.moment, zone=ZoneInfo(zone))
        at = "opens" in self and self.opens.data == "at"
        return CampaignBasics(
            title=self.take("title", partial(checks.line, most=120), ""),
            slug=self.take("slug", checks.slug, "") if "slug" in self else None,
            intro=self.take("intro", partial(checks.prose, most=1000, required=False), ""),
            audience=self.take("audience", partial(checks.line, most=200, required=False), ""),
            lang=self.take("lang", partial(one_of, known=LANGUAGES), ""),
            opens_at=self.take("opens_at", moment, campaign.opens_at) if at else None,
            closes_at=self.take("closes_at", moment, campaign.closes_at),
            retain_until=self.take("retain_until", checks.day, campaign.retain_until),
            notice=self.take("notice", partial(checks.paragraphs, most=3000), ()),
            timezone=zone,
        )


def basics_form(campaign: CampaignFacts, notice: NoticeFacts, *, now: datetime) -> BasicsForm:
    """Filled from the campaign; what its publication has settled is not asked."""
    form = BasicsForm(data=_basics_of(campaign, notice))
    zone = zone_hint(campaign.zone)
    form.timezone.flags.required = True  # type: ignore[attr-defined]  # a campaign always has one
    form.timezone.choices = zones.choices(own=campaign.zone)
    form.opens.choices = [("publication", _("一发布就开始")), ("at", _("到下面写的时间开始"))]
    form.word(
        ("title", _("活动名称"), ""),
        ("slug", _("网址"), _("接在 /campaigns/ 后面，发布以后不能再改")),
        ("intro", _("介绍"), _("是什么活动，一两句话")),
        ("audience", _("谁能参加"), _("写给职工看，例如：全体职工，以女职工为主")),
        ("lang", _("活动内容用的语言"), ""),
        (
            "timezone",
            _("时区"),
            _("这个活动的时间都按它。钟点不变：09:00 换了时区还是 09:00。发布以后不能再改"),
        ),
        ("opens", _("什么时候开始报名"), ""),
        ("opens_at", _("开始报名的时间"), zone),
        ("closes_at", _("报名截止"), _("到这一刻为止，在活动开始以前。一天的结束写第二天 00:00。") + zone),
        ("retain_until", _("个人信息保存到"), _("到期删除报名信息")),
        ("notice", _("个人信息说明"), _("谁、为什么、收集什么、保存多久、有什么权利。每行一段")),
    )
    if campaign.published:
        del form.slug, form.timezone
        if campaign.opens_at <= now:
            del form.opens, form.opens_at
    return form


def zone_hint(zone: ZoneInfo) -> str:
    """In which zone's time a field is read."""
    return _("按%(zone)s", zone=zones.name_of(zone))


def a_zone(typed: str, *, own: ZoneInfo) -> str:
    """A zone of the form's list, the campaign's own where none was sent; what no form of ours sends is refused."""
    return one_of(typed or own.key, known=dict(zones.choices(own=own)))


def one_of(typed: str, *, known: Mapping[str, Any]) -> str:
    """A choice of a form; what no form of ours sends is refused."""
    if typed not in known:
        raise Refused("typed.choice")
    return typed


def local_moment(at: datetime) -> str:
    """An instant as <input type=datetime-local> takes it."""
    return f"{at:%Y-%m-%dT%H:%M}"


def _basics_of(campaign: CampaignFacts, notice: NoticeFacts) -> dict[str, str]:
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
        "notice": "\n".join(notice.paragraphs),
    }
