"""Works off what a phone's queue holds beside scans, each entry in a unit of work of its own: none stops another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.actor import Actor
from eventreg.core.db.session import unit_of_work
from eventreg.core.errors import NotFound, Refused
from eventreg.venue import scans
from eventreg.venue.devices import DeviceFacts
from eventreg.venue.incoming import IncomingScan, Scanner, ScanResult
from eventreg.venue.offline import let_in, walk_ins
from eventreg.venue.offline.desk_entries import DeskEntry, EntryAnswer, EntryKind
from eventreg.venue.walk import crossings
from eventreg.venue.walk.crossings import Tap


def record_scans(batch: Sequence[IncomingScan], device: DeviceFacts, *, actor: Actor) -> list[ScanResult]:
    """Store scans, and note whom the phone let through although the server refuses them; inside a unit of work."""
    scanner = Scanner(device.id, device.campaign_id, device.offset_ms)
    answers = scans.record(batch, scanner, keys=actor.keys, now=actor.now)
    let_in.note_scans(batch, answers, device)
    return answers


def work_off(
    entries: Sequence[DeskEntry], device: DeviceFacts, campaign: CampaignFacts, *, actor: Actor
) -> list[EntryAnswer]:
    """The answers in the order of the entries, each after its commit."""
    taps = _taps([entry for entry in entries if entry.kind is EntryKind.TAP], device, now=actor.now)
    return [
        taps[entry.nonce] if entry.kind is EntryKind.TAP else _one(entry, device, campaign, actor=actor)
        for entry in entries
    ]


def _taps(entries: Sequence[DeskEntry], device: DeviceFacts, *, now: datetime) -> dict[str, EntryAnswer]:
    if not entries:
        return {}
    taps = [Tap(e.nonce, device.check_point, e.device_at, e.sent_at, e.offset_ms) for e in entries]
    with unit_of_work():
        said = crossings.record(taps, device_id=device.id, campaign_id=device.campaign_id, now=now)
    return {nonce: EntryAnswer(nonce, code, stored=code is None) for nonce, code in said.items()}


def _one(entry: DeskEntry, device: DeviceFacts, campaign: CampaignFacts, *, actor: Actor) -> EntryAnswer:
    if entry.kind is EntryKind.RELEASE:
        with unit_of_work():
            released = let_in.release(entry, device)
            return released if released.stored else walk_ins.let_through(entry, device)
    with unit_of_work():
        known = walk_ins.find_answer(entry, device)
    if known is not None:
        return known
    try:
        with unit_of_work():
            return walk_ins.enter(entry, device, campaign, actor=actor)
    except (Refused, NotFound) as refused:
        with unit_of_work():
            return walk_ins.refuse(entry, device, refused)
