"""Reset after a backup was restored: sessions, codes, letters that were being sent, places that wait, the binding to the keys."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from eventreg.accounts.after_restore import end_sessions_and_codes
from eventreg.campaigns.models import Campaign
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.keyring import key_watch
from eventreg.core.keyring.installation import claim_installation
from eventreg.core.keyring.keys import Keys
from eventreg.core.keyring.retired import states_on_record
from eventreg.core.trail import audit, seals
from eventreg.outbox.after_restore import stop_letters
from eventreg.people.models import Person
from eventreg.registrations.confirming import open_questions


def is_in_use() -> bool:
    """Whether this database holds data that a backup would replace. Reads only."""
    return any(db.session.scalar(select(what).limit(1)) is not None for what in (Person.id, Campaign.id))


def settle(keys: Keys, *, instance: Path, host: str, made_at: datetime, actor: Actor) -> None:
    """Reset them, in the transaction that restores the rows. Raises Unusable for keys that do not belong to them."""
    known = claim_installation(keys, folder=instance, host=host, now=actor.now)
    stated = keys.with_states(states_on_record(known, keys))
    key_watch.use(current_app._get_current_object(), stated)  # type: ignore[attr-defined]  # noqa: SLF001
    seals.pin_old_rows(now=actor.now)
    end_sessions_and_codes(now=actor.now)
    stop_letters(actor=actor)
    open_questions.forget_watch()
    audit.record("installation.restored", "installation:1", actor=actor, made_at=made_at.isoformat())
