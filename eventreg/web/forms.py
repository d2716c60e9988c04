"""The forms: fields and their labels. What an answer may be is the rooms' rule, not theirs."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import ClassVar, TypeVar

from flask import request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    Form,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)

from eventreg.accounts.rules import TOKEN_DAYS, TOKEN_NAME_LENGTH, ApiScope
from eventreg.accounts.tokens import LONGEST, OWNER_LENGTH
from eventreg.campaigns.facts import NoticeFacts, QuestionFacts
from eventreg.campaigns.kinds import CheckPoint
from eventreg.registrations.rules import REMARK_LENGTH, check_answer
from eventreg.venue.rules import DOOR_NAME_MOST
from eventreg.words import refusals, token_words, venue_words


class RequiredField:
    """Marks a field as required for the template; the rules decide whether it is filled."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        """Nothing to check here: an empty answer is worded like every other refusal."""


class PlainForm(FlaskForm):
    """The gate has checked the CSRF token; templates write it themselves."""

    class Meta:
        csrf = False
        locales = False  # every sentence is ours; WTForms would read its own catalogue for each form

    def say(self, field: str, code: str, **facts: object) -> None:
        """Put a refusal at a field, in words."""
        self[field].errors = [*self[field].errors, refusals.say(code, facts)]

    def say_of_all(self, code: str, facts: Mapping[str, object]) -> None:
        """Put a refusal at the form as a whole."""
        self.form_errors.append(refusals.say(code, facts))


class SignInForm(PlainForm):
    """Who wants to sign in."""

    identifier = StringField(
        validators=[RequiredField()],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "maxlength": 254},
    )
    next = HiddenField()


class CodeForm(PlainForm):
    """The mailed or printed code."""

    code = StringField(
        validators=[RequiredField()],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters", "maxlength": 24},
    )


class FirstAdministratorForm(PlainForm):
    """The first person of an empty product."""

    staff_no = StringField(validators=[RequiredField()], render_kw={"maxlength": 32})
    name = StringField(validators=[RequiredField()], render_kw={"maxlength": 64, "autocomplete": "name"})
    email = EmailField(validators=[RequiredField()], render_kw={"maxlength": 254, "autocomplete": "email"})
    unit_name = StringField(validators=[RequiredField()], render_kw={"maxlength": 80})


def sign_in_form(next_path: str) -> SignInForm:
    """Worded in the reader's language."""
    form = SignInForm()
    form.identifier.label.text = _("工号或工作邮箱")
    form.next.data = next_path
    return form


def code_form() -> CodeForm:
    """Worded in the reader's language."""
    form = CodeForm()
    form.code.label.text = _("验证码")
    form.code.description = _("邮件里的 6 位数字，10 分钟内有效；或者打印的登录码")
    return form


def first_administrator_form() -> FirstAdministratorForm:
    """Worded in the reader's language."""
    form = FirstAdministratorForm()
    for name, label, hint in (
        ("staff_no", _("工号"), _("字母、数字和 - _ .，例如 HC0001")),
        ("name", _("姓名"), ""),
        ("email", _("工作邮箱"), _("以后登录的验证码发到这里")),
        ("unit_name", _("公司名称"), _("职工名册里最上面的一级")),
    ):
        form[name].label.text, form[name].description = label, hint
    return form


class DeviceForm(PlainForm):
    """A phone at a door."""

    door = StringField(validators=[RequiredField()], render_kw={"maxlength": DOOR_NAME_MOST})
    check_point = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)


def device_form(check_points: Sequence[CheckPoint], *, blank: bool = False) -> DeviceForm:
    """Worded in the reader's language; blank after a phone was invited."""
    form = DeviceForm(formdata=None) if blank else DeviceForm()
    form.door.label.text, form.door.description = _("放在哪里"), _("扫码时显示，例如：景区东门")
    form.check_point.label.text = _("签到点")
    form.check_point.choices = [(str(p), venue_words.point(p)) for p in check_points]
    form.check_point.data = form.check_point.data or str(check_points[0])
    return form


class TokenForm(PlainForm):
    """A token of the API."""

    token_name = StringField(
        validators=[RequiredField()], render_kw={"maxlength": TOKEN_NAME_LENGTH, "autocomplete": "off"}
    )
    scopes = SelectMultipleField(validators=[RequiredField()], choices=[], validate_choice=False)
    owner = StringField(render_kw={"maxlength": OWNER_LENGTH, "autocomplete": "off"})
    days = StringField(validators=[RequiredField()], render_kw={"inputmode": "numeric", "maxlength": 4})

    def whole_days(self) -> int:
        """The days typed; what is no number is none."""
        typed = (self.days.data or "").strip()
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0


def token_form(owner: str, *, blank: bool = False) -> TokenForm:
    """Worded in the reader's language; blank after a token was made."""
    fresh = {"owner": owner, "days": str(TOKEN_DAYS)}
    form = TokenForm(formdata=None, data=fresh) if blank else TokenForm(data=fresh)
    for name, label, hint in (
        ("token_name", _("名字"), _("给哪个系统用，例如：门禁；同名的只能有一个")),
        ("scopes", _("权限范围"), _("只勾它用得着的")),
        ("owner", _("负责人"), _("出了问题找谁")),
        ("days", _("有效期，天"), _("最多 %(n)s 天，到期自动失效", n=LONGEST)),
    ):
        form[name].label.text, form[name].description = label, hint
    form.scopes.choices = [(str(scope), token_words.scope(str(scope))) for scope in ApiScope]
    return form


class AnswersForm(PlainForm):
    """A campaign's questions; `asked` gives them by field name."""

    asked: Mapping[str, QuestionFacts] = {}

    @property
    def questions(self) -> list[Field]:
        """The fields of the questions, in order."""
        return [self[key] for key in self.asked]

    def mark_language(self, lang: str) -> None:
        """Say which language the campaign's own words are in, for readers of another; call it before drawing."""
        for field in self.questions:
            field.lang = lang  # type: ignore[attr-defined]  # a mark of ours, for ui/field.html

    def typed(self) -> dict[str, str]:
        """What was typed, by question key, cleaned; blanks left out."""
        cleaned = {
            key: check_answer(q.kind, self[key].data or "", required=False).value
            for key, q in self.asked.items()
        }
        return {key: value for key, value in cleaned.items() if value}

    def check_answers(self) -> dict[int, str]:
        """The answers by question id, cleaned; what is wrong is said at its field."""
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
        """The same, and our own words in the reader's language."""
        super().mark_language(lang)
        self.consent.label.text = _("我读过并同意个人信息说明")

    def check_consent(self, notice_id: int) -> None:
        """Consent counts for exactly the notice that was shown (PIPL art. 14)."""
        if request.form.get("consent") != str(notice_id):
            self.consent.data = False
            self.say("consent", "answer.consent")


def answers_form(questions: Iterable[QuestionFacts], answers: Mapping[str, str]) -> AnswersForm:
    """The questions with the answers given so far."""
    form: AnswersForm = _answers_form(tuple(questions))(data=dict(answers))
    _word(form)
    return form


def sign_up_form(
    questions: Iterable[QuestionFacts], notice: NoticeFacts, kept: Mapping[str, str]
) -> SignUpForm:
    """The questions, filled with what was kept from before signing in."""
    form: SignUpForm = _sign_up_form(tuple(questions), notice.id)(data=dict(kept))
    _word(form)
    form.idempotency_key.data = form.idempotency_key.data or new_key()
    return form


def new_key() -> str:
    """The key of one form: sent twice, it is one request."""
    return secrets.token_urlsafe(12)


@lru_cache(maxsize=64)
def _answers_form(questions: tuple[QuestionFacts, ...]) -> type[AnswersForm]:
    return _with_questions(AnswersForm, questions)


@lru_cache(maxsize=64)
def _sign_up_form(questions: tuple[QuestionFacts, ...], notice_id: int) -> type[SignUpForm]:
    made = _with_questions(SignUpForm, questions)
    # Made after the questions: WTForms keeps the order of making, also in the list of what is wrong.
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
