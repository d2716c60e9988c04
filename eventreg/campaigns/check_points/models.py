"""The table of check points."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model
from eventreg.core.db.constraints import stands_for


class CheckPoint(Model):
    """A place where phones scan tickets, such as the door, a bus or session 7. A person counts once at each.

    `name` is "" for door, start and finish, which are named in the reader's language. `after` is the code of the check
    point that is passed before this one. Without `activity_id` it belongs to all activities of the campaign.
    """

    __tablename__ = "check_point"
    __table_args__ = (CheckConstraint("role IN ('in', 'start', 'finish', 'other')", name="role"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(10))
    position: Mapped[int]
    after: Mapped[str | None] = mapped_column(String(20))
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"), index=True)


stands_for("pk_check_point", "check_point.exists")
