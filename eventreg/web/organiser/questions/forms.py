"""The form of a question: its words, its kind, and what its kind needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, Field, RadioField, StringField, TextAreaField

from eventreg.campaigns import checks
from eventreg.campaigns.facts import QuestionFacts
from eventreg.campaigns.plan.questions import QuestionInput, Rewording
from eventreg.campaigns.question_kinds import (
    BOUNDED,
    LINE_LENGTH,
    LONGEST,
    NUMBER_MOST,
    OPTION_LENGTH,
    OPTIONS_MOST,
    TEXT_LENGTH,
    WITH_OPTIONS,
    OptionInput,
    QuestionKind,
    QuestionOption,
    day_number,
    day_of,
    lines_of,
)
from eventreg.campaigns.rules import PoolFacts, PoolScope
from eventreg.core.errors import Refused
from eventreg.web.forms.plain_form import RequiredField, SometimesRequired
from eventreg.web.forms.plan_form import WHOLE, PlanForm, one_of
from eventreg.web.organiser.activities.forms import PLACES_MOST
from eventreg.words.sign_up import question_words

LIMITS = {  # the highest bound of each kind
    QuestionKind.TEXT: LONGEST,
    QuestionKind.PARAGRAPH: LONGEST,
    QuestionKind.NUMBER: NUMBER_MOST,
    QuestionKind.CHOICES: OPTIONS_MOST,
}


class QuestionForm(PlanForm):
    """A question of the sign-up form; `known` are the options that it has, two fields each, and `more` adds some."""

    label = StringField(validators=[RequiredField()], render_kw={"maxlength": 80})
    hint = StringField(render_kw={"maxlength": 160})
    purpose = StringField(render_kw={"maxlength": 160})
    kind = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    more = TextAreaField(validators=[SometimesRequired()], render_kw={"rows": 5})
    least = StringField(render_kw={"autocomplete": "off", "maxlength": 10})
    most = StringField(render_kw={"autocomplete": "off", "maxlength": 10})
    required = BooleanField()
    meant = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    known: Sequence[QuestionOption] = ()

    @property
    def option_fields(self) -> list[tuple[Field, Field]]:
        """The fields of the options that the question has: (words, places)."""
        return [(self[f"option_{o.code}"], self[f"places_{o.code}"]) for o in self.known]

    def read_meaning(self) -> Rewording | None:
        """What new words of an answered question mean; None if that was not said."""
        return next((one for one in Rewording if self.meant.data == str(one)), None)

    def read(self) -> QuestionInput:
        """The typed values; meaningless if a field has an error."""
        kind = self.take("kind", partial(one_of, known=dict.fromkeys(QuestionKind)), str(QuestionKind.TEXT))
        bound = _bound_of(QuestionKind(kind))
        return QuestionInput(
            kind=kind,
            label=self.take("label", partial(checks.line, most=80), ""),
            hint=self.take("hint", partial(checks.line, most=160, required=False), ""),
            required=bool(self.required.data),
            purpose=self.take("purpose", partial(checks.line, most=160, required=False), ""),
            options=self._read_options() if kind in WITH_OPTIONS else (),
            least=self.take("least", bound, None) if kind in BOUNDED else None,
            most=self.take("most", bound, None) if kind in BOUNDED else None,
        )

    def _read_options(self) -> tuple[OptionInput, ...]:
        kept = []
        places = partial(checks.maybe_number, least=0, most=PLACES_MOST)
        for option in self.known:
            words = self.take(f"option_{option.code}", _option_line, "")
            most = self.take(f"places_{option.code}", places, None)
            if words:
                kept.append(OptionInput(words, most, option.code))
        typed = self.take("more", checks.clean_lines, "")
        return (*kept, *self.take_more(typed))

    def take_more(self, typed: str) -> tuple[OptionInput, ...]:
        """The options typed one a line; an error is shown where they were typed."""
        try:
            return lines_of(typed, places_most=PLACES_MOST)
        except Refused as refused:
            self.say("more", refused.code, **refused.facts)
            return ()


def question_form(
    question: QuestionFacts | None, pools: Sequence[PoolFacts] = (), *, version: int
) -> QuestionForm:
    """The form, filled from the question and the places of its options, else for an optional text."""
    options = question.offered if question else ()
    made: dict[str, Any] = {"known": options}
    for option in options:
        made[f"option_{option.code}"] = StringField(render_kw={"maxlength": OPTION_LENGTH})
        made[f"places_{option.code}"] = StringField(render_kw=WHOLE)
    known = {"version": str(version), "kind": str(QuestionKind.TEXT), **_values(question, pools)}
    form: QuestionForm = type("QuestionForm", (QuestionForm,), made)(data=known)
    form.kind.choices = [(str(kind), question_words.kind(kind)) for kind in QuestionKind]
    form.meant.choices = [
        (str(Rewording.CORRECTION), _("改正：问的还是同一件事")),
        (str(Rewording.NEW_QUESTION), _("新的一题：问的是另一件事")),
    ]
    _word(form)
    return form


def _values(question: QuestionFacts | None, pools: Sequence[PoolFacts]) -> dict[str, object]:
    if question is None:
        return {}
    places = {p.option: p for p in pools if p.scope is PoolScope.OPTION and p.question_key == question.key}
    known: dict[str, object] = {
        "kind": question.kind,
        "label": question.label,
        "hint": question.hint,
        "purpose": question.purpose,
        "required": question.required,
        "least": _shown(question, question.least),
        "most": _shown(question, question.most),
    }
    for option in question.offered:
        known[f"option_{option.code}"] = option.label
        pool = places.get(option.code)
        known[f"places_{option.code}"] = str(pool.capacity) if pool else ""
    return known


def _shown(question: QuestionFacts, bound: int | None) -> str:
    if bound is None:
        return ""
    return day_of(bound).isoformat() if question.kind == QuestionKind.DATE else str(bound)


def _bound_of(kind: QuestionKind) -> Callable[[str], int | None]:
    """How a bound of this kind is read: a day, or a whole number."""
    if kind is QuestionKind.DATE:
        return _day
    return partial(
        checks.maybe_number, least=0 if kind is QuestionKind.NUMBER else 1, most=LIMITS.get(kind, LONGEST)
    )


def _day(typed: str) -> int | None:
    found: date | None = checks.day(typed) if typed.strip() else None
    return None if found is None else day_number(found)


def _option_line(typed: str) -> str:
    return checks.line(typed, most=OPTION_LENGTH, required=False)


def details() -> Mapping[str, str]:
    """A second line for each kind."""
    return {str(kind): question_words.about_kind(kind) for kind in QuestionKind}


def _word(form: QuestionForm) -> None:
    form.word(
        ("label", _("问什么"), _("例如：备注")),
        ("hint", _("提示"), _("写在问题下面，例如：饮食或行动上需要照顾的地方")),
        ("purpose", _("用途"), _("写给报名的人看，例如：只用来安排座位")),
        ("kind", _("填什么"), ""),
        (
            "more",
            _("再加选项") if form.known else _("选项"),
            _("单选和多选才用。每行写一个；有名额的，后面加一竖再写名额，例如：1 号车｜20"),
        ),
        ("least", _("最少"), _("数字、日期写范围；文字写字数；多选写项数。不填就是不限")),
        (
            "most",
            _("最多"),
            _(
                "不填的话，一行文字最多 %(line)s 个字，多行最多 %(text)s 个字",
                line=LINE_LENGTH,
                text=TEXT_LENGTH,
            ),
        ),
        ("required", _("必填"), ""),
        ("meant", _("已经有人答过，改了问法算什么"), _("只改“必填”、范围、名额，或者只加选项，不用选")),
    )
    for n, (words, places) in enumerate(form.option_fields, 1):
        form.word((words.name, _("选项 %(n)s", n=n), ""), (places.name, _("名额"), ""))
