"""Fields of the API's schemas: strict bodies, times with a zone, cursors. Every message is a refusal code."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from eventreg.core.combining_marks import find_stack

WRONG = "request.wrong_type"
RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
WILDEST, WILDEST_LAST = datetime(1000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
PAGE, PAGE_MOST = 100, 500
STAFF_NO = "^[A-Za-z0-9._-]{1,32}$"
KEY = "^[!-~]{1,64}$"

Messages = dict[str, str | list[Any] | dict[Any, Any]]


def whole(pattern: str, code: str) -> Callable[[str], None]:
    """A validator of the whole text: Python's `$` alone would accept a line break at the end."""

    def check(value: str) -> None:
        if not re.fullmatch(pattern.strip("^$"), value):
            raise ValidationError(code)

    return check


def said(invalid: str = WRONG) -> Messages:
    """The error messages of a field, as refusal codes."""
    return {"required": "request.missing", "null": WRONG, "invalid": invalid, "invalid_utf8": WRONG}


class Strict(Schema):
    """A body in which an unknown field is an error."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "request.unknown_field", "type": WRONG}  # noqa: RUF012  (marshmallow's way)


class Instant(fields.Field[datetime]):
    """A time as RFC 3339 with its zone; with `wild`, any year that a database can store."""

    def __init__(self, *, wild: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.wild = wild

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.isoformat()

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime:
        if not isinstance(value, str) or not RFC3339.fullmatch(value):
            raise ValidationError("request.time_form")
        try:
            at = datetime.fromisoformat(value.upper())
        except ValueError:
            raise ValidationError("request.time_form") from None
        least, most = (WILDEST, WILDEST_LAST) if self.wild else (EARLIEST, LATEST)
        if not least <= at < most:
            raise ValidationError("request.time_form")
        return at


class Text(fields.String):
    """A text that can be stored, hashed and sent: a lone surrogate, which JSON can contain, becomes "?".

    A letter with too many combining marks is refused (`core.marks`).
    """

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        found: str = super()._deserialize(value, attr, data, **kwargs)
        if find_stack(found) is not None:
            raise ValidationError("typed.marks")
        return found.encode("utf-8", "replace").decode()


class AnswerValue(fields.Field[Any]):
    """An answer as JSON has it: a text, a whole number, true or false, or a list of texts. Its question says which of them."""

    def __init__(self, **options: Any) -> None:
        kinds = [{"type": "string"}, {"type": "integer"}, {"type": "boolean"}]
        several = {"type": "array", "items": {"type": "string"}}
        super().__init__(error_messages=said(), metadata={"oneOf": [*kinds, several]}, **options)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str | int | bool | list[str]:
        text = Text(error_messages=said())
        if isinstance(value, (bool, int)):
            return value
        if isinstance(value, list):
            return [str(text.deserialize(part)) for part in value]
        return str(text.deserialize(value))


class Cursor(fields.String):
    """Where the next page begins: an arrival number in an opaque text."""

    def _serialize(  # type: ignore[override]
        self, value: int | None, attr: str | None, obj: Any, **kwargs: Any
    ) -> str | None:
        return None if value is None else base64.urlsafe_b64encode(b"after %d" % value).decode().rstrip("=")

    def _deserialize(  # type: ignore[override]
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> int:
        try:
            text = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            raise ValidationError("request.cursor") from None
        found = re.fullmatch(rb"after (\d{1,9})", text)
        if found is None:
            raise ValidationError("request.cursor")
        return int(found[1])


def instant(note: str, **options: Any) -> Instant:
    """A time field with its description."""
    return Instant(
        error_messages=said("request.time_form"),
        metadata={"type": "string", "format": "date-time", "description": note},
        **options,
    )
