"""The form that makes a campaign: its name, and what to start from."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import HiddenField, RadioField, StringField, TextAreaField

from eventreg.campaigns import checks
from eventreg.campaigns.plan.first_facts import FirstFacts, FirstHours
from eventreg.core.errors import Refused
from eventreg.web.forms.plain_form import NeededToPublish, RequiredField
from eventreg.web.forms.plan_form import CLOCK, DAY, WHOLE, PlanForm
from eventreg.web.organiser.activities.forms import PLACES_MOST
from eventreg.web.organiser.activities.hours import read_times
from eventreg.words.kind_words import translated

from .blanks import list_blanks


@dataclass(frozen=True, slots=True)
class CampaignStart:
    """What a new campaign starts from: either `blank` or `source`; an empty `slug` gets a suggested one.

    `facts` are those that the organiser knows already.
    """

    title: str
    slug: str
    blank: str
    source: str
    facts: FirstFacts


COPY = "copy:"


class NewCampaignForm(PlanForm):
    """A name, an optional address, and a blank or a campaign to copy."""

    title = StringField(validators=[RequiredField()], render_kw={"maxlength": 120})
    slug = StringField(
        render_kw={"maxlength": checks.SLUG_MOST, "autocapitalize": "none", "spellcheck": "false"}
    )
    start = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    day = StringField(render_kw=DAY)
    starts = StringField(render_kw=CLOCK)
    ends = StringField(render_kw=CLOCK)
    place = StringField(render_kw={"maxlength": 120})
    capacity = StringField(render_kw=WHOLE)
    intro = TextAreaField(validators=[NeededToPublish()], render_kw={"maxlength": 1000, "rows": 4})
    key = HiddenField()
    details: Mapping[str, str] = {}

    def read(self, zone: ZoneInfo) -> CampaignStart:
        """The typed values, with times in this zone; meaningless if a field has an error."""
        sort, _colon, name = self.take("start", self._start, "blank:outing").partition(":")
        return CampaignStart(
            title=self.take("title", partial(checks.line, most=120), ""),
            slug=self.take("slug", checks.slug, "") if (self.slug.data or "").strip() else "",
            blank=name if sort == "blank" else "",
            source=self.source,
            facts=self._facts(zone),
        )

    @property
    def source(self) -> str:
        """The address of the campaign that is to be copied, "" for a blank or a choice that is not offered."""
        chosen = self.start.data or ""
        return (
            chosen.removeprefix(COPY)
            if chosen.startswith(COPY) and chosen in dict(self.start.choices)
            else ""
        )

    def _facts(self, zone: ZoneInfo) -> FirstFacts:
        hours = None
        if (self.day.data or "").strip():
            hours = FirstHours(*read_times(self, zone))
        elif (self.starts.data or "").strip() or (self.ends.data or "").strip():
            self.say("day", "plan.day_missing")
        places = partial(checks.maybe_number, least=1, most=PLACES_MOST)
        return FirstFacts(
            hours=hours,
            place=self.take("place", partial(checks.line, most=120, required=False), ""),
            capacity=self.take("capacity", places, None),
            intro=self.take("intro", partial(checks.prose, most=1000, required=False), ""),
        )

    def _start(self, typed: str) -> str:
        if typed not in dict(self.start.choices):
            raise Refused("plan.no_template")
        return typed


def new_campaign_form(templates: Sequence[tuple[str, str]]) -> NewCampaignForm:
    """The form in the reader's language; campaigns that may be copied come after the blanks."""
    form = NewCampaignForm(data={})
    blanks = list_blanks()
    form.start.choices = [(f"blank:{code}", translated(blank.title)) for code, blank in blanks.items()]
    form.start.choices += [(f"{COPY}{slug}", _("照着“%(title)s”", title=title)) for slug, title in templates]
    form.details = {f"blank:{code}": translated(blank.text) for code, blank in blanks.items()}
    form.start.data = form.start.data or form.start.choices[0][0]
    form.key.data = form.key.data or secrets.token_urlsafe(12)
    form.word(
        ("title", _("活动名称"), _("例如：踏春嘉年华、健康伴我行")),
        ("slug", _("网址"), _("接在 /campaigns/ 后面，小写字母、数字和连字符。不填就按名称的拼音")),
        ("start", _("从哪里开始"), _("照着一项活动，内容、项目、名额和报名表都会带过来，报名的人不会。")),
        ("day", _("日期"), _("定了就填，没定以后再填")),
        ("starts", _("开始"), ""),
        ("ends", _("结束"), ""),
        ("place", _("地点"), ""),
        ("capacity", _("总名额"), _("不填就按上面选的")),
        ("intro", _("介绍"), _("是什么活动，一两句话")),
    )
    return form
