"""Retire an old key when nothing depends on it; encrypt under the current key what older keys encrypted (ADR 34)."""

from __future__ import annotations

from sqlalchemy import update

from eventreg.chat.models import Robot
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.core.keyring import rotation
from eventreg.core.keyring.keys import opens
from eventreg.core.trail import audit
from eventreg.nominations.papers import sealed_numbers
from eventreg.outbox.models import Letter

from . import key_needs

ALWAYS = ("seal", "audit")  # what these keys made cannot be read or checked without them


def retire(id_: str, *, anyway: bool, actor: Actor) -> None:
    """Retire a key. Raises Refused: key.unknown, key.current, key.retired; key.needed while something depends on
    it, for sealing keys and keys of the audit trail `anyway` too.
    """
    key = rotation.find_retirable(id_)
    needs = key_needs.list_needs(key, actor.keys, now=actor.now)
    if needs and (key.purpose in ALWAYS or not anyway):
        raise Refused("key.needed", key=id_, purpose=key.purpose, kinds=[need.kind for need in needs])
    rotation.retire(id_, actor=actor)


def reseal(*, actor: Actor) -> int:
    """Encrypt waiting letters, robots and ID numbers anew under the current key; returns how many.

    A letter that is sent meanwhile and a robot that is changed meanwhile are left as they are.
    """
    changed = 0
    for id_, box in key_needs.sealed_letters():
        if not opens(actor.keys.seal, box):
            mine = (Letter.id == id_, Letter.sealed == box)
            values = {"sealed": actor.keys.sealed(actor.keys.opened(box))}
            changed += len(
                db.session.scalars(update(Letter).where(*mine).values(**values).returning(Letter.id)).all()
            )
    for id_, address, secret in key_needs.sealed_robots():
        if not opens(actor.keys.seal, address) or (secret and not opens(actor.keys.seal, secret)):
            values = {"address": actor.keys.sealed(actor.keys.opened(address))}
            if secret:
                values["secret"] = actor.keys.sealed(actor.keys.opened(secret))
            mine = (Robot.id == id_, Robot.address == address)
            changed += len(
                db.session.scalars(update(Robot).where(*mine).values(**values).returning(Robot.id)).all()
            )
    changed += sealed_numbers.seal_anew(actor.keys)
    if changed:
        audit.record("keys.resealed", "installation:1", actor=actor, count=changed)
    return changed
