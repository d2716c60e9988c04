"""The fields of a campaign's questions: native inputs, and the places of options shown before one is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import Field, RadioField, SelectMultipleField, StringField, TelField, TextAreaField

from eventreg.campaigns.facts import QuestionFacts
from eventreg.campaigns.question_kinds import (
    LINE_LENGTH,
    NO,
    TEXT_LENGTH,
    WITH_OPTIONS,
    YES,
    QuestionKind,
    day_of,
)
from eventreg.campaigns.rules import PoolFacts, PoolScope
from eventreg.registrations.answers.rules import Typed, codes_in
from eventreg.web.forms.plain_form import RequiredField

SHORTER = 9  # digits of a number


def field_of(question: QuestionFacts) -> Field:
    """The field of a question; its words come later, in the reader's language (`word`)."""
    needed = [RequiredField()] if question.required else []
    return MAKERS[QuestionKind(question.kind)](question, needed)


def _line(question: QuestionFacts, needed: list[RequiredField]) -> Field:
    return StringField(validators=needed, render_kw={"maxlength": question.most or LINE_LENGTH})


def _paragraph(question: QuestionFacts, needed: list[RequiredField]) -> Field:
    return TextAreaField(validators=needed, render_kw={"maxlength": question.most or TEXT_LENGTH})


def _phone(_question: QuestionFacts, needed: list[RequiredField]) -> Field:
    return TelField(validators=needed, render_kw={"maxlength": 20})


def _number(_question: QuestionFacts, needed: list[RequiredField]) -> Field:
    looks = {"inputmode": "numeric", "autocomplete": "off", "maxlength": SHORTER}
    return StringField(validators=needed, render_kw=looks)


def _date(question: QuestionFacts, needed: list[RequiredField]) -> Field:
    bounds = {"min": question.least, "max": question.most}
    days = {name: day_of(bound).isoformat() for name, bound in bounds.items() if bound is not None}
    return StringField(validators=needed, render_kw={"type": "date", **days})


def _radio(_question: QuestionFacts, needed: list[RequiredField]) -> Field:
    return RadioField(validators=needed, choices=[], validate_choice=False)


def _boxes(_question: QuestionFacts, needed: list[RequiredField]) -> Field:
    return SelectMultipleField(validators=needed, choices=[], validate_choice=False)


MAKERS = {
    QuestionKind.TEXT: _line,
    QuestionKind.PARAGRAPH: _paragraph,
    QuestionKind.PHONE: _phone,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
    QuestionKind.CHOICE: _radio,
    QuestionKind.CHOICES: _boxes,
    QuestionKind.YES: _radio,
}


def word(field: Field, question: QuestionFacts) -> None:
    """Label, hint and choices of a question's field."""
    field.label.text, field.description = question.label, question.hint
    field.purpose = question.purpose  # type: ignore[attr-defined]  # a mark of ours, for ui/field.html
    if question.kind == QuestionKind.YES:
        field.choices = [(YES, _("是")), (NO, _("否"))]  # type: ignore[attr-defined]  # a RadioField
        field.of_the_product = True  # type: ignore[attr-defined]  # its choices are words of ours
    elif question.kind in WITH_OPTIONS:
        field.choices = [(o.code, o.label) for o in question.offered]  # type: ignore[attr-defined]
    if question.kind in {QuestionKind.YES, QuestionKind.CHOICE} and not question.required:
        field.blank = _("不选")  # type: ignore[attr-defined]  # a radio button cannot be taken back otherwise


def typed_in(field: Field) -> Typed:
    """What was typed into a question's field, or chosen there."""
    data = field.data
    return [str(one) for one in data] if isinstance(data, list) else str(data or "")


def as_data(questions: Iterable[QuestionFacts], stored: Mapping[str, str]) -> dict[str, object]:
    """Stored answers by question key, as the data of a form's fields."""
    several = {question.key for question in questions if question.kind == QuestionKind.CHOICES}
    return {key: codes_in(value) if key in several else value for key, value in stored.items()}


def as_typed(questions: Iterable[QuestionFacts], pairs: Iterable[tuple[str, str]]) -> dict[str, object]:
    """The fields of a kept form as the data of a form: the first value of each, or all where several are chosen."""
    several = {question.key for question in questions if question.kind == QuestionKind.CHOICES}
    typed: dict[str, object] = {}
    for name, value in pairs:
        if name in several:
            typed.setdefault(name, list[str]())
            typed[name] += [value]  # type: ignore[operator]  # a list, made in the line above
        else:
            typed.setdefault(name, value)
    return typed


def show_places(
    field: Field, question: QuestionFacts, pools: Iterable[PoolFacts], *, moves: bool, holds: str = ""
) -> None:
    """Say beside each option how many places it has left.

    Who has a place and would move into a full option is refused, so it is closed to them (`moves`); `holds` is their
    answer, which stays open. Everybody else may choose a full option and waits for it.
    """
    mine = codes_in(holds) if moves else []
    details, closed = {}, set()
    for pool in pools:
        if pool.scope is not PoolScope.OPTION or pool.question_key != question.key:
            continue
        code = str(pool.option)
        if code in mine:
            details[code] = _("你已占了这里的名额")
        elif pool.free:
            details[code] = ngettext("余 %(num)s 个名额", "余 %(num)s 个名额", pool.free)
        elif moves:
            details[code] = _("已满")
            closed.add(code)
        else:
            details[code] = _("已满，选它就加入候补")
    field.details, field.closed = details, closed  # type: ignore[attr-defined]  # marks of ours, for ui/field.html
