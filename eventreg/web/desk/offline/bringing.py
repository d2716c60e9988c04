"""Brings the file that a phone exported: each line is taken as if its phone had sent it, with the phone's known clock offset.

A line that the phone sends as well, or a file that comes twice, counts once: the nonce decides.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.actor import Actor
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import Refused
from eventreg.core.trail import audit
from eventreg.venue import devices
from eventreg.venue.devices import DeviceFacts
from eventreg.venue.incoming import IncomingScan
from eventreg.venue.offline.desk_entries import DeskEntry
from eventreg.web.app.numbers import MOST_DIGITS
from eventreg.web.desk.desk_api.entries import RefusedEntry, milliseconds, read_line
from eventreg.web.desk.desk_api.working import record_scans, work_off

FORMAT = "eventreg-scans"
LINES_MOST = 5_000
BATCH = 500


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that was not stored: its number in the file from 1, what it says of its time, and a refusal code."""

    number: int
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class BroughtFile:
    """What became of a file: how many lines are stored now, and which are not."""

    stored: int
    refused: tuple[RefusedLine, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    fields: dict[str, Any]


def bring(content: bytes, campaign: CampaignFacts, *, actor: Actor) -> BroughtFile:
    """Take the lines of a file, each phone's in their order.

    Raises Refused("queue.form") for what is no such file and Refused("queue.too_many") above 5,000 lines.
    """
    lines, offset_ms = _read(content)
    of_device: dict[int, list[_Line]] = {}
    for line in lines:
        device_id = line.fields.get("device")
        known = device_id if type(device_id) is int and 0 < device_id < 10**MOST_DIGITS else 0
        of_device.setdefault(known, []).append(line)
    refused: list[RefusedLine] = []
    for device_id, some in of_device.items():
        device = devices.find_of_campaign(device_id, campaign.id, now=actor.now)
        for at in range(0, len(some), BATCH):
            refused += _take(some[at : at + BATCH], device, campaign, offset_ms, actor=actor)
    stored = len(lines) - len(refused)
    with unit_of_work():
        audit.record("desk.imported", f"campaign:{campaign.id}", actor=actor, stored=stored)
    return BroughtFile(stored, tuple(sorted(refused, key=lambda line: line.number)))


def _read(content: bytes) -> tuple[list[_Line], int | None]:
    try:
        file = json.loads(content)
    except (ValueError, RecursionError):
        raise Refused("queue.form", field="file") from None
    listed = file.get("scans") if isinstance(file, dict) and file.get("format") == FORMAT else None
    if not isinstance(listed, list):
        raise Refused("queue.form", field="file")
    if len(listed) > LINES_MOST:
        raise Refused("queue.too_many", field="file", most=LINES_MOST)
    lines = [_Line(n, one if isinstance(one, dict) else {}) for n, one in enumerate(listed, 1)]
    return lines, milliseconds(file.get("offset_ms"))


def _take(
    lines: Sequence[_Line],
    device: DeviceFacts | None,
    campaign: CampaignFacts,
    offset_ms: int | None,
    *,
    actor: Actor,
) -> list[RefusedLine]:
    """Work off some lines of one phone; what was not stored."""
    if device is None:
        return [_refusal(line, _why_nobodys(line)) for line in lines]
    slug, now = campaign.slug, actor.now
    read = [(line, read_line(line.fields, device, slug=slug, offset_ms=offset_ms, now=now)) for line in lines]
    refused = [_refusal(line, entry.reason) for line, entry in read if isinstance(entry, RefusedEntry)]
    scans = [(line, entry) for line, entry in read if isinstance(entry, IncomingScan)]
    with unit_of_work():
        answers = record_scans([entry for _line, entry in scans], device, actor=actor)
    refused += [
        _refusal(line, answer.reason)
        for (line, _entry), answer in zip(scans, answers, strict=True)
        if answer.reason == "scan.nonce_reused"
    ]
    others = [(line, entry) for line, entry in read if isinstance(entry, DeskEntry)]
    results = work_off([entry for _line, entry in others], device, campaign, actor=actor)
    refused += [
        _refusal(line, result.refused or "entry.form")
        for (line, _entry), result in zip(others, results, strict=True)
        if not result.stored
    ]
    return refused


def _why_nobodys(line: _Line) -> str:
    """Why a line is of no phone of the campaign; what the phone itself could not read any more says nothing of itself."""
    return "scan.entry_form" if "device" not in line.fields else "queue.other_device"


def _refusal(line: _Line, reason: str) -> RefusedLine:
    at = line.fields.get("scanned_at")
    return RefusedLine(line.number, at[:40] if isinstance(at, str) else "", reason)
