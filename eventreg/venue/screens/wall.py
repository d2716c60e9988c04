"""Coming in by the code on the wall: the same rules and the same table as a phone's scan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.core.keyring.keys import Keys
from eventreg.registrations import tickets
from eventreg.registrations.models import Registration
from eventreg.registrations.rules import RegistrationState
from eventreg.venue import scans
from eventreg.venue.incoming import IncomingScan, Scanner, ScanResult

from . import rules, service
from .service import ScreenFacts

OPENED = "wall"  # in a browser's cookie: the screen, and when its code was opened (seconds since 1970)


@dataclass(frozen=True, slots=True)
class Opened:
    """A code that a browser opened: of which screen, and when by our clock."""

    screen_id: int
    at: datetime


def open_code(screen_id: int, code: str, *, keys: Keys, now: datetime) -> Opened:
    """Open a code of the wall. Raises Refused("wall_code.old") for one that is no longer or never was on it."""
    screen = service.find_by_id(screen_id, now=now)
    known = screen is not None and screen.device_id is not None
    if not (rules.is_open(keys.good("tickets"), screen_id, code, now=now) and known):
        raise Refused("wall_code.old")
    return Opened(screen_id, now)


def screen_of(opened: Opened | None, *, now: datetime) -> ScreenFacts:
    """The screen whose code was opened. Raises Refused("wall_code.old") after five minutes, or when the screen is gone."""
    screen = None
    if opened is not None and rules.may_press(opened.at, now=now):
        screen = service.find_by_id(opened.screen_id, now=now)
    if screen is None or screen.device_id is None or screen.check_point is None:
        raise Refused("wall_code.old")
    return screen


def check_in(opened: Opened | None, person_id: int, *, keys: Keys, now: datetime) -> ScanResult:
    """Check somebody in who opened a code and pressed the button; pressing twice gives the same answer.

    Raises what `screen_of` does, and Refused("wall_code.waiting") or ("wall_code.no_place") for people without a place: they go to
    the desk.
    """
    screen = screen_of(opened, now=now)
    mine = (Registration.campaign_id == screen.campaign_id, Registration.person_id == person_id)
    rows = select(Registration.id, Registration.state).where(*mine).order_by(Registration.id)
    held = {RegistrationState(state): id_ for id_, state in db.session.execute(rows)}
    if RegistrationState.SEATED not in held:
        raise Refused("wall_code.waiting" if RegistrationState.WAITING in held else "wall_code.no_place")
    registration_id = held[RegistrationState.SEATED]
    token = tickets.find_token(registration_id, keys=keys)
    if token is None or screen.device_id is None or screen.check_point is None or opened is None:
        raise Refused("wall_code.no_place")
    nonce = f"wall-{registration_id}-{int(opened.at.timestamp())}"
    scan = IncomingScan(nonce, token, screen.check_point, now, typed=False)
    scanner = Scanner(screen.device_id, screen.campaign_id)
    return scans.record([scan], scanner, keys=keys, now=now)[0]
