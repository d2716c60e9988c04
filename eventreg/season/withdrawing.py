"""A person gives their place up: possible until they were scanned in or the first activity has begun."""

from __future__ import annotations

from eventreg.campaigns import service as campaigns
from eventreg.core.actor import Actor
from eventreg.core.errors import Refused
from eventreg.registrations import ending
from eventreg.registrations.rules import RegistrationState
from eventreg.venue import presence


def withdraw(registration_id: int, *, person_id: int, actor: Actor) -> RegistrationState:
    """Withdraw a registration for its person; the next on the waiting list is seated in the same unit of work.

    Somebody who was scanned in on the day is on the spot and counted there: a second person on the same place would
    make the count wrong. They ask an organiser, who can take people out (`ending.take_out`). Returns the state before,
    as `ending.withdraw` does. Raises what that raises, and Refused("registration.admitted").
    """
    campaign_id = ending.campaign_of(registration_id, person_id)
    campaigns.lock_window(campaign_id)
    admitted_at = presence.find_admission(registration_id, campaigns.campaign_by_id(campaign_id))
    before = ending.withdraw(registration_id, person_id=person_id, actor=actor)
    if before is RegistrationState.SEATED and admitted_at is not None:
        raise Refused(
            "registration.admitted", admitted_at=admitted_at
        )  # the unit of work undoes the withdrawal
    return before
