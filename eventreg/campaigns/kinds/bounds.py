"""What the parameters of all kinds share: bounds that stand beside each field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

from eventreg.core.errors import Refused


@dataclass(frozen=True, slots=True)
class Parameters:
    """Base of a kind's parameters."""

    def stored(self) -> dict[str, Any]:
        """As JSON keeps them."""
        return asdict(self)


P = TypeVar("P", bound=Parameters)


def whole(default: int, *, least: int, most: int, unit: str) -> Any:
    """A whole number in `unit`, from `least` to `most`, both included."""
    return field(default=default, metadata={"least": least, "most": most, "unit": unit})


def one_of(default: str, *choices: str) -> Any:
    """One of a few words."""
    return field(default=default, metadata={"choices": choices})


def checked(kind: type[P], stored: Mapping[str, Any]) -> P:
    """`stored` as parameters of `kind`; what is missing takes its default."""
    known = {f.name: f for f in fields(kind)}
    if strange := sorted(set(stored) - set(known)):
        raise Refused("kind.parameter_unknown", name=strange[0])
    values = kind(**stored)
    for name, f in known.items():
        value, limits = getattr(values, name), f.metadata
        choices = limits.get("choices")
        in_bounds = value in choices if choices else _within(value, limits["least"], limits["most"])
        if not in_bounds:
            raise Refused("kind.out_of_bounds", name=name, value=value, **limits)
    return values


def _within(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
