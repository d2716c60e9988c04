"""The parameters of a kind: a frozen dataclass whose fields carry their label and their bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

from eventreg.core.errors import Refused


@dataclass(frozen=True, slots=True)
class Parameters:
    """Base of a kind's parameters."""

    def stored(self) -> dict[str, Any]:
        """As they are stored in JSON."""
        return asdict(self)


P = TypeVar("P", bound=Parameters)


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """A whole number from `least` to `most`, both included; `label` and `unit` are message ids."""

    label: str
    unit: str
    least: int
    most: int

    def allows(self, value: object) -> bool:
        """Whether a parameter may have this value."""
        return isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most

    def stated(self) -> dict[str, object]:
        """The bounds as facts of a refusal."""
        return {"least": self.least, "most": self.most}


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few codes, each with its words; `label` and the words are message ids."""

    label: str
    choices: Mapping[str, str]

    def allows(self, value: object) -> bool:
        """Whether a parameter may have this value."""
        return value in tuple(self.choices)  # a value that cannot be hashed is none of the codes

    def stated(self) -> dict[str, object]:
        """The bounds as facts of a refusal."""
        return {"choices": tuple(self.choices)}


Limits = WholeNumber | OneOf


def whole(default: int, *, label: str, unit: str, least: int, most: int) -> Any:
    """A field for a whole number in `unit`, from `least` to `most`, both included."""
    return field(default=default, metadata={"limits": WholeNumber(label, unit, least, most)})


def one_of(default: str, *, label: str, choices: Mapping[str, str]) -> Any:
    """A field for one of a few codes."""
    return field(default=default, metadata={"limits": OneOf(label, choices)})


def limits_of(parameters: type[Parameters]) -> dict[str, Limits]:
    """The bounds of each parameter by name, in the order of the form."""
    return {parameter.name: parameter.metadata["limits"] for parameter in fields(parameters)}


def checked(parameters: type[P], stored: Mapping[str, Any]) -> P:
    """Make parameters of stored values; missing ones get their default.

    Raises Refused("kind.parameter_unknown") or ("kind.out_of_bounds").
    """
    known = limits_of(parameters)
    if strange := sorted(set(stored) - set(known)):
        raise Refused("kind.parameter_unknown", name=strange[0])
    values = parameters(**stored)
    for name, limits in known.items():
        value = getattr(values, name)
        if not limits.allows(value):
            raise Refused("kind.out_of_bounds", name=name, value=value, **limits.stated())
    return values
