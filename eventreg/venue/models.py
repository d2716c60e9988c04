"""Tables: devices, their scans, and the admissions that scans made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventreg.core.db.base import Model, UTCDateTime
from eventreg.core.db.constraints import stands_for


class Pairing(Model):
    """A one-time invitation for a phone to become a device of one campaign and check point."""

    __tablename__ = "pairing"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    check_point: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(40))
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Device(Model):
    """A sender of scans: a paired phone with its own token, or another system with its API token.

    Only the hash of a phone's token is stored; revoking takes effect at the next request. `offset_ms` is how much later
    our clock was than the device's at `offset_at`, in milliseconds.
    """

    __tablename__ = "device"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    api_token: Mapped[str | None] = mapped_column(String(80), unique=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    check_point: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    paired_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    offset_ms: Mapped[int | None] = mapped_column(BigInteger)
    offset_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Scan(Model):
    """One scan as it was sent; append-only. A repeated (device, nonce) finds the row and its verdict.

    `scanned_at` is the sender's own claim. `at` is the time that counts: corrected by our clock where the sender gave
    `device_at` and `sent_at` (see `clocks.py`); `doubt` says that the device's clock was set in between. `shown` is
    what a phone without a network showed: green, amber, red.
    """

    __tablename__ = "scan"
    __table_args__ = (
        UniqueConstraint("device_id", "nonce"),
        Index("ix_scan_registration", "registration_id", "check_point"),
        CheckConstraint("verdict IN ('admitted', 'repeated', 'refused')", name="verdict"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    nonce: Mapped[str] = mapped_column(String(64))
    check_point: Mapped[str] = mapped_column(String(20))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    scanned_at: Mapped[datetime] = mapped_column(UTCDateTime)
    device_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    doubt: Mapped[bool] = mapped_column(default=False)
    shown: Mapped[str | None] = mapped_column(String(10))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    verdict: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(40))
    first_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Admission(Model):
    """A person admitted at a check point: one row per registration and check point, with the earliest time."""

    __tablename__ = "admission"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    check_point: Mapped[str] = mapped_column(String(20), primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


stands_for("uq_scan_device_id_nonce", "scan.meanwhile")
