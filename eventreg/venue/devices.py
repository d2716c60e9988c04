"""Phones are paired as devices by a one-time invitation. A revoked device is unknown at its next request."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from eventreg.campaigns.check_points.models import CheckPoint
from eventreg.campaigns.kinds import CheckPointRole
from eventreg.core.actor import Actor, actor_of
from eventreg.core.clock import has_passed
from eventreg.core.db.session import db, run
from eventreg.core.errors import NotFound, Refused
from eventreg.core.keyring.keys import fingerprint_of
from eventreg.core.trail import audit
from eventreg.registrations.models import Registration

from .clocks import offset_to_keep
from .incoming import Scanner
from .models import Admission, Device, Pairing, Scan
from .rules import DEVICE_LIFE, DOOR_NAME_MOST, PAIRING_LIFE, SEEN_EVERY

ANYWHERE = "door"  # another system names the check point with each scan
IS_PHONE = Device.token_hash.is_not(None)  # not another system, and not a screen
OF_TOKEN = select(Device.id, Device.offset_ms).where(
    Device.api_token == bindparam("name")
)  # built once: every batch executes it


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """A device that may scan now; `touch_due` says that its last contact is over a minute old.

    `point_name` is "" for door, start and finish.
    """

    id: int
    campaign_id: int
    check_point: str
    name: str
    paired_at: datetime
    touch_due: bool = False
    offset_ms: int | None = None
    point_name: str = ""
    role: CheckPointRole = CheckPointRole.OTHER
    activity_id: int | None = None


@dataclass(frozen=True, slots=True)
class ListedDevice:
    """A device as its organiser sees it."""

    id: int
    name: str
    check_point: str
    paired_at: datetime
    seen_at: datetime
    scans: int
    revoked: bool
    point_name: str = ""


def invite(campaign_id: int, check_point: str, name: str, *, actor: Actor) -> str:
    """Make a code that pairs one phone within ten minutes; only its hash is stored.

    Raises Refused("pairing.no_name") or Refused("pairing.long_name").
    """
    if not name:
        raise Refused("pairing.no_name")
    if len(name) > DOOR_NAME_MOST:
        raise Refused("pairing.long_name", most=DOOR_NAME_MOST)
    code = secrets.token_urlsafe(16)
    pairing = Pairing(
        code_hash=fingerprint_of(code),
        campaign_id=campaign_id,
        check_point=str(check_point),
        name=name,
        made_by=actor.person_id,
        made_at=actor.now,
        expires_at=actor.now + PAIRING_LIFE,
    )
    db.session.add(pairing)
    db.session.flush()
    audit.record("device.invited", f"pairing:{pairing.id}", actor=actor, campaign=campaign_id)
    return code


def pair(code: str, *, now: datetime) -> str:
    """Redeem an invitation; returns the device's bearer token.

    Raises Refused("pairing.dead") when it is used, old or unknown.
    """
    good = (Pairing.code_hash == fingerprint_of(code), Pairing.used_at.is_(None), Pairing.expires_at > now)
    used = update(Pairing).where(*good).values(used_at=now).returning(Pairing)
    pairing = db.session.scalars(used.execution_options(synchronize_session=False)).one_or_none()
    if pairing is None:
        raise Refused("pairing.dead")
    token = secrets.token_urlsafe(32)
    device = Device(
        token_hash=fingerprint_of(token),
        campaign_id=pairing.campaign_id,
        check_point=pairing.check_point,
        name=pairing.name,
        paired_at=now,
        expires_at=now + DEVICE_LIFE,
        seen_at=now,
    )
    db.session.add(device)
    db.session.flush()
    audit.record("device.paired", f"device:{device.id}", actor=actor_of(f"person:{pairing.made_by}", now=now))
    return token


def find_device(token: str, *, now: datetime) -> DeviceFacts | None:
    """The device of this token, if it may still scan."""
    return _find(
        Device.token_hash == fingerprint_of(token),
        Device.revoked_at.is_(None),
        Device.expires_at > now,
        now=now,
    )


def find_of_campaign(device_id: int, campaign_id: int, *, now: datetime) -> DeviceFacts | None:
    """A phone of this campaign, also one that was revoked: an organiser brings what it still held."""
    return _find(Device.id == device_id, Device.campaign_id == campaign_id, now=now)


def _find(*wanted: ColumnElement[bool], now: datetime) -> DeviceFacts | None:
    here = and_(CheckPoint.campaign_id == Device.campaign_id, CheckPoint.code == Device.check_point)
    query = select(Device, CheckPoint.name, CheckPoint.role, CheckPoint.activity_id)
    query = query.join(CheckPoint, here).where(*wanted)
    found = db.session.execute(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        return None
    row, point_name, role, activity_id = found
    return DeviceFacts(
        row.id,
        row.campaign_id or 0,
        row.check_point,
        row.name,
        row.paired_at,
        has_passed(row.seen_at, SEEN_EVERY, now=now),
        row.offset_ms,
        point_name,
        CheckPointRole(role),
        activity_id,
    )


def touch(device_id: int, *, now: datetime) -> None:
    """Note the device's last contact."""
    db.session.execute(update(Device).where(Device.id == device_id).values(seen_at=now))


def scanner_of_api_token(token_name: str, *, now: datetime) -> Scanner:
    """The sender under which another system's scans are stored; its device row is made at its first batch."""
    found = run(OF_TOKEN, {"name": token_name}).one_or_none()
    if found is not None:
        return Scanner(found.id, None, found.offset_ms)
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    row = insert(Device).values(
        api_token=token_name,
        check_point=ANYWHERE,
        name=token_name,
        paired_at=now,
        expires_at=now + DEVICE_LIFE,
        seen_at=now,
    )
    db.session.execute(
        row.on_conflict_do_nothing()
    )  # if two first batches arrive at the same instant, one of them makes the row
    made = run(OF_TOKEN, {"name": token_name}).one()
    return Scanner(made.id, None, made.offset_ms)


def note_offset(device_id: int, sent: Iterable[datetime | None], *, known: int | None, now: datetime) -> None:
    """Store how much later our clock is than the device's, where `sent` tells it and it is not known yet."""
    times = [at for at in sent if at is not None]
    offset = offset_to_keep(max(times), now, known_ms=known) if times else None
    if offset is not None:
        noted = update(Device).where(Device.id == device_id).values(offset_ms=offset, offset_at=now)
        db.session.execute(noted.execution_options(synchronize_session=False))


def revoke(device_id: int, *, campaign_id: int, actor: Actor) -> None:
    """Revoke a device. Raises NotFound for a device of another campaign."""
    mine = (Device.id == device_id, Device.campaign_id == campaign_id)
    shut = update(Device).where(*mine).values(revoked_at=func.coalesce(Device.revoked_at, actor.now))
    if db.session.execute(shut.returning(Device.id)).scalar_one_or_none() is None:
        raise NotFound("device")
    audit.record("device.revoked", f"device:{device_id}", actor=actor)


def list_devices(campaign_id: int) -> list[ListedDevice]:
    """A campaign's devices, the newest first, with how much each has scanned."""
    scans = select(func.count()).where(Scan.device_id == Device.id).scalar_subquery()
    here = and_(CheckPoint.campaign_id == Device.campaign_id, CheckPoint.code == Device.check_point)
    rows = select(Device, scans, CheckPoint.name).join(CheckPoint, here)
    rows = rows.where(Device.campaign_id == campaign_id, IS_PHONE).order_by(Device.id.desc())
    return [
        ListedDevice(
            d.id, d.name, d.check_point, d.paired_at, d.seen_at, n, d.revoked_at is not None, point_name
        )
        for d, n, point_name in db.session.execute(rows)
    ]


def is_point_used(campaign_id: int, check_point: str) -> bool:
    """Whether a phone stands at this check point, or something was scanned there."""
    paired = select(Device.id).where(Device.campaign_id == campaign_id, Device.check_point == check_point)
    scanned = (
        select(Scan.id)
        .join(Registration, Registration.id == Scan.registration_id)
        .where(Registration.campaign_id == campaign_id, Scan.check_point == check_point)
    )
    return any(db.session.scalar(rows.limit(1)) is not None for rows in (paired, scanned))


def count_by_campaign(campaign_ids: Collection[int], *, now: datetime) -> dict[int, int]:
    """The number of phones that may scan now, by campaign; a campaign without any is left out."""
    good = (
        Device.campaign_id.in_(campaign_ids),
        IS_PHONE,
        Device.revoked_at.is_(None),
        Device.expires_at > now,
    )
    rows = select(Device.campaign_id, func.count()).where(*good).group_by(Device.campaign_id)
    return {id_: n for id_, n in db.session.execute(rows) if id_ is not None}


def count_admitted(campaign_id: int, check_point: str) -> int:
    """The number of people admitted at a check point."""
    here = (Registration.campaign_id == campaign_id, Admission.check_point == str(check_point))
    counted = select(func.count()).select_from(Admission).join(Registration).where(*here)
    return db.session.scalar(counted) or 0
