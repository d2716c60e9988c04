"""What this database knows of the installation that owns it: its keys' fingerprint (law 18)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from .columns import Model, UTCDateTime
from .db import db
from .errors import Unusable
from .keys import Keys


class Installation(Model):
    """The single row about this installation."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    keys: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


def one_at_a_time() -> None:
    """Whoever calls this waits until no other open unit has (SQLite's writers do anyway)."""
    db.session.execute(select(Installation.id).with_for_update())


def claim_installation(keys: Keys, *, folder: Path, now: datetime) -> None:
    """Bind the database to these keys, or refuse keys it was not bound to."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    first = insert(Installation).values(id=1, keys=keys.fingerprint(), made_at=now)
    db.session.execute(first.on_conflict_do_nothing())  # of several starts at once, one claims it
    owner = db.session.scalar(select(Installation.keys).where(Installation.id == 1))
    if owner != keys.fingerprint():
        raise Unusable(
            f"This database belongs to other keys. Copy keys/keys.json of the installation that "
            f"made it to {folder / 'keys' / 'keys.json'}: without it no ticket can be checked."
        )
