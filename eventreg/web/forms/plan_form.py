"""The base class of organisers' forms: each field is checked by itself, and typed values are kept if one has an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import HiddenField

from eventreg.core.errors import Refused
from eventreg.web.app.numbers import whole_number
from eventreg.words import zones

from .plain_form import PlainForm

T = TypeVar("T")


MOMENT = {"type": "datetime-local"}


DAY = {"type": "date"}


CLOCK = {"type": "time"}


WHOLE = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 9}


class PlanForm(PlainForm):
    """A form with the version of the campaign that it was filled from."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that the form was filled from; 0, which no campaign has, if none was sent."""
        return whole_number(self.version.data)

    def take(self, name: str, check: Callable[[str], T], instead: T) -> T:
        """The checked value of a field; an error is shown at the field, and `instead` is returned."""
        try:
            return check(self[name].data or "")
        except Refused as refused:
            self.say(name, refused.code, **refused.facts)
            return instead

    def word(self, *fields: tuple[str, str, str]) -> None:
        """Set labels and hints in the reader's language."""
        for name, label, hint in fields:
            self[name].label.text, self[name].description = label, hint


def zone_hint(zone: ZoneInfo) -> str:
    """A hint that names the zone of a field's times."""
    return _("按%(zone)s", zone=zones.name_of(zone))


def one_of(typed: str, *, known: Mapping[str, Any]) -> str:
    """The value of a choice. Raises Refused for a value that the form does not offer."""
    if typed not in known:
        raise Refused("typed.choice")
    return typed


def local_moment(at: datetime) -> str:
    """An instant in the format of <input type=datetime-local>."""
    return f"{at:%Y-%m-%dT%H:%M}"
