"""What follows in the campaigns when the roster changed: leavers give up their places, people who moved units may be seated."""

from __future__ import annotations

from eventreg.core.actor import Actor
from eventreg.core.db.session import unit_of_work
from eventreg.registrations import capacity

from . import leavers


def settle(actor: Actor) -> tuple[int, int]:
    """Let every campaign follow the roster, each in a unit of work of its own; campaigns are locked before people.

    Returns how many registrations ended or were restored, and how many people were seated since they moved. Raises
    Busy; what was not done then is done by the next call, which the jobs make at every tick.
    """
    changed = settle_leavers(actor)
    with unit_of_work():
        return changed, len(capacity.seat_after_moves(keys=actor.keys, now=actor.now))


def settle_leavers(actor: Actor) -> int:
    """End the registrations of people who left, and restore those of people who returned; returns how many changed."""
    with unit_of_work():
        due = leavers.list_due(now=actor.now)
    changed = 0
    for campaign_id in due:
        with unit_of_work():
            changed += leavers.settle(campaign_id, actor=actor)
    return changed
