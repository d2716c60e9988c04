"""Correct somebody's answers as an organiser, by the same checks as their own change."""

from __future__ import annotations

from collections.abc import Mapping

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import ShownForm
from eventreg.core.actor import Actor
from eventreg.registrations import reading, service
from eventreg.registrations.ending import get_removable

from . import acts
from .rules import HandActKind, HandReason


def correct(
    registration_id: int,
    campaign_id: int,
    answers: Mapping[int, str],
    reason: HandReason,
    *,
    actor: Actor,
    note: str = "",
    shown: ShownForm | None = None,
    seen: str | None = None,
) -> bool:
    """Replace the answers of a registration in this campaign; False when nothing changed.

    Raises NotFound for a registration of another campaign, and what `service.change_answers` raises.
    """
    campaigns.lock_window(campaign_id)
    get_removable(registration_id, campaign_id)
    owner = reading.owner_of(registration_id)
    changed = service.change_answers(
        registration_id, answers, person_id=owner, actor=actor, shown=shown, seen=seen
    )
    if changed:
        acts.record(registration_id, HandActKind.CORRECT, reason, note=note, actor=actor)
    return changed
