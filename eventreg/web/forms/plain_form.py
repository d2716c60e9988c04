"""The forms: fields and their labels. What an answer may be is the rooms' rule, not theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from flask_wtf import FlaskForm
from wtforms import (
    Field,
    Form,
)

from eventreg.core.errors import Refused
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

    def say_refused(
        self, refused: Refused, instead: str = "", *, fields: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """Say a refusal at its field: the one it names, else what `fields` has for its code, else `instead`.

        Where the form has no such field it is said at the form as a whole.
        """
        facts = {name: fact for name, fact in refused.facts.items() if name != "field"}
        field = str(refused.facts.get("field") or fields.get(refused.code, instead))
        if field in self:
            self.say(field, refused.code, **facts)
        else:
            self.say_of_all(refused.code, refused.facts)

    def say_of_all(self, code: str, facts: Mapping[str, object]) -> None:
        """Put a refusal at the form as a whole."""
        self.form_errors.append(refusals.say(code, facts))


@dataclass(frozen=True)
class FormRefusals:
    """See `saying_at`. Leaving it swallows a refusal, which a type checker has to know."""

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
    """Say at a form what a service refuses; afterwards `form.errors` tells whether it did. NotFound goes on to its page.

    At which field is `PlainForm.say_refused`'s rule. `version` gives the version that the form's page shows now, for a
    form that knows one. Open it around the unit of work, so that the unit is rolled back first:

        with saying_at(form), unit_of_work():
            service.change(...)
        if form.errors:
            return page(form), 409
    """
    return FormRefusals(form, instead, fields, version)
