"""What follows an entry by hand: the letter to the person, the record of the act, and the audit row."""

from __future__ import annotations

from eventreg.core.actor import Actor
from eventreg.outbox.service import Recipient
from eventreg.registrations import letters, seating
from eventreg.registrations.rules import NumberedRegistration

from . import acts, added_places
from .placing import HandEntry, PlacementByHand
from .rules import HandActKind


def inform(
    entry: HandEntry,
    found: PlacementByHand,
    to: Recipient,
    registration: NumberedRegistration,
    *,
    position: int | None,
    actor: Actor,
    action: str = "registered",
) -> None:
    """Tell somebody who entered them and why, and record it; `action` is that of the audit row."""
    reason, source = str(entry.reason), str(entry.source)
    added_places.note(registration.id, found.extended)
    acts.record(registration.id, HandActKind.ENTER, reason, note=entry.note, actor=actor)
    by = letters.EnteredBy(actor.audit_name, source, reason)
    letters.post_entered(found.place.state, to, registration, position=position, by=by, now=actor.now)
    facts = {"source": source, "reason": reason, "added": bool(found.extended)}
    seating.record(action, registration, actor=actor, **facts)
