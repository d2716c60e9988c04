"""The form of an activity with the parameters of its kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import BooleanField, Field, RadioField, StringField

from eventreg.campaigns import checks
from eventreg.campaigns.facts import ActivityFacts
from eventreg.campaigns.inputs import NewActivity
from eventreg.campaigns.kinds import ActivityKind, OneOf, Parameters, WholeNumber, kind_of, parameters_of
from eventreg.campaigns.rules import ScheduleState
from eventreg.web.forms.plain_form import RequiredField
from eventreg.web.forms.plan_form import CLOCK, DAY, WHOLE, PlanForm, one_of
from eventreg.words import kind_words

from .hours import read_times

PLACES_MOST = 100_000
ROWS_MOST = 60


class ActivityForm(PlanForm):
    """An activity; a field `p_NAME` for each parameter of its kind follows.

    `spelling` says that nobody has to be told; only a form whose change would tell people has it.
    """

    title = StringField(validators=[RequiredField()], render_kw={"maxlength": 120})
    day = StringField(validators=[RequiredField()], render_kw=DAY)
    starts = StringField(render_kw=CLOCK)
    ends = StringField(render_kw=CLOCK)
    place = StringField(render_kw={"maxlength": 120})
    schedule = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    spelling = BooleanField()
    kind = ""

    @property
    def parameters(self) -> list[Field]:
        """The fields of the kind's parameters."""
        return [self[f"p_{name}"] for name in kind_of(self.kind).limits]

    def read(self, zone: ZoneInfo) -> NewActivity:
        """The typed values; meaningless if a field has an error."""
        starts_at, ends_at, known = read_times(self, zone)
        return NewActivity(
            kind=self.kind,
            title=self.take("title", partial(checks.line, most=120), ""),
            starts_at=starts_at,
            ends_at=ends_at,
            time_known=known,
            schedule=ScheduleState(
                self.take("schedule", partial(one_of, known=dict(self.schedule.choices)), "tentative")
            ),
            parameters=self._parameters(),
            place=self.take("place", partial(checks.line, most=120, required=False), "") or None,
        )

    def _parameters(self) -> Parameters:
        given: dict[str, Any] = {}
        kind = kind_of(self.kind)
        for name, default in kind.parameters().stored().items():
            given[name] = self.take(f"p_{name}", _check_of(kind.limits[name]), default)
        return parameters_of(self.kind, given)


def activity_form(
    code: str,
    activity: ActivityFacts | None,
    *,
    version: int,
    zone: str,
    suggested: datetime | None = None,
    tells: bool = False,
) -> ActivityForm:
    """The form, filled from the activity, else with the defaults of this kind on a suggested day.

    `tells` says that people are told about changes. An activity is cancelled by a button of its own, not by this form.
    """
    kind = kind_of(code)
    made = {f"p_{name}": _parameter_field(limits) for name, limits in kind.limits.items()}
    form: ActivityForm = type("ActivityForm", (ActivityForm,), {**made, "kind": code})(
        data={"version": str(version), **_activity_of(kind, activity, suggested)}
    )
    off = activity is not None and activity.schedule is ScheduleState.CANCELLED
    held = [s for s in ScheduleState if off or s is not ScheduleState.CANCELLED]
    form.schedule.choices = [(str(s), kind_words.SCHEDULES[str(s)]()) for s in held]
    form.word(
        ("title", _("项目名称"), ""),
        ("day", _("日期"), zone),
        ("starts", _("开始"), _("还没定就不填，页面上是“时间另行通知”")),
        ("ends", _("结束"), _("过了半夜也行：22:00 开始，01:00 结束，算第二天")),
        ("place", _("地点"), _("还没定就不填，页面上是“另行通知”")),
        ("schedule", _("日程"), ""),
        ("spelling", _("只是改错别字，不发邮件"), _("名称和地点还是原来那个，只是写法不对。日历马上更新。")),
    )
    if not tells:
        del form.spelling
    for name, limits in kind.limits.items():
        _word_parameter(form[f"p_{name}"], limits)
    return form


def _check_of(limits: WholeNumber | OneOf) -> Callable[[str], Any]:
    """The check of a typed parameter."""
    if isinstance(limits, OneOf):
        return partial(one_of, known=limits.choices)
    return partial(checks.number, least=limits.least, most=limits.most)


def _parameter_field(limits: WholeNumber | OneOf) -> Field:
    if isinstance(limits, OneOf):
        return RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    return StringField(validators=[RequiredField()], render_kw=WHOLE)


def _word_parameter(field: Any, limits: WholeNumber | OneOf) -> None:
    field.label.text = kind_words.translated(limits.label)
    if isinstance(limits, OneOf):
        field.choices = [(code, kind_words.translated(words)) for code, words in limits.choices.items()]
    else:
        field.description = kind_words.bounds(limits.unit, limits.least, limits.most)


def _activity_of(
    kind: ActivityKind[Any], activity: ActivityFacts | None, suggested: datetime | None
) -> dict[str, str]:
    parameters = activity.parameters if activity else kind.parameters()
    known = {f"p_{name}": str(value) for name, value in parameters.stored().items()}
    if activity is None:
        return known | {
            "title": kind_words.translated(kind.name),
            "day": suggested.date().isoformat() if suggested else "",
            "schedule": str(ScheduleState.TENTATIVE),
        }
    hours = activity.time_known
    return known | {
        "title": activity.title,
        "day": activity.starts_at.date().isoformat(),
        "starts": f"{activity.starts_at:%H:%M}" if hours else "",
        "ends": f"{activity.ends_at:%H:%M}" if hours else "",
        "place": activity.place or "",
        "schedule": str(activity.schedule),
    }
