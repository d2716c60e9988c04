"""The forms of a registration: the questions of the campaign, and the consent to its privacy notice."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

from flask import request
from flask_babel import gettext as _
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    TelField,
    TextAreaField,
)

from eventreg.campaigns.facts import NoticeFacts, QuestionFacts
from eventreg.registrations.rules import REMARK_LENGTH, check_answer
from eventreg.web.forms.plain_form import PlainForm, RequiredField


class AnswersForm(PlainForm):
    """A campaign's questions; `asked` gives them by field name."""

    asked: Mapping[str, QuestionFacts] = {}

    @property
    def questions(self) -> list[Field]:
        """The fields of the questions, in order."""
        return [self[key] for key in self.asked]

    def mark_language(self, lang: str) -> None:
        """Mark the language of the campaign's texts for readers of another one; call it before rendering."""
        for field in self.questions:
            field.lang = lang  # type: ignore[attr-defined]  # a mark of ours, for ui/field.html

    def typed(self) -> dict[str, str]:
        """The typed answers by question key, cleaned, without blanks."""
        cleaned = {
            key: check_answer(q.kind, self[key].data or "", required=False).value
            for key, q in self.asked.items()
        }
        return {key: value for key, value in cleaned.items() if value}

    def check_answers(self) -> dict[int, str]:
        """The answers by question id, cleaned; errors are shown at their fields."""
        answers = {}
        for key, question in self.asked.items():
            found = check_answer(question.kind, self[key].data or "", required=question.required)
            if found.problem:
                self.say(key, found.problem, digits=found.digits)
            answers[question.id] = found.value
        return answers


F = TypeVar("F", bound=AnswersForm)


class SignUpForm(AnswersForm):
    """The questions, the consent to one version of the privacy notice, and the request's key."""

    consent: BooleanField
    idempotency_key = HiddenField()

    def mark_language(self, lang: str) -> None:
        """Mark the language of the campaign's texts, and of texts of the product."""
        super().mark_language(lang)
        self.consent.label.text = _("我读过并同意个人信息说明")

    def check_consent(self, notice_id: int) -> None:
        """Check the consent; it is valid only for the notice that was shown (PIPL art. 14)."""
        if request.form.get("consent") != str(notice_id):
            self.consent.data = False
            self.say("consent", "answer.consent")


def answers_form(questions: Iterable[QuestionFacts], answers: Mapping[str, str]) -> AnswersForm:
    """The form of the questions with the current answers."""
    form: AnswersForm = _answers_form(tuple(questions))(data=dict(answers))
    _word(form)
    return form


def sign_up_form(
    questions: Iterable[QuestionFacts], notice: NoticeFacts, kept: Mapping[str, str]
) -> SignUpForm:
    """The sign-up form, filled with what was typed before signing in."""
    form: SignUpForm = _sign_up_form(tuple(questions), notice.id)(data=dict(kept))
    _word(form)
    form.idempotency_key.data = form.idempotency_key.data or new_key()
    return form


def new_key() -> str:
    """A new idempotency key for a form: sent twice, it is one request."""
    return secrets.token_urlsafe(12)


@lru_cache(maxsize=64)
def _answers_form(questions: tuple[QuestionFacts, ...]) -> type[AnswersForm]:
    return _with_questions(AnswersForm, questions)


@lru_cache(maxsize=64)
def _sign_up_form(questions: tuple[QuestionFacts, ...], notice_id: int) -> type[SignUpForm]:
    made = _with_questions(SignUpForm, questions)
    # Made after the questions: WTForms keeps the order of creation, also in the list of errors.
    made.consent = BooleanField(validators=[RequiredField()], render_kw={"value": str(notice_id)})
    return made


def _with_questions(base: type[F], questions: Iterable[QuestionFacts]) -> type[F]:
    asked = {question.key: question for question in questions}
    fields = {key: _field(question) for key, question in asked.items()}
    return type(base.__name__, (base,), {**fields, "asked": asked})


def _field(question: QuestionFacts) -> Field:
    needed = [RequiredField()] if question.required else []
    if question.kind == "phone":
        return TelField(validators=needed, render_kw={"maxlength": 20})
    return TextAreaField(validators=needed, render_kw={"maxlength": REMARK_LENGTH})


def _word(form: AnswersForm) -> None:
    for key, question in form.asked.items():
        form[key].label.text, form[key].description = question.label, question.hint
