"""Kinds of activity. To add one, write its module here and name its `KIND` in `KINDS`.

A module holds the parameters (a frozen dataclass, with units in the names and label and bounds at each field; stored
as JSON with the activity) and one value `KIND`: name, rule for the public page, whether an organiser
may add one, the blank campaign that starts with it. Other modules call `kind_of` or `list_kinds`.
Pure: no Flask, no SQLAlchemy. Texts are message ids that are translated where they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eventreg.core.errors import Refused

from . import award, contest, forum, hike, plain
from .award import Award
from .bounds import OneOf, Parameters, WholeNumber, checked
from .contest import Contest
from .forum import Forum
from .hike import Hike
from .kind import ActivityKind, Blank, CheckPointRole
from .plain import Plain

KINDS: tuple[ActivityKind[Any], ...] = (plain.KIND, hike.KIND, contest.KIND, forum.KIND, award.KIND)


def list_kinds() -> tuple[ActivityKind[Any], ...]:
    """All kinds, in the order in which pages offer them."""
    return KINDS


def kind_of(code: str) -> ActivityKind[Any]:
    """The kind of this code; raises Refused("kind.unknown")."""
    found = next((kind for kind in KINDS if kind.code == code), None)
    if found is None:
        raise Refused("kind.unknown", kind=code)
    return found


def parameters_of(code: str, stored: Mapping[str, Any]) -> Parameters:
    """The parameters of an activity, checked against their bounds.

    Raises Refused("kind.unknown"), ("kind.parameter_unknown") or ("kind.out_of_bounds").
    """
    kind: ActivityKind[Any] = kind_of(code)
    parameters: Parameters = checked(kind.parameters, stored)
    return parameters


def places_of(code: str, parameters: Parameters) -> int | None:
    """The number of people that the teams of an activity need; None for a kind without teams."""
    places = kind_of(code).places
    return places(parameters) if places else None


__all__ = [
    "ActivityKind",
    "Award",
    "Blank",
    "CheckPointRole",
    "Contest",
    "Forum",
    "Hike",
    "OneOf",
    "Parameters",
    "Plain",
    "WholeNumber",
    "kind_of",
    "list_kinds",
    "parameters_of",
    "places_of",
]
