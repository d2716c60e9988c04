"""What this database stores about its installation: its id, the fingerprints of its keys and their states (law 18)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, delete, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime
from eventreg.core.db.session import db
from eventreg.core.errors import Unusable

from .keys import PURPOSES, Keys, KeyState

ALL = "all"  # the purpose of the single fingerprint that older versions stored for all keys
IS_CURRENT = text("state = 'current'")


class Installation(Model):
    """The single row about this installation.

    `uid` is part of the UIDs of calendar entries and never changes (ADR 42). It is None only between the migration that made
    the column and the next start. `old_entries` to `old_mac` say which audit rows were written before rows carried a MAC (see `seals`).
    """

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    uid: Mapped[str | None] = mapped_column(String(253))
    old_entries: Mapped[int | None]
    old_seals: Mapped[int | None]
    old_mac: Mapped[bytes | None] = mapped_column(LargeBinary(32))


class InstallationKey(Model):
    """The fingerprint and the state of one key. Each purpose has one current key."""

    __tablename__ = "installation_key"
    __table_args__ = (
        CheckConstraint(f"purpose IN ({', '.join(map(repr, (*PURPOSES, ALL)))})", name="purpose"),
        CheckConstraint("state IN ('current', 'verifies', 'retired')", name="state"),
        CheckConstraint("(state = 'retired') = (retired_at IS NOT NULL)", name="retired"),
        Index(
            "uq_installation_key_current",
            "purpose",
            unique=True,
            sqlite_where=IS_CURRENT,
            postgresql_where=IS_CURRENT,
        ),
    )

    fingerprint: Mapped[str] = mapped_column(String(32), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    current_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key as it is stored in the database. It was current from `current_at` to `replaced_at`."""

    fingerprint: str
    purpose: str
    state: KeyState
    made_at: datetime
    current_at: datetime | None
    replaced_at: datetime | None
    retired_at: datetime | None

    @property
    def id(self) -> str:
        """The part of the fingerprint by which people name a key."""
        return self.fingerprint[:8]


def one_at_a_time() -> None:
    """Wait until no other open unit of work has called this (on SQLite writers wait anyway)."""
    db.session.execute(select(Installation.id).with_for_update())


def get_uid() -> str:
    """The id of this installation, which `claim_installation` stored."""
    return db.session.scalars(select(Installation.uid)).one() or ""


def list_known() -> list[KnownKey]:
    """All keys that ever existed, by purpose, the oldest first."""
    columns = [InstallationKey.__table__.c[name] for name in KnownKey.__slots__]
    rows = db.session.execute(select(*columns).order_by(InstallationKey.made_at, InstallationKey.fingerprint))
    known = [
        KnownKey(fingerprint, purpose, KeyState(state), *dates)
        for fingerprint, purpose, state, *dates in rows
    ]
    return sorted(known, key=lambda key: (*PURPOSES, ALL).index(key.purpose))


def states_of(known: list[KnownKey]) -> Mapping[str, KeyState]:
    """The states of keys by fingerprint."""
    return {key.fingerprint: key.state for key in known}


def claim_installation(keys: Keys, *, folder: Path, host: str, now: datetime) -> list[KnownKey]:
    """Bind the database to these keys, or raise Unusable for keys that are not its own.

    A new installation gets a random id; one of an older version gets `host`, the host of its public address, which stood in its
    calendar entries so far. Returns the keys in the database afterwards. A purpose that the database does not have is new in this version; its
    keys are taken from the file.
    """
    into = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    first = into(Installation).values(id=1, made_at=now, uid=secrets.token_hex(16))
    db.session.execute(first.on_conflict_do_nothing())  # if several processes start at once, one claims it
    one_at_a_time()
    db.session.execute(update(Installation).where(Installation.uid.is_(None)).values(uid=host))
    known = list_known()
    adopted = _adopt_first(keys, known, folder=folder)
    purposes = {key.purpose for key in known}
    for key in keys.ring:
        if key.purpose not in purposes:
            made_at = adopted or now
            is_current = key.state is KeyState.CURRENT
            row = {"fingerprint": key.fingerprint, "purpose": key.purpose, "state": str(key.state)}
            dates = {"made_at": made_at, "current_at": made_at if is_current else None}
            db.session.execute(insert(InstallationKey).values(**row, **dates))
    known = list_known()
    if missing := list_missing(keys, known):
        raise Unusable(missing_words(missing, folder=folder))
    return known


def list_missing(keys: Keys, known: list[KnownKey]) -> list[KnownKey]:
    """The keys that a process needs and that are not in its file."""
    mine = {key.fingerprint for key in keys.ring}
    return [key for key in known if key.state is not KeyState.RETIRED and key.fingerprint not in mine]


def missing_words(missing: list[KnownKey], *, folder: Path) -> str:
    """A text that names the missing keys and the file to copy."""
    named = ", ".join(f"{key.purpose} {key.id}" for key in missing)
    return (
        f"This database belongs to other keys ({named} is not here). Copy keys/keys.json of a host that has "
        f"them to {folder / 'keys' / 'keys.json'}: without them tickets and codes cannot be checked."
    )


def _adopt_first(keys: Keys, known: list[KnownKey], *, folder: Path) -> datetime | None:
    """Replace the one fingerprint of an older version by one for each key; returns when the keys were made.

    Raises Unusable when the keys are not those of that fingerprint.
    """
    first = next((key for key in known if key.purpose == ALL), None)
    if first is None:
        return None
    if first.fingerprint != keys.first_fingerprint():
        raise Unusable(missing_words([first], folder=folder))
    db.session.execute(delete(InstallationKey).where(InstallationKey.purpose == ALL))
    return first.made_at
