"""The form of a season."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from flask_babel import gettext as _
from wtforms import StringField, TelField, TextAreaField

from eventreg.campaigns import checks
from eventreg.campaigns.facts import SeasonFacts
from eventreg.campaigns.inputs import SeasonInput
from eventreg.web.forms.plain_form import RequiredField
from eventreg.web.forms.plan_form import DAY, PlanForm


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
