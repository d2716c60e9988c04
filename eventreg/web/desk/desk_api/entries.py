"""The entries of a phone's batch. Each is read by itself, so that one that cannot be taken stops no other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Any

from eventreg.core.errors import Refused
from eventreg.venue.clocks import corrected
from eventreg.venue.devices import DeviceFacts
from eventreg.venue.incoming import IncomingScan
from eventreg.venue.offline.desk_entries import DeskEntry, EntryKind
from eventreg.venue.rules import BATCH_MOST, NONCE_MOST

NONCE = re.compile(rf"[A-Za-z0-9_.-]{{1,{NONCE_MOST}}}")
SHOWN = {"green", "amber", "red"}  # what a phone without a network showed
OFFSET_MOST = 200 * 366 * 86_400_000
STAFF_NO_MOST = 40
NEEDED = {  # the field that an entry of a kind has to have
    EntryKind.TAP: "",
    EntryKind.WALK_IN: "staff_no",
    EntryKind.RELEASE: "of",
}
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


def read_entries(
    asked: object, device: DeviceFacts, *, slug: str, now: datetime
) -> list[DeskEntry | RefusedEntry]:
    """Taps, walk-ins and releases in the order of the request. Raises what `read_batch` does."""
    listed = asked.get("entries") if isinstance(asked, dict) else None
    if not isinstance(listed, list):
        raise Refused("scan.form")
    if len(listed) > BATCH_MOST:
        raise Refused("scan.too_many", most=BATCH_MOST)
    sent_at = _instant(asked.get("sent_at")) if isinstance(asked, dict) else None
    return [_read_entry(one, device, slug, sent_at, now) for one in listed]


def read_line(
    one: object, device: DeviceFacts, *, slug: str, offset_ms: int | None, now: datetime
) -> IncomingScan | DeskEntry | RefusedEntry:
    """A line of an exported file: corrected by the offset that the phone knew when it scanned, or that of the file."""
    fields = {"offset_ms": offset_ms, **one} if isinstance(one, dict) else {}
    if fields.get("kind", EntryKind.SCAN) == EntryKind.SCAN:
        return _read(fields, device, slug, None)
    return _read_entry(fields, device, slug, None, now)


def _read_entry(
    one: object, device: DeviceFacts, slug: str, sent_at: datetime | None, now: datetime
) -> DeskEntry | RefusedEntry:
    fields: Mapping[str, Any] = one if isinstance(one, dict) else {}
    nonce, device_at = fields.get("nonce"), _instant(fields.get("device_at"))
    kind, staff_no, of = (fields.get(name, "") for name in ("kind", "staff_no", "of"))
    typed = _storable(staff_no) and _storable(of) and isinstance(kind, str) and kind in NEEDED
    needed = {"staff_no": staff_no, "of": of}.get(NEEDED.get(kind, ""), "-") if typed else ""
    fits = isinstance(needed, str) and 0 < len(needed.strip()) <= NONCE_MOST
    if not (isinstance(nonce, str) and NONCE.fullmatch(nonce) and device_at and typed and fits):
        return RefusedEntry(_echo(nonce), "entry.form")
    if reason := _elsewhere(fields, device, slug):
        return RefusedEntry(nonce, reason)
    offset = milliseconds(fields.get("offset_ms"))
    known = device.offset_ms if offset is None else offset
    return DeskEntry(
        EntryKind(kind),
        nonce,
        corrected(device_at, sent_at, now, offset_ms=known).at,
        device_at,
        sent_at,
        known,
        staff_no.strip()[:STAFF_NO_MOST],
        of,
        fields.get("let_through") is True,
        fields.get("shown") == "green",
    )


def _storable(text: object) -> bool:
    """Whether a database stores this text: half of a character and NUL are not stored."""
    return isinstance(text, str) and "\0" not in text and text == text.encode("utf-8", "replace").decode()


def _echo(nonce: object) -> str | None:
    return nonce if isinstance(nonce, str) and len(nonce) <= ECHO_MOST else None


def _read(
    one: object, device: DeviceFacts, slug: str, sent_at: datetime | None
) -> IncomingScan | RefusedEntry:
    fields: Mapping[str, Any] = one if isinstance(one, dict) else {}
    nonce, text, at = fields.get("nonce"), fields.get("text"), _instant(fields.get("scanned_at"))
    if not (isinstance(nonce, str) and NONCE.fullmatch(nonce) and isinstance(text, str) and at):
        return RefusedEntry(_echo(nonce), "scan.entry_form")
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
        milliseconds(fields.get("offset_ms")),
        shown if isinstance(shown := fields.get("shown"), str) and shown in SHOWN else None,
    )


def milliseconds(typed: object) -> int | None:
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
