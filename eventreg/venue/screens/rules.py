"""Screens at the venue, and the code that one shows at the door. Pure.

The code changes every 30 seconds by the server's clock: it is a keyed hash of the screen and the number of the half
minute. So reloading a screen, or a screen with a wrong clock, shows the same code as the server expects.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SHOWN = timedelta(seconds=30)  # how long a code is on the wall
OPENS = timedelta(seconds=60)  # how long it opens after that
PRESS_WITHIN = timedelta(minutes=5)  # after the code was opened: to sign in and press the button
AFTER_THE_END = timedelta(days=1)  # a screen stops so long after the last activity
NAME_MOST = 40
SCREENS_MOST = 20
CODE_LENGTH = 16  # of base 32: 80 bits


class Widget(StrEnum):
    """A full-screen page. A screen shows its widgets in turn."""

    ARRIVALS = "arrivals"
    TIMER = "timer"
    RESULTS = "results"
    FORFEITS = "forfeits"
    TEAMS = "teams"


class ScreenNames(StrEnum):
    """How a screen shows names. Full names need a privacy notice that covers them."""

    MASKED = "masked"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class WallCode:
    """The code on the wall and when the next one replaces it."""

    code: str
    until: datetime


def wall_code(secret: bytes, screen_id: int, *, now: datetime) -> WallCode:
    """The code that a screen shows now."""
    slot = _slot(now)
    return WallCode(_code(secret, screen_id, slot), _start(slot + 1, now))


def is_open(secrets: Iterable[bytes], screen_id: int, code: str, *, now: datetime) -> bool:
    """Whether a code opens: it is on the wall, or left it at most 60 seconds ago.

    Made at 10:00:00 it opens until 10:01:30. `secrets` are the keys that verify, so that a change of keys closes nothing.
    """
    slot, good, typed = _slot(now), False, code.encode("utf-8", "replace")
    for secret in secrets:
        for age in range(4):
            in_time = now <= _start(slot - age, now) + SHOWN + OPENS
            good |= in_time & hmac.compare_digest(_code(secret, screen_id, slot - age).encode(), typed)
    return good


def may_press(opened_at: datetime, *, now: datetime) -> bool:
    """Whether somebody who opened a code may still press the button."""
    return now - PRESS_WITHIN <= opened_at <= now


def _slot(now: datetime) -> int:
    return int(now.timestamp()) // int(SHOWN.total_seconds())


def _start(slot: int, now: datetime) -> datetime:
    return datetime.fromtimestamp(slot * SHOWN.total_seconds(), tz=now.tzinfo)


def _code(secret: bytes, screen_id: int, slot: int) -> str:
    told = f"eventreg wall {screen_id} {slot}".encode()
    return base64.b32encode(hmac.digest(secret, told, hashlib.sha256)).decode().lower()[:CODE_LENGTH]
