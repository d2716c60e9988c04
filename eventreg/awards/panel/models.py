"""Tables of a panel: its members, and who is recused from what (回避)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime

from .rules import REASON_MOST


class PanelMember(Model):
    """Somebody's seat in a panel. Whoever leaves stays with `until`: none of her scores counts any more."""

    __tablename__ = "panel_member"
    __table_args__ = (CheckConstraint("part IN ('judge', 'chair', 'secretary', 'substitute')", name="part"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("award_round.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    why_left: Mapped[str] = mapped_column(String(REASON_MOST), server_default="")
    pledged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    locked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Recusal(Model):
    """A member is recused from a nomination. Never deleted; the reason is for HR and the record alone."""

    __tablename__ = "recusal"
    __table_args__ = (
        CheckConstraint(
            "ground IN ('own', 'department', 'made', 'signed', 'declared', 'set')", name="ground"
        ),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("award_round.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), primary_key=True)
    ground: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(REASON_MOST), server_default="")
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
