"""Kinds of activity. A new kind is one module here, its words, and one template part.

A kind's parameters are a frozen dataclass with units in the names and bounds that `checked`
holds; they are stored as JSON with the activity. Pure: no Flask, no SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eventreg.core.errors import Refused

from .award import Award
from .bounds import Parameters, checked
from .contest import Contest
from .forum import Forum
from .hike import Hike

KINDS: Mapping[str, type[Parameters]] = {"hike": Hike, "contest": Contest, "forum": Forum, "award": Award}


def parameters_of(kind: str, stored: Mapping[str, Any]) -> Parameters:
    """The parameters of an activity, checked against their bounds.

    Raises Refused("kind.unknown"), ("kind.parameter_unknown") or ("kind.out_of_bounds").
    """
    if kind not in KINDS:
        raise Refused("kind.unknown", kind=kind)
    return checked(KINDS[kind], stored)


__all__ = ["KINDS", "Award", "Contest", "Forum", "Hike", "Parameters", "parameters_of"]
