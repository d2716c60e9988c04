"""What an answer to a question may be, and which options it chooses. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from eventreg.campaigns import checks
from eventreg.campaigns.facts import QuestionFacts
from eventreg.campaigns.question_kinds import (
    LINE_LENGTH,
    NO,
    NUMBER_MOST,
    TEXT_LENGTH,
    WITH_OPTIONS,
    YES,
    QuestionKind,
    QuestionOption,
    day_number,
    day_of,
)
from eventreg.campaigns.rules import PoolFacts
from eventreg.core.errors import Refused
from eventreg.core.plain_text import AROUND, half_width, is_blank, only_shown
from eventreg.registrations.rules import clean_text

# Words of questions that ask for somebody else's number: 紧急联系人, 家属, next of kin ...
SOMEBODY_ELSE = re.compile(
    "紧急|应急|联系人|家属|家人|家长|亲属|亲友|监护|配偶|备用|emergency|family|relative|guardian|kin|spouse|someone else",
    re.IGNORECASE,
)
Typed = str | Sequence[str]
JsonAnswer = str | int | bool | list[str]
Chosen = frozenset[tuple[str, str]]  # (question key, option code)


class AnsweredQuestion(Protocol):
    """What decides whether an answer fits."""

    @property
    def kind(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def options(self) -> tuple[QuestionOption, ...]: ...
    @property
    def least(self) -> int | None: ...
    @property
    def most(self) -> int | None: ...


class KeyedQuestion(AnsweredQuestion, Protocol):
    """A question with its id and the key that names it in pools."""

    @property
    def id(self) -> int: ...
    @property
    def key(self) -> str: ...


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """An answer as it is stored, or the code of what is wrong with it and the facts of that."""

    value: str = ""
    problem: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


def check_answer(question: AnsweredQuestion, typed: Typed, *, required: bool | None = None) -> CheckedAnswer:
    """Clean one typed answer; several options are several texts.

    Stored are: option codes in the order of the options, with a space between them; a day as 2027-03-04; "yes" or
    "no"; a mobile number as its 11 digits (mainland China).
    """
    needed = question.required if required is None else required
    parts = [typed] if isinstance(typed, str) else list(typed)
    if all(is_blank(clean_text(part)) for part in parts):
        return CheckedAnswer(problem="answer.missing") if needed else CheckedAnswer()
    kind = QuestionKind(question.kind)
    if kind in WITH_OPTIONS:
        return _chosen(question, [part.strip() for part in parts if not is_blank(part)])
    text = clean_text(parts[0])
    check = CHECKS.get(kind)
    return check(question, text) if check else _written(question, text)


def _written(question: AnsweredQuestion, text: str) -> CheckedAnswer:
    usual = LINE_LENGTH if question.kind == QuestionKind.TEXT else TEXT_LENGTH
    if question.kind == QuestionKind.TEXT:
        text = " ".join(text.split())
    most = question.most or usual
    if len(text) > most:
        return CheckedAnswer(text, "answer.too_long", {"most": most, "length": len(text)})
    if question.least and len(text) < question.least:
        return CheckedAnswer(text, "answer.too_short", {"least": question.least, "length": len(text)})
    return CheckedAnswer(text)


def _phone(_question: AnsweredQuestion, text: str) -> CheckedAnswer:
    shown = only_shown(half_width(text)).strip(AROUND)
    bare = re.sub(r"[()./\u00b7\u2010-\u2015\u2022\u2212-]", "", shown).lower().removeprefix("tel:")
    digits = re.sub(r"^(\+|00)86|^86(?=1[0-9]{10}$)", "", bare)
    if not (digits.isascii() and digits.isdigit()):
        return CheckedAnswer(text, "answer.phone_digits")
    if len(digits) != 11:
        problem = "answer.phone_short" if len(digits) < 11 else "answer.phone_long"
        return CheckedAnswer(text, problem, {"digits": len(digits)})
    if not digits.startswith("1"):
        return CheckedAnswer(text, "answer.phone_mobile")
    return CheckedAnswer(digits)


def _number(question: AnsweredQuestion, text: str) -> CheckedAnswer:
    digits = half_width(text)
    if not re.fullmatch(r"[0-9]{1,9}", digits):
        return CheckedAnswer(text, "answer.number_form")
    least, most = question.least or 0, NUMBER_MOST if question.most is None else question.most
    if not least <= int(digits) <= most:
        return CheckedAnswer(text, "answer.number_range", {"least": least, "most": question.most})
    return CheckedAnswer(str(int(digits)))


def _date(question: AnsweredQuestion, text: str) -> CheckedAnswer:
    try:
        on = checks.day(text)
    except Refused:
        return CheckedAnswer(text, "answer.date_form")
    number = day_number(on)
    early = question.least is not None and number < question.least
    late = question.most is not None and number > question.most
    if early or late:
        least, most = (day_of(b) if b is not None else None for b in (question.least, question.most))
        return CheckedAnswer(text, "answer.date_range", {"least": least, "most": most})
    return CheckedAnswer(on.isoformat())


def _yes(_question: AnsweredQuestion, text: str) -> CheckedAnswer:
    return CheckedAnswer(text) if text in {YES, NO} else CheckedAnswer(text, "answer.yes_or_no")


def _chosen(question: AnsweredQuestion, parts: Sequence[str]) -> CheckedAnswer:
    offered = [option.code for option in question.options if not option.gone]
    value = " ".join(code for code in offered if code in parts)
    if not set(parts) <= set(offered):
        return CheckedAnswer(value, "answer.no_such_option")
    if question.kind == QuestionKind.CHOICE:
        return CheckedAnswer(value) if len(parts) == 1 else CheckedAnswer(value, "answer.one_option")
    count = len(set(parts))
    if question.least and count < question.least:
        return CheckedAnswer(value, "answer.options_few", {"least": question.least})
    if question.most and count > question.most:
        return CheckedAnswer(value, "answer.options_many", {"most": question.most})
    return CheckedAnswer(value)


CHECKS: Mapping[QuestionKind, Callable[[AnsweredQuestion, str], CheckedAnswer]] = {
    QuestionKind.PHONE: _phone,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
    QuestionKind.YES: _yes,
}


def own_phone(questions: Iterable[QuestionFacts]) -> QuestionFacts | None:
    """The question that asks people for their own telephone number: the first of its kind that is not about somebody else."""
    phones = (q for q in questions if q.kind == QuestionKind.PHONE)
    return next((q for q in phones if not SOMEBODY_ELSE.search(f"{q.label} {q.hint}")), None)


def codes_in(value: str) -> list[str]:
    """The option codes of a stored answer to a choice."""
    return value.split()


def json_answer(kind: str, value: str) -> JsonAnswer:
    """A stored answer as programs send and read it: option codes as a list, a number, true or false, else a text."""
    if kind == QuestionKind.CHOICES:
        return codes_in(value)
    if kind == QuestionKind.NUMBER:
        return int(value)
    return value == YES if kind == QuestionKind.YES else value


def typed_json(kind: str, value: JsonAnswer) -> Typed | None:
    """An answer of a program as it would be typed; None for a type of JSON that this kind of question has not."""
    if isinstance(value, bool):
        return (YES if value else NO) if kind == QuestionKind.YES else None
    if isinstance(value, int):
        return str(value) if kind == QuestionKind.NUMBER else None
    return None if isinstance(value, list) and kind != QuestionKind.CHOICES else value


def chosen_options(questions: Iterable[KeyedQuestion], answers: Mapping[int, str]) -> Chosen:
    """The options that stored answers choose, by question id, as pools name them."""
    return frozenset(
        (question.key, code)
        for question in questions
        if question.kind in WITH_OPTIONS
        for code in codes_in(answers.get(question.id, ""))
    )


def full_options(
    questions: Iterable[KeyedQuestion], answers: Mapping[str, str], pools: Iterable[PoolFacts]
) -> tuple[str, ...]:
    """The words of the options that answers (by question key) choose and that have no free place: what somebody waits for."""
    full = {(pool.question_key, pool.option) for pool in pools if pool.option and not pool.free}
    return tuple(
        option.label
        for question in questions
        if full and question.kind in WITH_OPTIONS
        for option in question.options
        if option.code in codes_in(answers.get(question.key, "")) and (question.key, option.code) in full
    )
