"""The form that makes a campaign: its name, and what to start from."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask_babel import gettext as _
from wtforms import HiddenField, RadioField, StringField

from eventreg.campaigns import checks
from eventreg.core.errors import Refused
from eventreg.web.forms.plain_form import RequiredField
from eventreg.web.forms.plan_form import PlanForm
from eventreg.words.kind_words import translated

from .blanks import list_blanks


@dataclass(frozen=True, slots=True)
class CampaignStart:
    """What a new campaign starts from: either `blank` or `source`; an empty `slug` gets a suggested one."""

    title: str
    slug: str
    blank: str
    source: str


class NewCampaignForm(PlanForm):
    """A name, an optional address, and a blank or a campaign to copy."""

    title = StringField(validators=[RequiredField()], render_kw={"maxlength": 120})
    slug = StringField(
        render_kw={"maxlength": checks.SLUG_MOST, "autocapitalize": "none", "spellcheck": "false"}
    )
    start = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    key = HiddenField()
    details: Mapping[str, str] = {}

    def read(self) -> CampaignStart:
        """The typed values; meaningless if a field has an error."""
        sort, _colon, name = self.take("start", self._start, "blank:outing").partition(":")
        return CampaignStart(
            title=self.take("title", partial(checks.line, most=120), ""),
            slug=self.take("slug", checks.slug, "") if (self.slug.data or "").strip() else "",
            blank=name if sort == "blank" else "",
            source=name if sort == "copy" else "",
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
    form.start.choices += [(f"copy:{slug}", _("照着“%(title)s”", title=title)) for slug, title in templates]
    form.details = {f"blank:{code}": translated(blank.text) for code, blank in blanks.items()}
    form.key.data = form.key.data or secrets.token_urlsafe(12)
    form.word(
        ("title", _("活动名称"), _("例如：踏春嘉年华、健康伴我行")),
        ("slug", _("网址"), _("接在 /campaigns/ 后面，小写字母、数字和连字符。不填就按名称的拼音")),
        ("start", _("从哪里开始"), _("内容、项目、名额和报名表都会带过来，日期按活动季移动；报名的人不会。")),
    )
    return form
