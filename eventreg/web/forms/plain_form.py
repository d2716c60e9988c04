"""The base class of forms: fields, labels, and refusals at fields. What a value may be is decided by rules of the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import (
    Field,
    Form,
    StringField,
)

from eventreg.core.errors import Refused
from eventreg.core.plain_text import is_blank
from eventreg.words import refusals


class RequiredField:
    """Marks a field as required for the template; whether it is filled is checked by rules."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        """Check nothing: an empty value is refused by the rules, as all other errors are."""


class NeededToPublish(RequiredField):
    """Marks a field that a draft may leave empty, but that must be filled before publication."""

    field_flags: ClassVar[dict[str, bool]] = {"needed_to_publish": True}


class SometimesRequired(RequiredField):
    """Marks a field that another answer makes required: its hint says when, and it is not called optional."""

    field_flags: ClassVar[dict[str, bool]] = {"sometimes_required": True}


class PlainForm(FlaskForm):
    """A form without its own CSRF field: the gate checks the token, and templates write it."""

    class Meta:
        csrf = False
        locales = (
            False  # all messages come from this product; WTForms would load its own catalogue for each form
        )

    def process(self, *args: Any, **more: Any) -> None:
        """Read the fields. A text that shows nothing (U+200B alone) is no text: every field takes it as empty."""
        super().process(*args, **more)  # type: ignore[no-untyped-call]
        for field in self:
            if isinstance(field, StringField) and isinstance(field.data, str) and is_blank(field.data):
                field.data = ""

    def say(self, field: str, code: str, **facts: object) -> None:
        """Show a refusal at a field."""
        self[field].errors = [*self[field].errors, refusals.say(code, facts)]

    def say_refused(
        self, refused: Refused, instead: str = "", *, fields: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """Show a refusal at its field: the one it names, else the one that `fields` has for its code, else `instead`.

        If the form has no such field, it is shown for the form as a whole.
        """
        facts = {name: fact for name, fact in refused.facts.items() if name != "field"}
        field = str(refused.facts.get("field") or fields.get(refused.code, instead))
        if field in self:
            self.say(field, refused.code, **facts)
        else:
            self.say_of_all(refused.code, refused.facts)

    def say_of_all(self, code: str, facts: Mapping[str, object]) -> None:
        """Show a refusal for the form as a whole."""
        self.form_errors.append(refusals.say(code, facts))


@dataclass(frozen=True)
class FormRefusals:
    """The context manager of `saying_at`. `__exit__` returns bool, so that type checkers know that it suppresses refusals."""

    form: PlainForm
    instead: str
    fields: Mapping[str, str]
    version: Callable[[], int] | None

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if not isinstance(error, Refused):
            return False
        self.form.say_refused(error, self.instead, fields=self.fields)
        if self.version is not None:
            self.form["version"].data = str(self.version())
        return True


def saying_at(
    form: PlainForm,
    instead: str = "",
    *,
    fields: Mapping[str, str] = MappingProxyType({}),
    version: Callable[[], int] | None = None,
) -> FormRefusals:
    """Show at a form what a service refuses; afterwards `form.errors` tells whether it did. NotFound is not caught.

    The form holds what was posted: a view that draws it again, instead of redirecting, loses nothing that was typed.
    `PlainForm.say_refused` decides at which field. `version` returns the version that the page shows now, for a form that
    has one. Open it around the unit of work, so that the unit is rolled back first:

        with saying_at(form), unit_of_work():
            service.change(...)
        if form.errors:
            return page(form), 409
    """
    return FormRefusals(form, instead, fields, version)
