"""Who acts, at which instant, and with which keys: made once at the edge and handed down to every service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .keyring.keys import Keys, keys_in_use


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something. A request, a job and a command make one each; rules still take `now` alone.

    `audit_name` is what the audit trail stores: "person:7", "token:3", or "system", "console", "visitor" for
    actors without a row. `now` is the instant that decides about deadlines.
    """

    audit_name: str
    now: datetime
    keys: Keys

    @property
    def person_id(self) -> int:
        """The id of the person who acts. Raises RuntimeError for a program and an unknown visitor."""
        kind, _, number = self.audit_name.partition(":")
        if kind != "person":
            raise RuntimeError(f"{self.audit_name} is no person")
        return int(number)


def actor_of(audit_name: str, *, now: datetime) -> Actor:
    """An actor with the keys that are in use in this process."""
    return Actor(audit_name, now, keys_in_use())


def person_actor(person_id: int, *, now: datetime) -> Actor:
    """A person who acts, with the keys that are in use in this process."""
    return actor_of(f"person:{person_id}", now=now)
