"""The form of a letter's subject and text in both languages."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from flask_babel import gettext as _
from wtforms import StringField, TextAreaField

from eventreg.campaigns import placeholders
from eventreg.campaigns.placeholders import SUBJECT_MOST, TEXT_MOST, Placeholder
from eventreg.campaigns.wording import LetterWords
from eventreg.web.forms.plain_form import RequiredField
from eventreg.web.forms.plan_form import PlanForm

LANGS = {"zh": "zh-CN", "en": "en"}
SUBJECT = {"maxlength": SUBJECT_MOST, "autocomplete": "off"}
TEXT = {"maxlength": TEXT_MOST, "rows": 6}


class WordingForm(PlanForm):
    """A subject and a text in each language."""

    subject_zh = StringField(validators=[RequiredField()], render_kw=SUBJECT)
    text_zh = TextAreaField(validators=[RequiredField()], render_kw=TEXT)
    subject_en = StringField(validators=[RequiredField()], render_kw=SUBJECT)
    text_en = TextAreaField(validators=[RequiredField()], render_kw=TEXT)

    def read(self, offered: Collection[Placeholder]) -> dict[str, LetterWords]:
        """The wording by language; meaningless if a field has an error."""
        return {
            lang: LetterWords(
                self.take(f"subject_{name}", partial(placeholders.check_subject, offered=offered), ""),
                self.take(f"text_{name}", partial(placeholders.check_text, offered=offered), ()),
            )
            for name, lang in LANGS.items()
        }


def wording_form(now: dict[str, LetterWords], *, version: int) -> WordingForm:
    """The form, filled from the current wording by language."""
    known = {"version": str(version)}
    for name, lang in LANGS.items():
        known |= {f"subject_{name}": now[lang].subject, f"text_{name}": "\n".join(now[lang].lines)}
    form = WordingForm(data=known)
    form.word(
        ("subject_zh", _("中文标题"), ""),
        ("text_zh", _("中文正文"), _("每行一段")),
        ("subject_en", _("英文标题"), _("给用英文的同事")),
        ("text_en", _("英文正文"), _("每行一段")),
    )
    return form
