"""The form of a message: audience, text, and that the organiser has seen the preview."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Sequence
from functools import partial

from flask_babel import gettext as _
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from eventreg.campaigns import checks, placeholders
from eventreg.campaigns.facts import QuestionFacts
from eventreg.campaigns.placeholders import SUBJECT_MOST, TEXT_MOST, Placeholder
from eventreg.campaigns.question_kinds import WITH_OPTIONS, WRITTEN
from eventreg.campaigns.wording import LetterWords
from eventreg.registrations.message_rules import (
    ANSWER_MOST,
    CONFIRM_ABOVE,
    OF_AN_AWARD,
    AudienceKind,
    MessageAudience,
    MessageReach,
)
from eventreg.web.forms.plain_form import RequiredField, SometimesRequired
from eventreg.web.forms.plan_form import WHOLE, PlanForm, one_of
from eventreg.words.delivery import letter_words
from eventreg.words.registration_words import asked_label


class MessageForm(PlanForm):
    """A message. `looked` identifies what the preview showed; another text or audience needs a new preview."""

    to = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    unit = SelectField(validators=[SometimesRequired()], choices=[], validate_choice=False)
    question = SelectField(validators=[SometimesRequired()], choices=[], validate_choice=False)
    answer = StringField(
        validators=[SometimesRequired()], render_kw={"maxlength": ANSWER_MOST, "autocomplete": "off"}
    )
    subject = StringField(
        validators=[RequiredField()], render_kw={"maxlength": SUBJECT_MOST, "autocomplete": "off"}
    )
    text = TextAreaField(validators=[RequiredField()], render_kw={"maxlength": TEXT_MOST, "rows": 8})
    confirm = StringField(validators=[RequiredField()], render_kw=WHOLE)
    key = HiddenField()
    looked = HiddenField()

    def read(self, offered: Collection[Placeholder]) -> tuple[MessageAudience, LetterWords]:
        """Audience and text; meaningless if a field has an error."""
        to = self.take("to", partial(one_of, known=dict(self.to.choices)), self.to.choices[0][0])
        words = LetterWords(
            self.take("subject", partial(placeholders.check_subject, offered=offered), ""),
            self.take("text", partial(placeholders.check_text, offered=offered), ()),
        )
        return self._audience(AudienceKind(to)), words

    def has_looked(self, to: MessageAudience, words: LetterWords) -> bool:
        """Whether the preview showed exactly this; from now on it does."""
        whole = json.dumps([to.stored(), words.subject, words.lines], ensure_ascii=False, default=str)
        mark = hashlib.sha256(whole.encode()).hexdigest()[:16]
        before, self.looked.data = self.looked.data, mark
        return bool(before == mark)

    def check_count(self, found: MessageReach) -> None:
        """Check the typed number of people; it is required above a limit."""
        typed = (self.confirm.data or "").strip()
        if found.people > CONFIRM_ABOVE and typed != str(found.people):
            self.say("confirm", "message.confirm", limit=CONFIRM_ABOVE, people=found.people)

    def _audience(self, to: AudienceKind) -> MessageAudience:
        if to is AudienceKind.UNIT:
            unit = self.take("unit", partial(one_of, known=dict(self.unit.choices)), "0")
            return MessageAudience(to, unit_id=int(unit or 0))
        if to is AudienceKind.ANSWER:
            question = self.take("question", partial(one_of, known=dict(self.question.choices)), "")
            answer = self.take("answer", partial(checks.line, most=ANSWER_MOST), "")
            return MessageAudience(to, question=question, answer=answer)
        return MessageAudience(to)


def message_form(units: Sequence[tuple[int, str]], questions: Sequence[QuestionFacts]) -> MessageForm:
    """The form in the reader's language; audiences without people are not offered."""
    form = MessageForm(data={"to": str(AudienceKind.SEATED)})
    form.key.data = form.key.data or secrets.token_urlsafe(12)
    texts = [question for question in questions if question.kind in {*WRITTEN, *WITH_OPTIONS}]
    form.to.choices = [
        (str(AudienceKind.SEATED), _("已报上的人")),
        (str(AudienceKind.WAITING), _("候补的人")),
    ]
    if units:
        form.to.choices.append((str(AudienceKind.UNIT), _("一个单位的人，报上的和候补的")))
        form.unit.choices = [(str(id_), path) for id_, path in units]
    else:
        del form.unit
    if texts:
        form.to.choices.append((str(AudienceKind.ANSWER), _("按报名表的回答筛选，报上的和候补的")))
        form.question.choices = [(question.key, asked_label(question)) for question in texts]
    else:
        del form.question, form.answer
    _word(form)
    return form


def award_message_form() -> MessageForm:
    """The form of a message to people of an award."""
    form = MessageForm(data={"to": str(AudienceKind.CONTACTS)})
    form.key.data = form.key.data or secrets.token_urlsafe(12)
    form.to.choices = [(str(kind), letter_words.AUDIENCES[str(kind)]("", "")) for kind in OF_AN_AWARD]
    del form.unit, form.question, form.answer
    _word(form)
    return form


def _word(form: MessageForm) -> None:
    told = (
        ("to", _("写给谁"), ""),
        ("unit", _("哪个单位"), ""),
        ("question", _("哪个问题"), ""),
        ("answer", _("回答里包含"), _("例如：素食。回答里包含这几个字；单选、多选写选项的名称")),
        ("subject", _("标题"), ""),
        ("text", _("正文"), _("每行一段")),
        ("confirm", _("收信的人数"), _("人多，请照上面的数再写一遍")),
    )
    form.word(*(line for line in told if line[0] in form))
