"""Keys come and go: a new one is added, made current, and an old one retired (ADR 34).

The key file and the database change one after the other, in the order in which a kill between the two does no
harm: a new secret is in the file before the database knows of it, and a retired one is deleted after.
Whoever calls `refresh_file` does so after the unit of work has committed.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import insert, select, update

from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail import audit

from .installation import InstallationKey, KnownKey, list_known, one_at_a_time
from .keys import Key, Keys, KeyState, key_file, new_key, read_keys, write_keys

LOCK = ".keys.lock"  # drafts and names with a dot are left out of backups


def put_in_file(purpose: str, *, instance: Path) -> Key:
    """Make a key and write it into the key file, where it verifies; the database does not know it yet."""
    made = new_key(purpose, KeyState.VERIFIES)
    with _file_alone(instance):
        write_keys(instance, (*read_keys(key_file(instance)).ring, made))
    return made


def refresh_file(instance: Path, states: Mapping[str, KeyState]) -> bool:
    """Give the keys in the file the states that are on record (`retired.states_on_record`); the secrets of retired
    ones are deleted.

    False when the file was so already. What the database does not know stays: it is being added.
    """
    if not _differs(instance, states):
        return False
    with _file_alone(instance):
        write_keys(instance, read_keys(key_file(instance)).with_states(states).ring)
    return True


def _differs(instance: Path, states: Mapping[str, KeyState]) -> bool:
    found = read_keys(key_file(instance))
    return found.with_states(states).ring != found.ring


def list_file_only(found: Keys, known: list[KnownKey]) -> list[Key]:
    """Keys that are in the file and that the database does not know: a kill came between the two."""
    fingerprints = {key.fingerprint for key in known}
    return [key for key in found.ring if key.fingerprint not in fingerprints]


def drop_from_file(id_: str, *, instance: Path, known: list[KnownKey]) -> bool:
    """Delete a key that only the file knows; False where there is none of this id."""
    with _file_alone(instance):
        found = read_keys(key_file(instance))
        dropped = [key for key in list_file_only(found, known) if key.id == id_]
        if dropped:
            write_keys(instance, (key for key in found.ring if key not in dropped))
    return bool(dropped)


def add(key: Key, *, actor: Actor) -> None:
    """Tell the database of a key that is in the file: every process has to have it from now on."""
    one_at_a_time()
    row = {"fingerprint": key.fingerprint, "purpose": key.purpose, "state": str(KeyState.VERIFIES)}
    db.session.execute(insert(InstallationKey).values(**row, made_at=actor.now))
    audit.record("keys.added", "installation:1", actor=actor, purpose=key.purpose, key=key.id)


def find_next(purpose: str) -> KnownKey | None:
    """The key that was added last and has not been current yet; None when there is none."""
    waiting = [k for k in list_known() if k.purpose == purpose and k.state is KeyState.VERIFIES]
    return next((key for key in reversed(waiting) if key.current_at is None), None)


def make_current(fingerprint: str, *, actor: Actor) -> None:
    """Let a key sign that was added before; the one that signed until now still verifies.

    Raises NotFound where no key that verifies has this fingerprint.
    """
    one_at_a_time()
    mine = (InstallationKey.fingerprint == fingerprint, InstallationKey.state == KeyState.VERIFIES)
    purpose = db.session.scalar(select(InstallationKey.purpose).where(*mine))
    if purpose is None:
        raise NotFound("key")
    signing = (InstallationKey.purpose == purpose, InstallationKey.state == KeyState.CURRENT)
    change = update(InstallationKey)
    db.session.execute(change.where(*signing).values(state=str(KeyState.VERIFIES), replaced_at=actor.now))
    states = {"state": str(KeyState.CURRENT), "current_at": actor.now, "replaced_at": None}
    db.session.execute(change.where(InstallationKey.fingerprint == fingerprint).values(**states))
    audit.record("keys.rotated", "installation:1", actor=actor, purpose=purpose, key=fingerprint[:8])


def find_retirable(id_: str) -> KnownKey:
    """The key of this id. Raises Refused: key.unknown, key.current, key.retired."""
    named = [key for key in list_known() if key.id == id_]
    if len(named) != 1:
        raise Refused("key.unknown", key=id_)
    if named[0].state is KeyState.CURRENT:
        raise Refused("key.current", key=id_, purpose=named[0].purpose)
    if named[0].state is KeyState.RETIRED:
        raise Refused("key.retired", key=id_)
    return named[0]


def retire(id_: str, *, actor: Actor) -> None:
    """A key verifies nothing more; whoever calls has seen that nothing depends on it. Raises Refused."""
    one_at_a_time()
    key = find_retirable(id_)
    mine = InstallationKey.fingerprint == key.fingerprint
    retired = {"state": str(KeyState.RETIRED), "retired_at": actor.now}
    db.session.execute(update(InstallationKey).where(mine).values(**retired))
    audit.record("keys.retired", "installation:1", actor=actor, purpose=key.purpose, key=key.id)


@contextmanager
def _file_alone(instance: Path) -> Iterator[None]:
    """One process at a time reads and rewrites the key file."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
    descriptor = os.open(key_file(instance).with_name(LOCK), flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
