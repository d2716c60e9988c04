"""The entries of a phone's batch. Each is read by itself, so that one that cannot be taken stops no other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Any

from eventreg.core.errors import Refused
from eventreg.venue.devices import DeviceFacts
from eventreg.venue.incoming import IncomingScan
from eventreg.venue.rules import BATCH_MOST, NONCE_MOST

NONCE = re.compile(rf"[A-Za-z0-9_.-]{{1,{NONCE_MOST}}}")
SHOWN = {"green", "amber", "red"}  # what a phone without a network showed
OFFSET_MOST = 200 * 366 * 86_400_000
ECHO_MOST = 200  # a nonce that is longer is not sent back


@dataclass(frozen=True, slots=True)
class RefusedEntry:
    """An entry that is not stored. `nonce` is what the phone called it, None if that can be no nonce at all."""

    nonce: str | None
    reason: str


def read_batch(asked: object, device: DeviceFacts, *, slug: str) -> list[IncomingScan | RefusedEntry]:
    """The entries in the order of the request. Raises Refused("scan.form") for no batch, Refused("scan.too_many")."""
    listed = asked.get("scans") if isinstance(asked, dict) else None
    if not isinstance(listed, list):
        raise Refused("scan.form")
    if len(listed) > BATCH_MOST:
        raise Refused("scan.too_many", most=BATCH_MOST)
    sent_at = _instant(asked.get("sent_at")) if isinstance(asked, dict) else None
    return [_read(one, device, slug, sent_at) for one in listed]


def _read(
    one: object, device: DeviceFacts, slug: str, sent_at: datetime | None
) -> IncomingScan | RefusedEntry:
    fields: Mapping[str, Any] = one if isinstance(one, dict) else {}
    nonce, text, at = fields.get("nonce"), fields.get("text"), _instant(fields.get("scanned_at"))
    if not (isinstance(nonce, str) and NONCE.fullmatch(nonce) and isinstance(text, str) and at):
        echo = nonce if isinstance(nonce, str) and len(nonce) <= ECHO_MOST else None
        return RefusedEntry(echo, "scan.entry_form")
    if reason := _elsewhere(fields, device, slug):
        return RefusedEntry(nonce, reason)
    plain = text.encode("utf-8", "replace").decode()  # a lone surrogate cannot be encoded
    typed = fields.get("typed")
    return IncomingScan(
        nonce,
        plain,
        device.check_point,
        at,
        typed if isinstance(typed, bool) else None,
        _instant(fields.get("device_at")),
        sent_at,
        _milliseconds(fields.get("offset_ms")),
        shown if (shown := fields.get("shown")) in SHOWN else None,
    )


def _milliseconds(typed: object) -> int | None:
    """An offset between two clocks of less than 200 years; None for anything else."""
    return typed if isinstance(typed, int) and abs(typed) < OFFSET_MOST else None


def _elsewhere(fields: Mapping[str, Any], device: DeviceFacts, slug: str) -> str | None:
    """Why an entry is not of this device's post. Pages of older versions name no post: theirs are taken."""
    if fields.get("device", device.id) != device.id:
        return "scan.other_device"
    post = (fields.get("campaign", slug), fields.get("check_point", device.check_point))
    return None if post == (slug, device.check_point) else "scan.other_post"


def _instant(typed: object) -> datetime | None:
    """A time with its zone, in UTC; None for anything else, and for a year that pages could not show in every zone."""
    try:
        at = datetime.fromisoformat(typed) if isinstance(typed, str) else None
        utc = at.astimezone(UTC) if at is not None and at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
    return utc if utc is not None and MINYEAR < utc.year < MAXYEAR else None
