"""A key is retired when the audit trail says so: the database's table alone makes no process delete a secret (ADR 34).

Who can write the database can write any state into `installation_key`, but no audit row with our MAC.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from eventreg.core.trail import seals
from eventreg.core.trail.audit import AuditEntry, is_ours
from eventreg.core.trail.trail_rows import read_links, read_those

from .installation import KnownKey, states_of
from .keys import Key, Keys, KeyState

log = logging.getLogger("eventreg.keys")

RETIRED = "keys.retired"
AT_ONCE = 500  # rows in memory


def states_on_record(known: Sequence[KnownKey], keys: Keys) -> Mapping[str, KeyState]:
    """The states of keys by fingerprint. A retired key whose retirement is not on record still verifies; so does
    a key of the trail that rows or seals need. The log names those of them whose secret is here. Reads only.
    """
    states = dict(states_of(list(known)))
    retired = [key for key in known if key.state is KeyState.RETIRED]
    if not retired:
        return states
    here = {key.fingerprint: key for key in keys.ring}
    recorded = _list_recorded([key.secret for key in keys.ring if key.purpose == "audit"])
    for key in retired:
        alarm = _find_alarm(key, here.get(key.fingerprint), recorded)
        if alarm:
            states[key.fingerprint] = KeyState.VERIFIES
        if alarm and key.fingerprint in here:
            log.error(alarm, extra={"purpose": key.purpose, "key": key.id})
    return states


def _find_alarm(known: KnownKey, key: Key | None, recorded: set[tuple[str, str]]) -> str | None:
    if (known.purpose, known.id) not in recorded:
        return "keys.retired_without_record"
    if key is not None and key.purpose == "audit" and _is_needed(key.secret):
        return "keys.retired_and_needed"
    return None


def _list_recorded(secrets: list[bytes]) -> set[tuple[str, str]]:
    """Purpose and id of every key whose retirement stands in the trail under one of these audit keys."""
    rows = read_those(select(AuditEntry.id).where(AuditEntry.action == RETIRED), AT_ONCE)
    ours = (row.entry.facts for row in rows if row.entry is not None and is_ours(row.entry, secrets))
    return {(str(facts.get("purpose")), str(facts.get("key"))) for facts in ours}


def _is_needed(secret: bytes) -> bool:
    """Whether a row, a seal or the mark of old rows carries a MAC under this audit key."""
    rows = read_those(select(AuditEntry.id).where(AuditEntry.mac.is_not(None)), AT_ONCE)
    if any(row.entry is not None and is_ours(row.entry, [secret]) for row in rows):
        return True
    pin, before = seals.find_pin(), seals.ChainHead(0, seals.NOTHING)
    for link in read_links(AT_ONCE):
        if pin is not None and before.count == pin.seals and seals.is_pinned(pin, before.hash, [secret]):
            return True
        entry, hash_ = link.row.entry if link.row else None, link.hash or seals.NOTHING
        if entry is not None and seals.is_link([secret], link.number, before.hash, entry, hash_):
            return True
        before = seals.ChainHead(link.number, hash_)
    return pin is not None and before.count == pin.seals and seals.is_pinned(pin, before.hash, [secret])
