"""The table of programme items."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model


class ProgrammeItem(Model):
    """An item of a programme, in its order: a forfeit of a person or a team, or a point of an agenda."""

    __tablename__ = "programme_item"
    __table_args__ = (
        CheckConstraint("kind IN ('forfeit', 'agenda', 'award', 'speech')", name="kind"),
        CheckConstraint("state IN ('due', 'done', 'excused')", name="state"),
        CheckConstraint(
            "(CASE WHEN registration_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN team_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN nomination_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name="one",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    nomination_id: Mapped[int | None] = mapped_column(ForeignKey("nomination.id"))
    title: Mapped[str] = mapped_column(String(80))
    minutes: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(200))
