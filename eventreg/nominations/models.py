"""Tables: terms of awards, quotas, nominations, their versions and decisions about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime
from eventreg.core.db.constraints import stands_for
from eventreg.core.keyring.sealed_fields import SealedFields

LIVE = text("state <> 'withdrawn' AND (NOT proposed OR passed_on_at IS NOT NULL)")
PROPOSED = text("state <> 'withdrawn' AND proposed AND passed_on_at IS NULL")
SUBMITTED_SQL = "('submitted', 'returned', 'candidate', 'ineligible')"


class AwardTerms(Model):
    """What an award asks of its nominations; without a row the defaults hold. `allotment` is the rule of the quota table."""

    __tablename__ = "award_terms"
    __table_args__ = (
        CheckConstraint("counted IN ('zishu', 'han', 'characters')", name="counted"),
        CheckConstraint("most >= 1", name="most"),
        CheckConstraint("who IN ('contacts', 'oneself', 'colleagues')", name="who"),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    fields: Mapped[dict[str, str]] = mapped_column(JSON)
    counted: Mapped[str] = mapped_column(String(12))
    most: Mapped[int]
    women_only: Mapped[bool]
    who: Mapped[str] = mapped_column(String(12))
    allotment: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class Quota(Model):
    """A department's places in an award (分配表). `filled` counts its submitted nominations; it is changed while the campaign
    is locked, and a check constraint keeps it within `places`. `reason` explains a number that was set by hand."""

    __tablename__ = "quota"
    __table_args__ = (
        CheckConstraint("basis >= 0 AND places >= 0", name="figures"),
        CheckConstraint("filled >= 0 AND filled <= places", name="filled"),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    basis: Mapped[int]
    places: Mapped[int]
    filled: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(String(200))
    extended_until: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Nomination(Model):
    """One person in one award. `version` is the newest version, `handed_in` the submitted one; the counts of the submitted
    text are stored with the rule of counting and the text's hash. `due_at` is until when a returned nomination can be
    submitted again, if not until the award's deadline. A proposal of an employee is visible to them alone until they have
    passed it on."""

    __tablename__ = "nomination"
    __table_args__ = (
        CheckConstraint(f"state IN ('draft', 'withdrawn') OR state IN {SUBMITTED_SQL}", name="state"),
        CheckConstraint(
            f"(state IN {SUBMITTED_SQL}) = (submitted_at IS NOT NULL AND submitted_by IS NOT NULL"
            " AND handed_in IS NOT NULL AND zishu IS NOT NULL AND han IS NOT NULL AND characters IS NOT NULL"
            " AND rule IS NOT NULL AND digest IS NOT NULL)",
            name="submitted",
        ),
        CheckConstraint("proposed OR passed_on_at IS NULL", name="passed_on"),
        CheckConstraint(
            f"NOT proposed OR passed_on_at IS NOT NULL OR state NOT IN {SUBMITTED_SQL}", name="proposed"
        ),
        Index(
            "uq_nomination_live",
            "campaign_id",
            "person_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index(
            "uq_nomination_proposed",
            "campaign_id",
            "person_id",
            "made_by",
            unique=True,
            sqlite_where=PROPOSED,
            postgresql_where=PROPOSED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    preference: Mapped[int]
    version: Mapped[int]
    handed_in: Mapped[int | None]
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed: Mapped[bool] = mapped_column(default=False)
    passed_on_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    zishu: Mapped[int | None]
    han: Mapped[int | None]
    characters: Mapped[int | None]
    rule: Mapped[str | None] = mapped_column(String(12))
    digest: Mapped[str | None] = mapped_column(String(64))


class NominationVersion(Model):
    """A saved version of a nomination; `tab` is a random mark of the page that sent it. The ID number is encrypted."""

    __tablename__ = "nomination_version"
    __table_args__ = (UniqueConstraint("nomination_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"))
    number: Mapped[int]
    answers: Mapped[dict[str, str]] = mapped_column(SealedFields("id_number"))
    ticked: Mapped[list[str]] = mapped_column(JSON)
    deeds: Mapped[str] = mapped_column(Text)
    tab: Mapped[str] = mapped_column(String(24))
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class NominationDecision(Model):
    """A decision of a head or of HR about a submitted version, with the reason; never changed."""

    __tablename__ = "nomination_decision"
    __table_args__ = (
        CheckConstraint("verdict IN ('returned', 'candidate', 'ineligible', 'reopened')", name="verdict"),
        CheckConstraint("verdict IN ('candidate', 'reopened') OR reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), index=True)
    version: Mapped[int]
    verdict: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(500))
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    as_head: Mapped[bool]
    checked: Mapped[list[str]] = mapped_column(JSON)
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)


# Nominations of the department, without proposals that were not passed on.
PASSED_ON = or_(~Nomination.proposed, Nomination.passed_on_at.is_not(None))

stands_for("uq_nomination_live", "nomination.exists")
stands_for("uq_nomination_proposed", "nomination.exists")
stands_for("ck_quota_filled", "nomination.over_quota")
