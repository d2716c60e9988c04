"""The forms of an organiser who enters somebody or corrects their answers: the campaign's questions, a reason and a note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import HiddenField, RadioField

from eventreg.campaigns.facts import SignUpFormFacts
from eventreg.campaigns.rules import PoolFacts, PoolScope
from eventreg.registrations.by_hand.outlook import EntryOutlook
from eventreg.registrations.by_hand.placing import EntryResult, HandEntry
from eventreg.registrations.by_hand.rules import HandActKind
from eventreg.web.employee.registrations import forms as employee_forms
from eventreg.web.employee.registrations.forms import AnswersForm
from eventreg.web.forms.hand_form import HandForm
from eventreg.web.forms.plain_form import RequiredField
from eventreg.web.forms.plan_form import one_of
from eventreg.words import times


class EntryForm(HandForm, AnswersForm):
    """Whom to enter, on which place, and why. `foreseen` is the result that the page showed for the order of arrival."""

    person = HiddenField()
    idempotency_key = HiddenField()
    foreseen = HiddenField()
    how = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)

    def read(self) -> HandEntry:
        """How to enter the person; meaningless if a field has an error."""
        reason, note = self.chosen(HandActKind.ENTER), self.noted()
        how = self.take("how", partial(one_of, known=dict.fromkeys(map(str, EntryResult))), "place")
        adding = how == EntryResult.ADDED
        shown = self.foreseen.data if self.foreseen.data in set(EntryResult) else None
        foreseen = EntryResult.ADDED if adding else EntryResult(shown) if shown else None
        return HandEntry(reason, note=note, adding=adding, foreseen=foreseen)

    def offer(self, outlook: EntryOutlook) -> None:
        """Offer what can be done now: the order of arrival, and an added place where the person would wait."""
        by_order = [(str(outlook.result), by_order_words(outlook))] if not outlook.waits else []
        added = [(str(EntryResult.ADDED), _("另加一个名额"))] if outlook.extended else []
        self.how.choices = by_order + added
        if self.how.data not in dict(self.how.choices):
            self.how.data = self.how.choices[0][0]
        self.foreseen.data = str(outlook.result)


class CorrectedAnswersForm(HandForm, AnswersForm):
    """The answers as they are to be, and why an organiser changes them."""


def entry_form(entry: SignUpFormFacts, person_id: int) -> EntryForm:
    """The form in the reader's language. Questions may stay open: the person is told and can answer them."""
    questions = tuple(replace(question, required=False) for question in entry.questions)
    form = employee_forms.form_on(EntryForm, questions, {}, person=str(person_id))
    form.form_version.data = entry.version
    form.idempotency_key.data = form.idempotency_key.data or employee_forms.new_key()
    form.word_reasons(HandActKind.ENTER, _("为什么代为报名"), _("报名顺序里公开写着，也会写进给本人的邮件"))
    form.word(("how", _("怎么安排"), ""))
    return form


def correction_form(entry: SignUpFormFacts, answers: Mapping[str, str]) -> CorrectedAnswersForm:
    """The form with the current answers."""
    form = employee_forms.form_on(CorrectedAnswersForm, entry.questions, answers)
    form.stamp(entry, answers)
    form.word_reasons(HandActKind.CORRECT, _("为什么更正"), _("会写进办理记录"))
    return form


def by_order_words(outlook: EntryOutlook) -> str:
    """What the order of arrival gives the person."""
    if outlook.result is EntryResult.PLACE:
        return _("直接报上")
    return _("加入候补，第 %(n)s 位", n=times.ordinal(outlook.position or 1))


def added_words(outlook: EntryOutlook, waiting: int) -> str:
    """What an added place does: which pools get larger, and that nobody who waits is affected."""
    pools = _("、").join(_pool(pool) for pool in outlook.extended)
    others = waiting - outlook.waits
    stays = ngettext("候补的 %(num)s 人位置不变。", "候补的 %(num)s 人位置不变。", others) if others else ""
    return _("%(pools)s，只给这一位；本人退出就收回。%(stays)s", pools=pools, stays=stays)


def _pool(pool: PoolFacts) -> str:
    before, after = pool.places, pool.places + 1
    names = {
        PoolScope.TOTAL: lambda: _("总名额"),
        PoolScope.UNIT: lambda: _("本单位的名额"),
        PoolScope.GENDER: lambda: _("男职工的名额") if pool.gender == "male" else _("女职工的名额"),
        PoolScope.OPTION: lambda: _("所选选项的名额"),
        PoolScope.REST: lambda: _("其他单位的名额"),
    }
    return _("%(pool)s %(before)s 个变成 %(after)s 个", pool=names[pool.scope](), before=before, after=after)
