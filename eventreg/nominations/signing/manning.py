"""Departments that have places and nobody who nominates or signs for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from eventreg.nominations.quotas import QuotaLine

from . import who_may_sign


@dataclass(frozen=True, slots=True)
class Unmanned:
    """A department that lacks a contact, a head, or both. A head of a unit above signs for it too."""

    unit_id: int
    unit: str
    contact: bool
    head: bool


def list_unmanned(lines: Iterable[QuotaLine], *, now: datetime) -> list[Unmanned]:
    """The departments with places that lack somebody; `contact` and `head` tell who is missing."""
    found = []
    for line in lines:
        if not line.places:
            continue
        contact = not who_may_sign.contacts_of(line.unit_id, now=now)
        head = not who_may_sign.signers_of(line.unit_id, but=0, now=now)
        if contact or head:
            found.append(Unmanned(line.unit_id, line.unit, contact, head))
    return found
