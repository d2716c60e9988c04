"""A kind of activity: one value with everything that the product needs to know about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from typing import Generic

from eventreg.core.msgids import Sentence

from .bounds import Limits, P, limits_of


class CheckPointRole(StrEnum):
    """What a check point is for: coming in, the start or the finish of a walk, or anything else, such as lunch."""

    IN = "in"
    START = "start"
    FINISH = "finish"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Blank:
    """A new campaign of one activity of this kind, on the day of the season.

    `title` and `text` are message ids: the name of the blank and what it contains. `capacity` None means no bound on
    places.
    """

    title: str
    text: str
    starts: time
    lasts: timedelta
    capacity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityKind(Generic[P]):
    """A kind of activity. All texts are message ids, marked with `N_` and translated where they are shown.

    `rule` returns the sentence about the activity on the public page, or None.
    `offered`: whether organisers may add an activity of this kind.
    `places` returns the number of people that the teams need; None for a kind without teams.
    `roles`: of the check points that every campaign has, phones stand at those of these roles.
    `begins_with`: an activity without an hour begins with the first admission of its day at a check point of this role.
    `blank`: a new campaign can start with this kind alone.
    """

    code: str
    name: str
    parameters: type[P]
    rule: Callable[[P], Sentence | None]
    offered: bool = True
    places: Callable[[P], int] | None = None
    roles: tuple[CheckPointRole, ...] = tuple(CheckPointRole)
    begins_with: CheckPointRole = CheckPointRole.IN
    blank: Blank | None = None

    @property
    def limits(self) -> dict[str, Limits]:
        """The bounds of each parameter by name, in the order of the form."""
        return limits_of(self.parameters)
