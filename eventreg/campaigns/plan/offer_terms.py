"""When places that become free near the start are offered instead of given."""

from __future__ import annotations

from eventreg.core.actor import Actor
from eventreg.core.trail.old_and_new import difference

from .planning import lock, note

HOURS_MOST, MINUTES_LEAST, MINUTES_MOST = 168, 10, 1440


def change(campaign_id: int, *, hours: int, minutes: int, seen: int, actor: Actor) -> bool:
    """Offer freed places from so many hours before the start for so many minutes; 0 hours always give. False if nothing differs.

    Offers that were made keep their instant. Raises what `planning.lock` does.
    """
    campaign, _window = lock(campaign_id, seen=seen, now=actor.now)
    if (campaign.offer_from_h, campaign.offer_minutes) == (hours, minutes):
        return False
    told_values = difference(campaign, {"offer_from_h": hours, "offer_minutes": minutes})
    campaign.offer_from_h, campaign.offer_minutes = hours, minutes
    note(campaign, "offers_changed", actor=actor, hours=hours, minutes=minutes, **told_values)
    return True
