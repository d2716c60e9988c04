"""An old key is retired when nothing depends on it; what was sealed under it can be sealed anew (ADR 34)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from eventreg.chat.models import Robot
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.core.keyring import rotation
from eventreg.core.keyring.keys import Keys, opens
from eventreg.core.trail import audit
from eventreg.outbox.models import Letter

from . import key_needs

ALWAYS = ("seal", "audit")  # what these keys made can be read or checked by nothing else


def retire(id_: str, *, anyway: bool, keys: Keys, by: str, now: datetime) -> None:
    """Retire a key. Raises Refused: key.unknown, key.current, key.retired; key.needed while something depends on
    it, for sealing keys and keys of the audit trail `anyway` too.
    """
    key = rotation.find_retirable(id_)
    needs = key_needs.list_needs(key, keys, now=now)
    if needs and (key.purpose in ALWAYS or not anyway):
        raise Refused("key.needed", key=id_, purpose=key.purpose, kinds=[need.kind for need in needs])
    rotation.retire(id_, by=by, now=now)


def reseal(*, keys: Keys, by: str, now: datetime) -> int:
    """Seal anew under the current key what older keys sealed: letters that wait, and robots; how many.

    A letter that is sent meanwhile, or a robot that is changed, keeps what it has then.
    """
    changed = 0
    for id_, box in key_needs.sealed_letters():
        if not opens(keys.seal, box):
            mine = (Letter.id == id_, Letter.sealed == box)
            values = {"sealed": keys.sealed(keys.opened(box))}
            changed += len(
                db.session.scalars(update(Letter).where(*mine).values(**values).returning(Letter.id)).all()
            )
    for id_, address, secret in key_needs.sealed_robots():
        if not opens(keys.seal, address) or (secret and not opens(keys.seal, secret)):
            values = {"address": keys.sealed(keys.opened(address))}
            if secret:
                values["secret"] = keys.sealed(keys.opened(secret))
            mine = (Robot.id == id_, Robot.address == address)
            changed += len(
                db.session.scalars(update(Robot).where(*mine).values(**values).returning(Robot.id)).all()
            )
    if changed:
        audit.record("keys.resealed", "installation:1", by=by, now=now, count=changed)
    return changed
