"""Forms of a round: the rules, a seat in the panel, a recusal that HR sets, a seat that ends."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from flask_babel import gettext as _
from wtforms import BooleanField, RadioField, SelectField, StringField

from eventreg.awards.panel.rules import REASON_MOST, PanelPart
from eventreg.awards.rounds.rules import REASON_MOST as WHY_MOST
from eventreg.awards.rounds.rules import TITLE_MOST, NamedCriterion, RoundRules, TieRule
from eventreg.awards.scores.rules import CRITERIA_MOST
from eventreg.campaigns import checks
from eventreg.web.app.numbers import whole_number
from eventreg.web.forms.plain_form import PlainForm, RequiredField, SometimesRequired
from eventreg.web.forms.plan_form import WHOLE, PlanForm, one_of
from eventreg.words.award import judging_words

SHOWN = 6  # rows of criteria, and always two blank ones
OFF = {"autocomplete": "off"}


class RulesForm(PlanForm):
    """评选办法: criteria with weight and highest score; a row with all fields blank is none."""

    drops = BooleanField()
    tie = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    reason = StringField(validators=[SometimesRequired()], render_kw={"maxlength": WHY_MOST, **OFF})

    @property
    def rows(self) -> list[CriterionFields]:
        """The rows of criteria that are shown: those that are filled, and two more."""
        filled = [n for n in range(1, CRITERIA_MOST + 1) if any(f.data for f in self._row(n))]
        last = max(filled, default=0)
        shown = min(CRITERIA_MOST, max(SHOWN, last + 2))
        return [CriterionFields(n, *self._row(n)) for n in range(1, shown + 1)]

    def read(self) -> RoundRules:
        """The typed rules; meaningless if a field has an error."""
        criteria = [
            NamedCriterion(
                self.take(f"title_{n}", partial(checks.line, most=TITLE_MOST), ""),
                self.take(f"weight_{n}", partial(checks.number, least=1, most=100), 1),
                self.take(f"most_{n}", partial(checks.number, least=1, most=1000), 1),
            )
            for n in range(1, CRITERIA_MOST + 1)
            if any((f.data or "").strip() for f in self._row(n))
        ]
        tie = self.take("tie", partial(one_of, known=dict(self.tie.choices)), str(TieRule.NONE))
        return RoundRules(tuple(criteria), bool(self.drops.data), TieRule(tie))

    def _row(self, n: int) -> tuple[StringField, StringField, StringField]:
        return self[f"title_{n}"], self[f"weight_{n}"], self[f"most_{n}"]


for _n in range(1, CRITERIA_MOST + 1):
    for _name, _how in (("title", {"maxlength": TITLE_MOST, **OFF}), ("weight", WHOLE), ("most", WHOLE)):
        setattr(RulesForm, f"{_name}_{_n}", StringField(validators=[SometimesRequired()], render_kw={**_how}))


@dataclass(frozen=True, slots=True)
class CriterionFields:
    """The fields of one row."""

    number: int
    title: StringField
    weight: StringField
    most: StringField


class SeatForm(PlainForm):
    """Somebody by staff number, and her part. `looked` is the staff number whose conflicts were shown."""

    staff_no = StringField(validators=[RequiredField()], render_kw={"maxlength": 40, **OFF})
    part = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)


class ChoosingForm(PlainForm):
    """A form whose lists hold ids."""

    def chosen(self, name: str) -> int:
        """The id that was chosen in a list; an error is shown where none of it was."""
        if self[name].data not in dict(self[name].choices):
            self.say(name, "typed.choice")
        return whole_number(self[name].data)


class RecusalForm(ChoosingForm):
    """A member, a nominee, and why."""

    member = SelectField(validators=[RequiredField()], choices=[], validate_choice=False)
    nominee = SelectField(validators=[RequiredField()], choices=[], validate_choice=False)
    why = StringField(validators=[RequiredField()], render_kw={"maxlength": REASON_MOST, **OFF})


class LeavingForm(ChoosingForm):
    """A member whose seat ends, and why."""

    leaver = SelectField(validators=[RequiredField()], choices=[], validate_choice=False)
    why_left = StringField(validators=[RequiredField()], render_kw={"maxlength": REASON_MOST, **OFF})


def rules_form(rules: RoundRules, version: int) -> RulesForm:
    """The form, filled from the rules."""
    known: dict[str, object] = {"version": str(version), "drops": rules.drops, "tie": str(rules.tie)}
    for n, one in enumerate(rules.criteria, 1):
        known |= {f"title_{n}": one.title, f"weight_{n}": str(one.weight), f"most_{n}": str(one.most)}
    form = RulesForm(data=known)
    form.tie.choices = [(str(tie), judging_words.TIES[str(tie)]()) for tie in TieRule]
    for n in range(1, CRITERIA_MOST + 1):
        form.word(
            (f"title_{n}", _("评分标准"), ""), (f"weight_{n}", _("权重 %"), ""), (f"most_{n}", _("满分"), "")
        )
    form.word(
        ("drops", _("去掉一个最高分、一个最低分"), _("每份推荐都有五位以上评委打分时才去掉")),
        ("tie", _("总分相同怎么办"), ""),
        ("reason", _("更改的理由"), _("推荐截止以后更改要写，和办法一起公布")),
    )
    return form


def seat_form() -> SeatForm:
    """The form of a seat."""
    form = SeatForm(data={"part": str(PanelPart.JUDGE)})
    form.part.choices = [(str(part), judging_words.part(str(part))) for part in PanelPart]
    form.staff_no.label.text, form.part.label.text = _("工号"), _("担任")
    return form


def recusal_form(members: list[tuple[str, str]], nominees: list[tuple[str, str]]) -> RecusalForm:
    """The form of a recusal that HR sets."""
    form = RecusalForm()
    form.member.choices, form.nominee.choices = members, nominees
    form.member.label.text, form.nominee.label.text = _("评委"), _("回避谁")
    form.why.label.text = _("理由")
    form.why.description = _("例如：亲属、师徒。评委本人看不到是谁、为什么")
    return form


def leaving_form(members: list[tuple[str, str]]) -> LeavingForm:
    """The form of a seat that ends."""
    form = LeavingForm()
    form.leaver.choices = members
    form.leaver.label.text, form.why_left.label.text = _("评委"), _("理由")
    form.why_left.description = _("她打的分全部不算，记录保留")
    return form
