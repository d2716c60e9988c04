"""A roster import that keeps at least one administrator employed."""

from __future__ import annotations

from eventreg.core.actor import Actor
from eventreg.people import uploads
from eventreg.people.uploads import UploadFacts

from . import grants


def import_upload(
    upload_id: str,
    *,
    owner_id: int,
    seen: str,
    actor: Actor,
    leaving: int | None = None,
    returned: bool = False,
) -> UploadFacts:
    """Import what was previewed, in the open unit of work. Raises what `uploads.apply` raises."""
    stay = grants.lock_administrators(now=actor.now)
    return uploads.apply(
        upload_id, owner_id=owner_id, seen=seen, stay=stay, actor=actor, leaving=leaving, returned=returned
    )
