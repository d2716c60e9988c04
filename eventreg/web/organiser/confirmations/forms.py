"""The form of when freed places are offered."""

from __future__ import annotations

from functools import partial

from flask_babel import gettext as _
from wtforms import StringField

from eventreg.campaigns import checks
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.plan.offer_terms import HOURS_MOST, MINUTES_LEAST, MINUTES_MOST
from eventreg.web.forms.plain_form import RequiredField
from eventreg.web.forms.plan_form import WHOLE, PlanForm


class OffersForm(PlanForm):
    """From how many hours before the start freed places are offered, and for how many minutes."""

    hours = StringField(validators=[RequiredField()], render_kw=WHOLE)
    minutes = StringField(validators=[RequiredField()], render_kw=WHOLE)

    def read(self) -> tuple[int, int]:
        """Hours and minutes; meaningless if a field has an error."""
        hours = self.take("hours", partial(checks.number, least=0, most=HOURS_MOST), 0)
        minutes = self.take(
            "minutes", partial(checks.number, least=MINUTES_LEAST, most=MINUTES_MOST), MINUTES_MOST
        )
        return hours, minutes


def offers_form(found: CampaignFacts) -> OffersForm:
    """The form, filled with what holds now."""
    data = {
        "version": str(found.version),
        "hours": str(found.offer_from_h),
        "minutes": str(found.offer_minutes),
    }
    form = OffersForm(data=data)
    form.word(
        ("hours", _("开始前几小时以内空出的名额，先问再给"), _("0 表示直接给")),
        ("minutes", _("给几分钟确认"), _("21:00 到 08:00 不算；到时已经开始的，直接给")),
    )
    return form
