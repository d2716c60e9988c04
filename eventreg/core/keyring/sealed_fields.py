"""A JSON column in which the values of some fields are encrypted at rest, and plain to whoever reads the row."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.types import TypeDecorator

from eventreg.core.errors import Unusable

from .keys import keys_in_use

MARK = "sealed:"  # before what is encrypted


class SealedFields(TypeDecorator[dict[str, str]]):
    """Texts by field; those of `names` are encrypted under the key of the purpose "seal".

    What no key opens comes back as it is stored, so that saving it again loses nothing. The database can still be asked
    for the other fields (`column["post"]`).
    """

    impl = JSON
    cache_ok = True

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.names = names

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """Comparisons and fields are those of JSON."""
        return self.impl_instance.coerce_compared_value(op, value)

    def process_bind_param(self, value: dict[str, str] | None, dialect: Any) -> dict[str, str] | None:
        """Encrypt what is not encrypted yet."""
        if value is None or not any(value.get(name) for name in self.names):
            return value
        return {name: self._sealed(text) if name in self.names else text for name, text in value.items()}

    def process_result_value(self, value: dict[str, str] | None, dialect: Any) -> dict[str, str] | None:
        """Decrypt what is encrypted."""
        if value is None or not any(is_sealed(value.get(name)) for name in self.names):
            return value
        return {name: _opened(text) if name in self.names else text for name, text in value.items()}

    @staticmethod
    def _sealed(text: str) -> str:
        if not text or is_sealed(text):
            return text
        return f"{MARK}{keys_in_use().sealed(text).decode()}"


def is_sealed(text: str | None) -> bool:
    """Whether a stored text is encrypted."""
    return bool(text) and str(text).startswith(MARK)


def box_of(stored: str | dict[str, str], name: str) -> bytes | None:
    """The encrypted value of a field in a row as the database holds it; None if it is not encrypted."""
    fields = json.loads(stored) if isinstance(stored, str) else stored
    text = str(fields.get(name) or "")
    return text.removeprefix(MARK).encode() if is_sealed(text) else None


def _opened(text: str) -> str:
    if not is_sealed(text):
        return text
    try:
        return keys_in_use().opened(text.removeprefix(MARK).encode())
    except Unusable:
        return text
