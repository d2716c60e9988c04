"""What a paired phone stores for times without a network: hashes of tickets, arrival numbers, masked names, units.

No full name, staff number, phone number or token is among it. Each line has the verdict that the server's own rule gives
now at the phone's check point, so a phone decides nothing by rules of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, select

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import AnyRow, db
from eventreg.core.keyring.keys import Keys
from eventreg.people.models import Person, Unit
from eventreg.registrations import tickets
from eventreg.registrations.models import Registration, Ticket
from eventreg.registrations.rules import RegistrationState, masked_name
from eventreg.registrations.tickets import StoredTicket
from eventreg.venue.models import Admission, Device
from eventreg.venue.rules import ScanVerdict, TicketFacts, decide

from . import labels

KEPT_AFTER = timedelta(hours=24)  # a phone forgets the list so long after the campaign's last activity
HASH_LENGTH = 32  # hexadecimal characters of a token's SHA-256
MARK_LENGTH = 5  # of a short code's: 20 bits of 40, so that no code can be computed from a stolen phone


@dataclass(frozen=True, slots=True)
class PhoneRosterLine:
    """A ticket with its holder. `label` is what the green screen shows beside: the chosen bus, the team.

    `first_at` and `door` are of the first admission at this check point.
    """

    ticket: str
    code: str
    arrival: int
    name: str
    unit: str
    label: str
    verdict: ScanVerdict
    reason: str | None = None
    first_at: datetime | None = None
    door: str = ""


@dataclass(frozen=True, slots=True)
class PhoneRoster:
    """The list of one check point; the phone forgets it at `forget_at`."""

    lines: tuple[PhoneRosterLine, ...]
    forget_at: datetime


def mark_of_code(code: str, slug: str) -> str:
    """Part of a hash of a short code in its campaign. About a million codes have the same mark: the phone shows whom it
    found, somebody compares, and the server decides about the whole code afterwards."""
    return hashlib.sha256(f"{slug}:{code}".encode()).hexdigest()[:MARK_LENGTH]


def roster_of(
    campaign: CampaignFacts, check_point: str, *, keys: Keys, named: labels.TeamNaming, now: datetime
) -> PhoneRoster:
    """All tickets of the campaign, the withdrawn ones too, in the order of arrival."""
    rows = db.session.execute(_tickets(campaign.id, check_point)).all()
    shown = labels.labels_of({row.registration_id for row in rows}, campaign, named=named)
    lines = [_line(row, campaign, shown, keys=keys, now=now) for row in rows]
    return PhoneRoster(tuple(lines), campaign.ends_at + KEPT_AFTER)


def _tickets(campaign_id: int, check_point: str) -> Select[*tuple[Any, ...]]:
    here = and_(Admission.registration_id == Registration.id, Admission.check_point == check_point)
    return (
        select(
            Registration.id.label("registration_id"),
            Registration.arrival,
            Registration.state,
            Ticket.serial,
            Ticket.token_hash,
            Ticket.code_hash,
            Ticket.revoked_at,
            Person.name,
            Unit.name.label("unit"),
            Admission.at,
            Device.name.label("door"),
        )
        .join(Ticket, Ticket.registration_id == Registration.id)
        .join(Person, Person.id == Registration.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(Admission, here)
        .outerjoin(Device, Device.id == Admission.device_id)
        .where(Registration.campaign_id == campaign_id)
        .order_by(Registration.arrival, Ticket.serial)
    )


def _line(
    row: AnyRow, campaign: CampaignFacts, shown: Mapping[int, str], *, keys: Keys, now: datetime
) -> PhoneRosterLine:
    seated = row.state == RegistrationState.SEATED
    facts = TicketFacts(row.registration_id, campaign.id, row.revoked_at is not None, seated)
    decision = decide(facts, campaign_id=campaign.id, scanned_at=None, now=now)
    counted = ScanVerdict.REPEATED if row.at else ScanVerdict.ADMITTED
    issued = StoredTicket(row.serial, row.token_hash, row.code_hash)
    held = tickets.made_again(row.registration_id, campaign.id, issued, keys=keys)
    return PhoneRosterLine(
        ticket=row.token_hash.hex()[:HASH_LENGTH],
        code=mark_of_code(held.code, campaign.slug) if held and held.code else "",
        arrival=row.arrival,
        name=masked_name(row.name),
        unit=row.unit,
        label=shown.get(row.registration_id, ""),
        verdict=counted if decision.admit else ScanVerdict.REFUSED,
        reason=decision.reason,
        first_at=row.at,
        door=row.door or "",
    )


def units_of(lines: Sequence[PhoneRosterLine]) -> list[str]:
    """The names of the units, each once: lines refer to them by position."""
    return sorted({line.unit for line in lines})
