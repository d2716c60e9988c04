"""The forms of a campaign's parts: its places, an activity with its kind's parameters, a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext as _
from wtforms import BooleanField, Field, RadioField, SelectField, StringField

from eventreg.campaigns import checks
from eventreg.campaigns.facts import ActivityFacts, CampaignFacts, QuestionFacts
from eventreg.campaigns.kinds import ActivityKind, OneOf, Parameters, WholeNumber, kind_of, parameters_of
from eventreg.campaigns.questions import QuestionInput
from eventreg.campaigns.rules import PoolScope, ScheduleState
from eventreg.campaigns.writing import NewActivity, NewPool
from eventreg.core.errors import Refused
from eventreg.words import kinds as wording

from ..forms import RequiredField
from .forms import CLOCK, DAY, WHOLE, PlanForm, one_of

PLACES_MOST = 100_000
ROWS_MOST = 60
QUESTION_KINDS = ("phone", "text")


class PlacesForm(PlanForm):
    """How many places, and for whom; `rows` allocations follow, two fields each."""

    capacity = StringField(render_kw=WHOLE)
    reserved = StringField(render_kw=WHOLE)
    rows = 0

    @property
    def allocations(self) -> list[tuple[SelectField, Field]]:
        """The fields of the allocations: unit, places."""
        return [(self[f"unit_{n}"], self[f"places_{n}"]) for n in range(self.rows)]

    def read(self) -> list[NewPool]:
        """The bounds that were typed; without meaning once something is wrong."""
        places = partial(checks.maybe_number, least=1, most=PLACES_MOST)
        total = self.take("capacity", places, None)
        bounds = [] if total is None else [NewPool(PoolScope.TOTAL, total)]
        reserved = self.take("reserved", partial(checks.maybe_number, least=0, most=PLACES_MOST), None)
        if reserved and self._fits("reserved", reserved, total):
            bounds.append(NewPool(PoolScope.GENDER, (total or 0) - reserved, gender="male"))
        return bounds + self._allocated()

    def _fits(self, name: str, reserved: int, total: int | None) -> bool:
        if total is None and not self.capacity.errors:
            self.say(name, "plan.reserved_without_total")
        elif total is not None and reserved > total:
            self.say(name, "plan.reserved_too_many", most=total)
        return total is not None and reserved <= total

    def _allocated(self) -> list[NewPool]:
        bounds: dict[int, NewPool] = {}
        for unit, places in self.allocations:
            if not unit.data and not (places.data or "").strip():
                continue
            unit_id = self.take(unit.name, partial(_unit, known=dict(unit.choices)), 0)
            most = self.take(places.name, partial(checks.number, least=0, most=PLACES_MOST), 0)
            if unit_id in bounds:
                self.say(unit.name, "plan.unit_twice")
            bounds[unit_id] = NewPool(PoolScope.UNIT, most, unit_id=unit_id)
        return list(bounds.values())


def places_form(campaign: CampaignFacts, units: Sequence[tuple[int, str]]) -> PlacesForm:
    """Filled from the pools; one more row when the button for it was pressed."""
    known = _places_of(campaign)
    sent = sum(f"unit_{n}" in (request.form or known) for n in range(ROWS_MOST))
    rows = min(ROWS_MOST, max(1, sent + ("add" in request.form)))
    made: dict[str, Any] = {"rows": rows}
    choices = {"": _("选一个单位")} | {str(id_): path for id_, path in units}
    for n in range(rows):
        made[f"unit_{n}"] = SelectField(choices=choices, validate_choice=False)
        made[f"places_{n}"] = StringField(render_kw=WHOLE)
    form: PlacesForm = type("PlacesForm", (PlacesForm,), made)(data=known)
    form.word(
        ("capacity", _("总名额"), _("不填就是不限人数")),
        ("reserved", _("其中留给女职工"), _("男职工最多报到总名额减去这个数。不填就是不留")),
    )
    for n in range(rows):
        form.word((f"unit_{n}", _("单位 %(n)s", n=n + 1), ""), (f"places_{n}", _("最多几人"), ""))
    return form


def _places_of(campaign: CampaignFacts) -> dict[str, str]:
    total = campaign.total
    known = {"version": str(campaign.version), "capacity": str(total.capacity) if total else ""}
    units = [pool for pool in campaign.pools if pool.scope is PoolScope.UNIT]
    for n, pool in enumerate(units):
        known |= {f"unit_{n}": str(pool.unit_id), f"places_{n}": str(pool.capacity)}
    others = next((p for p in campaign.pools if p.scope is PoolScope.GENDER and p.gender == "male"), None)
    if others is not None and total is not None:
        known["reserved"] = str(max(0, total.capacity - others.capacity))
    return known


def _unit(typed: str, *, known: Mapping[str, str]) -> int:
    if not typed or typed not in known:
        raise Refused("plan.unit_unknown")
    return int(typed)


class ActivityForm(PlanForm):
    """An activity; a field `p_NAME` for each parameter of its kind follows."""

    title = StringField(validators=[RequiredField()], render_kw={"maxlength": 120})
    day = StringField(validators=[RequiredField()], render_kw=DAY)
    starts = StringField(render_kw=CLOCK)
    ends = StringField(render_kw=CLOCK)
    place = StringField(render_kw={"maxlength": 120})
    schedule = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    kind = ""

    @property
    def parameters(self) -> list[Field]:
        """The fields of the kind's parameters."""
        return [self[f"p_{name}"] for name in kind_of(self.kind).limits]

    def read(self, zone: ZoneInfo) -> NewActivity:
        """What was typed; without meaning once something is wrong."""
        starts_at, ends_at, known = self._times(zone)
        return NewActivity(
            kind=self.kind,
            title=self.take("title", partial(checks.line, most=120), ""),
            starts_at=starts_at,
            ends_at=ends_at,
            time_known=known,
            schedule=ScheduleState(
                self.take("schedule", partial(one_of, known=wording.SCHEDULES), "tentative")
            ),
            parameters=self._parameters(),
            place=self.take("place", partial(checks.line, most=120, required=False), "") or None,
        )

    def _times(self, zone: ZoneInfo) -> tuple[datetime, datetime, bool]:
        """Without hours the day is from midnight to midnight, and pages show no hour."""
        day = self.take("day", checks.day, date(2000, 1, 1))
        starts, ends = self.take("starts", checks.clock, None), self.take("ends", checks.clock, None)
        wrong = self.starts.errors or self.ends.errors
        if not wrong and starts is None and ends is not None:
            self.say("starts", "plan.from_missing")
        if not wrong and starts is not None and ends is None:
            self.say("ends", "plan.until_missing")
        if starts is None or ends is None:
            midnight = datetime.combine(day, time(), zone)
            return midnight, datetime.combine(day + timedelta(days=1), time(), zone), False
        if ends <= starts:
            self.say("ends", "plan.ends_first")
        first = self.take(
            "starts", lambda _typed: checks.local(day, starts, zone=zone), datetime.combine(day, starts, zone)
        )
        return first, datetime.combine(day, ends, zone), True

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
) -> ActivityForm:
    """Filled from the activity, else from the defaults of the kind of this code on a suggested day."""
    kind = kind_of(code)
    made = {f"p_{name}": _parameter_field(limits) for name, limits in kind.limits.items()}
    form: ActivityForm = type("ActivityForm", (ActivityForm,), {**made, "kind": code})(
        data={"version": str(version), **_activity_of(kind, activity, suggested)}
    )
    form.schedule.choices = [(str(s), wording.SCHEDULES[str(s)]()) for s in ScheduleState]
    form.word(
        ("title", _("项目名称"), ""),
        ("day", _("日期"), zone),
        ("starts", _("开始"), _("还没定就不填，页面上是“时间另行通知”")),
        ("ends", _("结束"), ""),
        ("place", _("地点"), _("还没定就不填，页面上是“另行通知”")),
        ("schedule", _("日程"), ""),
    )
    for name, limits in kind.limits.items():
        _word_parameter(form[f"p_{name}"], limits)
    return form


def _check_of(limits: WholeNumber | OneOf) -> Callable[[str], Any]:
    """What reads a typed parameter."""
    if isinstance(limits, OneOf):
        return partial(one_of, known=limits.choices)
    return partial(checks.number, least=limits.least, most=limits.most)


def _parameter_field(limits: WholeNumber | OneOf) -> Field:
    if isinstance(limits, OneOf):
        return RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    return StringField(validators=[RequiredField()], render_kw=WHOLE)


def _word_parameter(field: Any, limits: WholeNumber | OneOf) -> None:
    field.label.text = wording.translated(limits.label)
    if isinstance(limits, OneOf):
        field.choices = [(code, wording.translated(words)) for code, words in limits.choices.items()]
    else:
        field.description = wording.bounds(limits.unit, limits.least, limits.most)


def _activity_of(
    kind: ActivityKind[Any], activity: ActivityFacts | None, suggested: datetime | None
) -> dict[str, str]:
    parameters = activity.parameters if activity else kind.parameters()
    known = {f"p_{name}": str(value) for name, value in parameters.stored().items()}
    if activity is None:
        return known | {
            "title": wording.translated(kind.name),
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


class QuestionForm(PlanForm):
    """A question of the sign-up form."""

    label = StringField(validators=[RequiredField()], render_kw={"maxlength": 80})
    hint = StringField(render_kw={"maxlength": 160})
    kind = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    required = BooleanField()

    def read(self) -> QuestionInput:
        """What was typed; without meaning once something is wrong."""
        return QuestionInput(
            kind=self.take("kind", partial(one_of, known=dict.fromkeys(QUESTION_KINDS)), "text"),
            label=self.take("label", partial(checks.line, most=80), ""),
            hint=self.take("hint", partial(checks.line, most=160, required=False), ""),
            required=bool(self.required.data),
        )


def question_form(question: QuestionFacts | None, *, version: int) -> QuestionForm:
    """Filled from the question, else an optional text."""
    known: dict[str, Any] = {"version": str(version), "kind": "text"}
    if question is not None:
        known |= {"kind": question.kind, "label": question.label, "hint": question.hint}
        known["required"] = question.required
    form = QuestionForm(data=known)
    form.kind.choices = [("phone", _("手机号，11 位")), ("text", _("文字，最多 500 个字"))]
    form.word(
        ("label", _("问什么"), _("例如：备注")),
        ("hint", _("提示"), _("写在问题下面，例如：饮食或行动上需要照顾的地方")),
        ("kind", _("填什么"), ""),
        ("required", _("必须填"), ""),
    )
    return form
