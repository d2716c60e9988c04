"""The forms of screening: one decision, several at once, a structure limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext as _
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField

from eventreg.campaigns import checks
from eventreg.core.working_days.rules import WorkCalendar, known, nth
from eventreg.nominations.rules import CONDITIONS, REASON_MOST, DecisionKind, NominationState
from eventreg.nominations.screening.opinions import NOTE_MOST, Office, OpinionAnswer
from eventreg.nominations.screening.rules import BANDS, GroupDimension, StructureLimitFacts
from eventreg.web.app.numbers import whole_number
from eventreg.web.forms.deadline_field import DeadlineField
from eventreg.web.forms.plain_form import PlainForm, RequiredField, SometimesRequired
from eventreg.web.forms.plan_form import MOMENT, WHOLE, PlanForm, local_moment
from eventreg.words.award import award_words, screening_words

RETURN_DAYS = 3  # working days after the day of a return
WAYS = {
    NominationState.SUBMITTED: (DecisionKind.CANDIDATE, DecisionKind.RETURNED, DecisionKind.INELIGIBLE),
    NominationState.RETURNED: (DecisionKind.RETURNED, DecisionKind.INELIGIBLE),
    NominationState.CANDIDATE: (DecisionKind.REOPENED,),
    NominationState.INELIGIBLE: (DecisionKind.REOPENED,),
}


class DecisionForm(PlanForm):
    """A decision of HR; `version` is the one that was read."""

    ticked = SelectMultipleField(choices=[], validate_choice=False)
    verdict = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    reason = TextAreaField(validators=[SometimesRequired()], render_kw={"maxlength": REASON_MOST})
    due = DeadlineField(validators=[SometimesRequired()], render_kw=MOMENT)

    def read(self, zone: ZoneInfo) -> tuple[DecisionKind | None, str, datetime | None]:
        """The decision, the reason, and until when to correct; meaningless if a field has an error."""
        offered = {code for code, _label in self.verdict.choices}
        chosen = DecisionKind(self.verdict.data) if self.verdict.data in offered else None
        if chosen is None:
            self.say("verdict", "typed.choice")
        reason = self.take("reason", partial(checks.prose, most=REASON_MOST, required=False), "")
        due = self.take("due", partial(_maybe_moment, zone=zone), None)
        return chosen, reason, due if chosen is DecisionKind.RETURNED else None

    def offers(self, verdict: str) -> bool:
        """Whether this decision is offered now."""
        return verdict in {code for code, _label in self.verdict.choices}

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions that were checked again."""
        return tuple(code for code in CONDITIONS if code in (self.ticked.data or ()))


@dataclass(frozen=True, slots=True)
class SuggestedDue:
    """The end of the third working day after today, which the form suggests for a return after the deadline; `known` is
    whether the days off of its year are announced."""

    at: datetime
    known: bool


def suggested_due(now: datetime, calendar: WorkCalendar) -> SuggestedDue:
    """The suggestion at `now`, a local time."""
    day = nth(now.date() + timedelta(days=1), RETURN_DAYS, calendar)
    end = datetime.combine(day + timedelta(days=1), time(), now.tzinfo)
    return SuggestedDue(end, known(day.year, calendar))


def decision_form(state: NominationState, seen: int, suggested: SuggestedDue | None = None) -> DecisionForm:
    """The form in the reader's language; it offers only decisions that are possible in this state.

    `suggested` is there once the department can submit no longer.
    """
    form = DecisionForm(data={"version": str(seen), "due": local_moment(suggested.at) if suggested else ""})
    form.ticked.choices = [(code, award_words.CONDITIONS[code]()) for code in CONDITIONS]
    form.verdict.choices = [
        (str(verdict), screening_words.VERDICTS[str(verdict)]()) for verdict in WAYS[state]
    ]
    form.word(
        ("ticked", _("推荐条件，逐条复核"), _("定为候选人以前，五条都要复核")),
        ("verdict", _("审核结论"), ""),
        ("reason", _("原因"), _("退回、不符合都要写，部门会看到；有没齐的项目也写在这里")),
        ("due", _("补正到什么时候"), _due_hint(suggested)),
    )
    return form


def _due_hint(suggested: SuggestedDue | None) -> str:
    if suggested is None:
        return _("退回时填。不填就是推荐截止的时间")
    hint = _("推荐已经截止，退回时要填。已填上今天以后第三个工作日结束，可以改")
    year = suggested.at.year
    return (
        hint
        if suggested.known
        else hint + _("（%(year)s 年的放假安排还没有公布，暂按周一至周五算）", year=year)
    )


class OpinionForm(PlainForm):
    """The answer of another office."""

    office = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    answer = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    note = TextAreaField(validators=[SometimesRequired()], render_kw={"maxlength": NOTE_MOST})

    def read(self) -> tuple[Office, OpinionAnswer, str] | None:
        """The answer; None when something was not chosen."""
        for name, offered in (("office", set(Office)), ("answer", set(OpinionAnswer))):
            if self[name].data not in offered:
                self.say(name, "typed.choice")
        if self.errors:
            return None
        return Office(self.office.data), OpinionAnswer(self.answer.data), (self.note.data or "").strip()


def opinion_form() -> OpinionForm:
    """Worded in the reader's language."""
    form = OpinionForm()
    form.office.choices = [(str(office), screening_words.OFFICES[str(office)]()) for office in Office]
    form.answer.choices = [(str(one), screening_words.OPINIONS[str(one)]()) for one in OpinionAnswer]
    form.office.label.text, form.answer.label.text = _("哪个部门"), _("答复")
    form.note.label.text, form.note.description = _("说明"), _("有异议时要写")
    return form


class SafeForm(PlainForm):
    """Accepts several ticked nominations at once, each with the version that the page showed."""

    ticked = SelectMultipleField(choices=[], validate_choice=False)

    @property
    def chosen(self) -> list[tuple[int, int]]:
        """(nomination, version seen) of each that was ticked; anything but a pair of numbers is left out."""
        pairs = (value.split(":", 1) for value in request.form.getlist("chosen"))
        numbers = ((whole_number(pair[0]), whole_number(pair[1])) for pair in pairs if len(pair) == 2)
        return [(nomination_id, version) for nomination_id, version in numbers if nomination_id and version]

    @property
    def confirmed(self) -> bool:
        """Whether all five conditions were checked again for each of them."""
        return set(CONDITIONS) <= set(self.ticked.data or ())


def safe_form() -> SafeForm:
    """Worded in the reader's language."""
    form = SafeForm()
    form.ticked.label.text = _("推荐条件，逐条复核")
    form.ticked.description = _("勾选的每一份都复核过，才能一起定为候选人")
    form.ticked.choices = [(code, award_words.CONDITIONS[code]()) for code in CONDITIONS]
    return form


class LimitForm(PlanForm):
    """A structure limit."""

    about = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    unit = SelectField(choices=[], validate_choice=False)
    age = SelectField(choices=[], validate_choice=False)
    post = StringField(render_kw={"maxlength": 60, "autocomplete": "off"})
    bound = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    percent = StringField(validators=[RequiredField()], render_kw=WHOLE)

    def read(self) -> StructureLimitFacts:
        """The typed values; meaningless if a field has an error."""
        about = GroupDimension(self.about.data) if self.about.data in set(GroupDimension) else None
        if about is None:
            self.say("about", "typed.choice")
        if self.bound.data not in {"most", "least"}:
            self.say("bound", "typed.choice")
        percent = self.take("percent", partial(checks.number, least=1, most=99), 1)
        value = self._value(about) if about else ""
        return StructureLimitFacts(about or GroupDimension.POST, value, self.bound.data == "most", percent)

    def _value(self, about: GroupDimension) -> str:
        if about is GroupDimension.POST:
            return self.take("post", partial(checks.line, most=60), "")
        field = self[str(about)]
        if field.data not in {code for code, _label in field.choices}:
            self.say(str(about), "typed.choice")
        return str(field.data or "")


def limit_form(units: Sequence[tuple[int, str]]) -> LimitForm:
    """Worded in the reader's language."""
    form = LimitForm(data={"about": "post", "bound": "most", "percent": "20"})
    form.about.choices = [(str(about), screening_words.ABOUT[str(about)]()) for about in GroupDimension]
    form.unit.choices = [(str(id_), name) for id_, name in units]
    form.age.choices = [(code, screening_words.BANDS[code]()) for code, _least, _most in BANDS]
    form.bound.choices = [("most", _("不超过")), ("least", _("不少于"))]
    form.word(
        ("about", _("按什么看"), ""),
        ("unit", _("哪个单位"), _("按单位看时选")),
        ("age", _("哪个年龄段"), _("按年龄段看时选")),
        ("post", _("岗位里包含的字"), _("按岗位看时写，例如：经理")),
        ("bound", _("怎么限"), ""),
        ("percent", _("百分之几"), _("占全部候选人的比例，1 到 99")),
    )
    return form


def _maybe_moment(typed: str, *, zone: ZoneInfo) -> datetime | None:
    return checks.moment(typed, zone=zone) if typed.strip() else None
