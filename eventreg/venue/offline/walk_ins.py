"""Somebody without a registration stands at the desk: they sign up by the rules of everybody, and are admitted at once.

Only the deadline and the start do not count, until the campaign's last activity ends. Whoever waits comes before them. A
request that was made without a network is answered when it arrives, by the places that are free then; its hour is that of the
asking.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.people import service as people
from eventreg.registrations import reading, tickets
from eventreg.registrations import service as registrations
from eventreg.registrations.rules import RegistrationState
from eventreg.registrations.service import Application, RegistrationSource
from eventreg.venue import scans
from eventreg.venue.devices import DeviceFacts
from eventreg.venue.incoming import IncomingScan, Scanner
from eventreg.venue.models import Scan

from . import let_in
from .desk_entries import DeskEntry, EntryAnswer
from .models import LetIn, WalkInRequest

ENTERED = "entered"


def find_answer(entry: DeskEntry, device: DeviceFacts) -> EntryAnswer | None:
    """The answer that this nonce got before, None for a new one. With another staff number it is refused and not stored."""
    row = db.session.get(WalkInRequest, (device.id, entry.nonce), populate_existing=True)
    if row is None:
        return None
    if row.staff_no != entry.staff_no:
        return EntryAnswer(entry.nonce, "scan.nonce_reused", stored=False)
    if row.answer != ENTERED:
        return EntryAnswer(entry.nonce, row.answer)
    mine = select(Scan.registration_id).where(Scan.device_id == device.id, Scan.nonce == entry.nonce)
    return EntryAnswer(entry.nonce, registration_id=db.session.scalar(mine))


def refuse(entry: DeskEntry, device: DeviceFacts, refused: Refused | NotFound) -> EntryAnswer:
    """Store a request with the refusal that `enter` raised; whom the phone let through stands in `let_in`."""
    code = refused.code if isinstance(refused, Refused) else "walk_in.closed"
    waiting = refused.facts.get("n", 0) if isinstance(refused, Refused) else 0
    _keep(entry, device, code)
    if entry.let_through:
        _let_in(entry, device, code)
    return EntryAnswer(entry.nonce, code, n=waiting if isinstance(waiting, int) else 0)


def let_through(entry: DeskEntry, device: DeviceFacts) -> EntryAnswer:
    """Note that the phone had let somebody through before the refusal of their request came; `entry.of` names the request."""
    row = db.session.get(WalkInRequest, (device.id, entry.of), populate_existing=True)
    if row is None:
        return EntryAnswer(entry.nonce, "release.no_scan", stored=False)
    if row.answer is not None and row.answer != ENTERED:
        _let_in(replace(entry, nonce=row.nonce, staff_no=row.staff_no, at=row.at), device, row.answer)
    return EntryAnswer(entry.nonce)


def enter(entry: DeskEntry, device: DeviceFacts, campaign: CampaignFacts, *, actor: Actor) -> EntryAnswer:
    """Sign the person up and admit them at the phone's check point; somebody who has a place is admitted.

    Raises what `registrations.register` does, Refused("walk_in.over"), ("walk_in.unknown") or ("walk_in.waits").
    """
    if entry.at >= campaign.ends_at:
        raise Refused("walk_in.over")
    person = people.find_person_by_staff_no(entry.staff_no)
    if person is None or not person.employed:
        raise Refused("walk_in.unknown")
    key = f"walk-in:{device.id}:{entry.nonce}"
    wanted = Application(person.id, {}, campaign.notice_id, False, RegistrationSource.DOOR, key)
    made = registrations.register(campaign.id, wanted, actor=actor)
    if made.state is not RegistrationState.SEATED:
        raise Refused("walk_in.waits", n=(made.position or 1) - 1)
    held = tickets.find_held(made.id, keys=actor.keys)
    if held is None:
        raise Refused("walk_in.no_ticket")
    scan = IncomingScan(entry.nonce, held.token, device.check_point, entry.at, False, entry.at, None, 0)
    scans.record([scan], Scanner(device.id, campaign.id), keys=actor.keys, now=actor.now)
    _keep(entry, device, ENTERED)
    return EntryAnswer(entry.nonce, registration_id=made.id)


def _keep(entry: DeskEntry, device: DeviceFacts, answer: str) -> None:
    row = WalkInRequest(
        device_id=device.id,
        nonce=entry.nonce,
        staff_no=entry.staff_no,
        at=entry.at,
        shown="through" if entry.let_through else "asked",
        answer=answer,
    )
    db.session.add(row)
    db.session.flush()


def _let_in(entry: DeskEntry, device: DeviceFacts, code: str) -> None:
    person = people.find_person_by_staff_no(entry.staff_no)
    live = reading.find_live(device.campaign_id, person.id) if person else None
    row = LetIn(
        device_id=device.id,
        nonce=entry.nonce,
        campaign_id=device.campaign_id,
        activity_id=device.activity_id,
        registration_id=live.id if live else None,
        staff_no=entry.staff_no,
        check_point=device.check_point,
        at=entry.at,
        shown=let_in.Shown.WALK_IN,
        answered=code,
    )
    let_in.keep(row)
