"""What activities and questions have in common: finding one, adding it at the end, moving it up.

These functions run in the open unit of work with the campaign locked; the caller checks and writes the audit row.
`only` restricts the parts to those that count: retired questions do not.
"""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import ColumnElement, func, select

from eventreg.campaigns.models import Activity, Question
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound

PartRow = TypeVar("PartRow", Activity, Question)


def get_part(part: type[PartRow], campaign_id: int, part_id: int, *only: ColumnElement[bool]) -> PartRow:
    """The row of a part of this campaign. Raises NotFound."""
    found = next((row for row in _list_parts(part, campaign_id, part.id == part_id, *only)), None)
    if found is None:
        raise NotFound(part.__tablename__)
    return found


def next_position(part: type[PartRow], campaign_id: int) -> int:
    """The position after all others, the retired ones included."""
    last = db.session.scalar(select(func.max(part.position)).where(part.campaign_id == campaign_id))
    return (last or 0) + 1


def move_up(part: type[PartRow], campaign_id: int, part_id: int, *only: ColumnElement[bool]) -> bool:
    """Exchange a part with the one before it; False for the first. Raises NotFound."""
    row = get_part(part, campaign_id, part_id, *only)
    above = [other for other in _list_parts(part, campaign_id, *only) if other.position < row.position]
    if not above:
        return False
    higher, lower = above[-1].position, row.position
    row.position = 0  # a unique constraint allows no two activities at one position, not even for a moment
    db.session.flush()
    above[-1].position = lower
    db.session.flush()
    row.position = higher
    return True


def _list_parts(part: type[PartRow], campaign_id: int, *only: ColumnElement[bool]) -> list[PartRow]:
    rows = select(part).where(part.campaign_id == campaign_id, *only).order_by(part.position, part.id)
    return list(db.session.scalars(rows.execution_options(populate_existing=True)))
