"""The letters that the open unit of work has posted so far: what an act would write, before it is committed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from eventreg.core.db.session import db

from .models import Letter
from .service import ClaimedLetter


def newest_id() -> int:
    """The id of the newest letter; 0 if there is none. Call it before the act."""
    return db.session.scalar(select(func.max(Letter.id))) or 0


def list_posted(*, after: int, now: datetime) -> list[ClaimedLetter]:
    """The letters of the act at `now` with an id above `after`, in the order in which they were posted.

    The instant keeps out what another process posts at the same time. A letter that reaches nobody has no address.
    """
    db.session.flush()
    rows = select(Letter).where(Letter.id > after, Letter.posted_at == now).order_by(Letter.id)
    return [_posted(row) for row in db.session.scalars(rows)]


def _posted(row: Letter) -> ClaimedLetter:
    return ClaimedLetter(
        id=row.id,
        kind=row.kind,
        person_id=row.person_id,
        address=row.address or "",
        locale=row.locale,
        facts=row.facts,
        sealed=None,
        message_id=row.message_id,
        posted_at=row.posted_at,
        expires_at=row.expires_at,
        attempts=0,
    )
