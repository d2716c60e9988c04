"""The forms of a registration: the questions of the campaign, and the consent to its privacy notice."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from flask import request
from flask_babel import gettext as _
from wtforms import BooleanField, Field, HiddenField

from eventreg.campaigns.facts import QuestionFacts, ShownForm, SignUpFormFacts
from eventreg.campaigns.question_kinds import CODE, LONGEST, WITH_OPTIONS
from eventreg.campaigns.rules import PoolFacts
from eventreg.registrations.answers.rules import Chosen, check_answer, codes_in
from eventreg.registrations.rules import answers_version, clean_text
from eventreg.web.forms.plain_form import PlainForm, RequiredField

from . import question_fields

LOST_MOST = 20  # texts without a question that are shown again


class AnswersForm(PlainForm):
    """A campaign's questions; `asked` gives them by field name. `lost` are texts typed for questions asked no longer.

    `now_stored` are the stored answers, when another tab has changed them: (label, value, language of both). `instead_of` is
    the registration that the visitor may give up for this one, where only one of several campaigns is possible.
    """

    asked: Mapping[str, QuestionFacts] = {}
    lost: tuple[str, ...] = ()
    now_stored: tuple[tuple[str, str, str], ...] = ()
    instead_of = 0
    form_version = HiddenField()
    answers_version = HiddenField()

    @property
    def shown_version(self) -> str:
        """The version of the form that was sent, "" for a form from before there were versions."""
        return request.form.get("form_version", "")[:64]

    @property
    def seen_answers(self) -> str | None:
        """The version of the answers that the sent form showed; None for a form from before there were versions."""
        return request.form.get("answers_version", "")[:64] or None

    def told_form(self, entry: SignUpFormFacts) -> ShownForm:
        """What the answers of the sent form were given to; one without a version, as programs send it, counts as the current."""
        return ShownForm(entry, self.shown_version or entry.version)

    def say_changed(self, entry: SignUpFormFacts, typed: Mapping[str, str]) -> None:
        """Say so if `typed` was typed into a form with other words; texts for questions asked no longer are shown too."""
        before = typed.get("form_version")
        if before is None or before == entry.version:
            return
        self.say_of_all("registration.form_changed", {})
        known = {field.name for field in self} | {"csrf_token", "instead_of"}
        texts = (clean_text(text)[:LONGEST] for name, text in typed.items() if name not in known)
        self.lost = tuple(text for text in texts if text and not CODE.fullmatch(text))[:LOST_MOST]

    def stamp(self, entry: SignUpFormFacts, answers: Mapping[str, str] | None = None) -> None:
        """Let the form carry the versions of what it shows now."""
        self.form_version.data = entry.version
        self.answers_version.data = "" if answers is None else answers_version(answers)

    @property
    def questions(self) -> list[Field]:
        """The fields of the questions, in order."""
        return [self[key] for key in self.asked]

    def mark_language(self, lang: str) -> None:
        """Mark the language of the campaign's texts for readers of another one; call it before rendering."""
        for field in self.questions:
            field.lang = lang  # type: ignore[attr-defined]  # a mark of ours, for ui/field.html

    def show_places(self, pools: Iterable[PoolFacts], held: Mapping[str, str] | None = None) -> None:
        """Say beside each option how many places are left; `held` are the answers of somebody who has a place."""
        for key, question in self.asked.items():
            holds = (held or {}).get(key, "")
            question_fields.show_places(self[key], question, pools, moves=held is not None, holds=holds)

    def chosen_options(self) -> Chosen:
        """The options that are chosen in the form, as pools name them."""
        return frozenset(
            (key, code)
            for key, question in self.asked.items()
            if question.kind in WITH_OPTIONS
            for code in codes_in(
                check_answer(question, question_fields.typed_in(self[key]), required=False).value
            )
        )

    def typed(self) -> dict[str, str]:
        """The typed answers by question key, cleaned, without blanks."""
        cleaned = {
            key: check_answer(q, question_fields.typed_in(self[key]), required=False).value
            for key, q in self.asked.items()
        }
        return {key: value for key, value in cleaned.items() if value}

    def check_answers(self) -> dict[int, str]:
        """The answers by question id, cleaned; errors are shown at their fields."""
        answers = {}
        for key, question in self.asked.items():
            found = check_answer(question, question_fields.typed_in(self[key]))
            if found.problem:
                self.say(key, found.problem, **found.facts)
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


def answers_form(entry: SignUpFormFacts, answers: Mapping[str, str]) -> AnswersForm:
    """The form of the questions with the current answers."""
    form: AnswersForm = _answers_form(entry.questions)(data=question_fields.as_data(entry.questions, answers))
    form.stamp(entry, answers)
    _word(form)
    return form


def sign_up_form(entry: SignUpFormFacts, kept: Iterable[tuple[str, str]] = ()) -> SignUpForm:
    """The sign-up form, filled with what was typed before signing in: names and values as a browser sends them."""
    form: SignUpForm = _sign_up_form(entry.questions, entry.notice.id)(
        data=question_fields.as_typed(entry.questions, kept)
    )
    form.stamp(entry)
    _word(form)
    form.idempotency_key.data = form.idempotency_key.data or new_key()
    return form


def new_key() -> str:
    """A new idempotency key for a form: sent twice, it is one request."""
    return secrets.token_urlsafe(12)


def form_on(base: type[F], questions: Sequence[QuestionFacts], answers: Mapping[str, str], **more: str) -> F:
    """A form of another kind with a field for each question, filled from stored answers and `more` values."""
    form: F = with_questions(base, questions)(data={**question_fields.as_data(questions, answers), **more})
    _word(form)
    return form


@lru_cache(maxsize=64)
def _answers_form(questions: tuple[QuestionFacts, ...]) -> type[AnswersForm]:
    return with_questions(AnswersForm, questions)


@lru_cache(maxsize=64)
def _sign_up_form(questions: tuple[QuestionFacts, ...], notice_id: int) -> type[SignUpForm]:
    made = with_questions(SignUpForm, questions)
    # Made after the questions: WTForms keeps the order of creation, also in the list of errors.
    made.consent = BooleanField(validators=[RequiredField()], render_kw={"value": str(notice_id)})
    return made


def with_questions(base: type[F], questions: Iterable[QuestionFacts]) -> type[F]:
    """The class of a form with a field for each question."""
    asked = {question.key: question for question in questions}
    fields = {key: question_fields.field_of(question) for key, question in asked.items()}
    return type(base.__name__, (base,), {**fields, "asked": asked})


def _word(form: AnswersForm) -> None:
    for key, question in form.asked.items():
        question_fields.word(form[key], question)
