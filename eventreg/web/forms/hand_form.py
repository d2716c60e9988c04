"""The base of forms of acts by hand: a public reason of the fixed list, and a note that only organisers read."""

from __future__ import annotations

from functools import partial

from flask_babel import gettext as _
from wtforms import RadioField, StringField

from eventreg.core.errors import Refused
from eventreg.registrations.by_hand.rules import NOTE_MOST, REASONS, HandActKind, HandReason
from eventreg.registrations.rules import clean_text
from eventreg.words import registration_words

from .plain_form import RequiredField
from .plan_form import PlanForm, one_of


class HandForm(PlanForm):
    """A reason and a note."""

    reason = RadioField(validators=[RequiredField()], choices=[], validate_choice=False)
    note = StringField(render_kw={"maxlength": NOTE_MOST, "autocomplete": "off"})

    def chosen(self, act: HandActKind) -> HandReason:
        """The chosen reason; meaningless if the field has an error."""
        known = {str(reason): reason for reason in REASONS[act]}
        return known.get(self.take("reason", partial(one_of, known=known), ""), REASONS[act][0])

    def noted(self) -> str:
        """The note, cleaned; an error is shown at its field if it is too long."""
        return self.take("note", _note, "")

    def word_reasons(self, act: HandActKind, label: str, hint: str) -> None:
        """Set the reasons of an act, and the labels, in the reader's language."""
        self.reason.choices = [(str(one), registration_words.hand_reason(one)) for one in REASONS[act]]
        self.word(
            ("reason", label, hint),
            ("note", _("给组织者的备注"), _("只有组织者看得到。本人查看自己的资料时也看得到")),
        )


def _note(typed: str) -> str:
    note = clean_text(typed)
    if len(note) > NOTE_MOST:
        raise Refused("acts.note_too_long", most=NOTE_MOST)
    return note
