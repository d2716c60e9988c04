"""Change from one campaign of a group to another in one act: give up the one registration, and sign up for the other."""

from __future__ import annotations

from eventreg.campaigns import service as campaigns
from eventreg.core.actor import Actor
from eventreg.registrations import ending
from eventreg.registrations import service as registrations
from eventreg.registrations.service import Application, SignUpResult

from . import withdrawing


def change_over(
    registration_id: int, campaign_id: int, application: Application, *, actor: Actor
) -> SignUpResult:
    """Withdraw the applicant's own registration and sign them up for the campaign, or neither.

    Both campaigns are locked first, by id (the lock order). Raises what `withdrawing.withdraw` and `register` do; a
    repeated request finds the first withdrawn and the second made, and returns it.
    """
    held_in = ending.campaign_of(registration_id, application.person_id)
    for locked in sorted({held_in, campaign_id}):
        campaigns.lock_window(locked)
    withdrawing.withdraw(registration_id, person_id=application.person_id, actor=actor)
    return registrations.register(campaign_id, application, actor=actor)
