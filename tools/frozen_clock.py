"""A clock for screenshots: it shows one moment until it is set to another, so that every picture has the same date."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

from eventreg.core import clock

_real = clock.utc_now


class FrozenClock:
    """Shows one moment in every module that has been imported."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC)
        for module in list(sys.modules.values()):
            if getattr(module, "utc_now", None) is _real:
                vars(module)["utc_now"] = self

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.moment

    def go(self, **ahead: float) -> None:
        """Go on by so many seconds, minutes, hours or days."""
        self.moment += timedelta(**ahead)
