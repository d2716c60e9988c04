"""What this database knows of the installation that owns it: its keys' fingerprint (law 18)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import CheckConstraint, String
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


def claim_installation(keys: Keys, *, folder: Path, now: datetime) -> None:
    """Bind the database to these keys, or refuse keys it was not bound to."""
    row = db.session.get(Installation, 1)
    if row is None:
        db.session.add(Installation(id=1, keys=keys.fingerprint(), made_at=now))
    elif row.keys != keys.fingerprint():
        raise Unusable(
            f"This database belongs to other keys. Copy keys/keys.json of the installation that "
            f"made it to {folder / 'keys' / 'keys.json'}: without it no ticket can be checked."
        )
