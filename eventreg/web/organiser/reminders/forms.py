"""The form of a reminder rule: audience, anchor, offset, time of day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time
from functools import partial

from flask_babel import gettext as _
from wtforms import RadioField, SelectField, StringField

from eventreg.campaigns import checks
from eventreg.campaigns.facts import CampaignFacts
from eventreg.reminders.audiences import list_audiences
from eventreg.reminders.rules import BOUNDS, Anchor, AnchorSide, OffsetUnit, ReminderInput, ReminderTiming
from eventreg.web.forms.plain_form import RequiredField
from eventreg.web.forms.plan_form import CLOCK, WHOLE, PlanForm, one_of
from eventreg.words.delivery import reminder_words


class ReminderForm(PlanForm):
    """One rule; `anchor` names what it is counted from and the side, such as "start:3.before"."""

    audience = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    unit_id = SelectField(choices=[], validate_choice=False)
    amount = StringField(validators=[RequiredField()], render_kw=WHOLE)
    measure = SelectField(validators=[RequiredField()], choices=[], validate_choice=False)
    anchor = SelectField(validators=[RequiredField()], choices=[], validate_choice=False)
    at = StringField(render_kw=CLOCK)

    def read(self) -> ReminderInput:
        """The typed values; meaningless if a field has an error."""
        audience = self.take("audience", partial(one_of, known=dict(self.audience.choices)), "")
        unit = self.take("unit_id", partial(one_of, known=dict(self.unit_id.choices)), "")
        return ReminderInput(audience, self._timing(), int(unit) if unit else None)

    def _timing(self) -> ReminderTiming:
        days = str(OffsetUnit.DAYS)
        measure = OffsetUnit(self.take("measure", partial(one_of, known=dict(self.measure.choices)), days))
        least, most = BOUNDS[measure]
        amount = self.take("amount", partial(checks.number, least=least, most=most), least)
        anchor = self.take("anchor", partial(one_of, known=dict(self.anchor.choices)), "start.before")
        counted_from, _dot, side = anchor.partition(".")
        code, _colon, activity = counted_from.partition(":")
        at = self.take("at", checks.clock, None) if measure is OffsetUnit.DAYS else None
        if measure is OffsetUnit.DAYS and at is None and not self.at.errors:
            self.say("at", "typed.missing")
        return ReminderTiming(
            Anchor(code),
            AnchorSide(side),
            amount,
            measure,
            at,
            activity_id=int(activity) if activity else None,
        )


def reminder_form(
    campaign: CampaignFacts, units: Sequence[tuple[int, str]], wanted: ReminderInput | None, *, zone: str
) -> ReminderForm:
    """The form, filled from a rule, else with the morning three days before."""
    known = {"version": str(campaign.version), **(_of(wanted) if wanted else _suggested(campaign))}
    form = ReminderForm(data=known)
    form.audience.choices = [(a.code, reminder_words.audience(a.code)) for a in list_audiences(campaign)]
    form.unit_id.choices = [("", _("不分单位")), *((str(id_), path) for id_, path in units)]
    form.measure.choices = [(str(m), reminder_words.MEASURES[str(m)]()) for m in OffsetUnit]
    form.anchor.choices = _anchors(campaign)
    form.word(
        ("audience", _("发给谁"), _("到时候还在里面的人才收得到，晚来的人不补发")),
        ("unit_id", _("只发给一个单位"), _("包括它下面的单位")),
        ("amount", _("多久"), _("天 0 到 90，小时 1 到 72，分钟 10 到 180")),
        ("measure", _("按什么算"), ""),
        ("anchor", _("从哪里算"), ""),
        ("at", _("几点"), _("按天算才要填。") + zone),
    )
    return form


def _anchors(campaign: CampaignFacts) -> list[tuple[str, str]]:
    """The anchors with both sides of each; with several activities also each activity."""
    sources = [
        (str(anchor), reminder_words.anchor(str(anchor))) for anchor in (Anchor.START, Anchor.DEADLINE)
    ]
    sources += [(str(anchor), reminder_words.anchor(str(anchor))) for anchor in (Anchor.OPENING, Anchor.END)]
    for activity in campaign.activities if len(campaign.activities) > 1 else ():
        for code in ("start", "end"):
            sources.append((f"{code}:{activity.id}", reminder_words.anchor(code, activity.title)))
    return [
        (f"{code}.{side}", reminder_words.side(text, str(side)))
        for code, text in sources
        for side in AnchorSide
    ]


def _of(wanted: ReminderInput) -> Mapping[str, str]:
    timing = wanted.timing
    code = str(timing.anchor) if timing.activity_id is None else f"{timing.anchor}:{timing.activity_id}"
    return {
        "audience": wanted.audience,
        "unit_id": str(wanted.unit_id or ""),
        "amount": str(timing.amount),
        "measure": str(timing.measure),
        "anchor": f"{code}.{timing.side}",
        "at": f"{timing.at:%H:%M}" if timing.at else "",
    }


def _suggested(campaign: CampaignFacts) -> Mapping[str, str]:
    first = next((audience.code for audience in list_audiences(campaign)), "")
    return _of(
        ReminderInput(first, ReminderTiming(Anchor.START, AnchorSide.BEFORE, 3, OffsetUnit.DAYS, time(9)))
    )
