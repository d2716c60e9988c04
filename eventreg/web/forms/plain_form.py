"""The forms: fields and their labels. What an answer may be is the rooms' rule, not theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from flask_wtf import FlaskForm
from wtforms import (
    Field,
    Form,
)

from eventreg.words import refusals


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
