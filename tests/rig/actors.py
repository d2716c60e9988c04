"""Actors for tests of services: whom the audit trail names, and when it is."""

from __future__ import annotations

from datetime import datetime

from eventreg.core.actor import Actor
from eventreg.core.keyring.keys import Keys, keys_in_use


def acting(by: str | int, now: datetime, keys: Keys | None = None) -> Actor:
    """Somebody by audit name or by person id, at an instant, with the keys of the app that is open unless others are given."""
    return Actor(by if isinstance(by, str) else f"person:{by}", now, keys or keys_in_use())
