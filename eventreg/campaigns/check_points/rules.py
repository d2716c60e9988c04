"""Check points of a campaign. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from eventreg.campaigns.kinds import CheckPointRole

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")
NAME_MOST = 40
POINTS_MOST = 60  # a half-year of two sessions a week, with doors and buses


@dataclass(frozen=True, slots=True)
class CheckPointFacts:
    """A check point. `name` is "" for the three that every campaign begins with; `after` is the code before it."""

    code: str
    name: str
    role: CheckPointRole
    position: int
    after: str | None = None
    activity_id: int | None = None


STANDARD = (
    CheckPointFacts("door", "", CheckPointRole.IN, 1),
    CheckPointFacts("start", "", CheckPointRole.START, 2),
    CheckPointFacts("finish", "", CheckPointRole.FINISH, 3, after="start"),
)


def free_code(role: CheckPointRole, taken: set[str]) -> str:
    """A code for a new check point: its role and the first free number, such as "in-2" or "other-7"."""
    number = 2
    while f"{role}-{number}" in taken:
        number += 1
    return f"{role}-{number}"
