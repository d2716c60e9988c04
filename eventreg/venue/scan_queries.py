"""The statements that look scans and tickets up, and the one that admits. Built once, because every scan executes them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import LargeBinary, and_, bindparam, exists, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from eventreg.campaigns.models import Activity
from eventreg.core.db.session import AnyRow
from eventreg.registrations.confirming.open_questions import IS_OPEN
from eventreg.registrations.models import Registration, Ticket
from eventreg.registrations.rules import RegistrationState

from .models import Admission, Device, Scan
from .rules import TicketFacts

LOCK = select(Device.id).where(Device.id == bindparam("device")).with_for_update(key_share=True)
_ANSWER = (
    Scan.nonce,
    Scan.verdict,
    Scan.reason,
    Scan.first_at,
    Scan.registration_id.label("answered_for"),
    Scan.token_hash.label("answered_hash"),
    Scan.check_point.label("answered_point"),
)
_TICKET = (
    Ticket.token_hash,
    Ticket.code_hash,
    Ticket.registration_id,
    Registration.campaign_id,
    Ticket.revoked_at,
    Registration.state,
    IS_OPEN.label("unconfirmed"),
    exists()
    .where(
        Activity.campaign_id == Registration.campaign_id,
        Activity.time_known.is_(False),
        Activity.begun_at.is_(None),
    )
    .label("day_only"),
)
_HASH, _HASHES = bindparam("hash", type_=LargeBinary()), bindparam("all", expanding=True, type_=LargeBinary())
# Most batches hold one scan: its earlier answer and its ticket are looked up by a single statement.
_ONE = (
    select(Device.id.label("device"), Device.offset_ms, *_ANSWER, *_TICKET)
    .select_from(Device)
    .outerjoin(Scan, and_(Scan.device_id == Device.id, Scan.nonce == bindparam("nonce")))
    .outerjoin(Ticket, or_(Ticket.token_hash == _HASH, Ticket.code_hash == _HASH))
    .outerjoin(Registration, Registration.id == Ticket.registration_id)
)
ONE = _ONE.where(Device.id == bindparam("device"))
ONE_OF_SYSTEM = _ONE.where(Device.api_token == bindparam("name"))
ANSWERED = select(*_ANSWER).where(
    Scan.device_id == bindparam("device"), Scan.nonce.in_(bindparam("all", expanding=True))
)
TICKETS = (
    select(*_TICKET)
    .join(Registration, Registration.id == Ticket.registration_id)
    .where(or_(Ticket.token_hash.in_(_HASHES), Ticket.code_hash.in_(_HASHES)))
)
ADMIT = {
    kind.name: insert(Admission).on_conflict_do_nothing().returning(Admission.at)
    for kind, insert in ((sqlite.dialect, sqlite.insert), (postgresql.dialect, postgresql.insert))
}


def tickets_in(rows: Sequence[AnyRow]) -> dict[bytes, TicketFacts]:
    """The tickets that were found, by the hash of the token and of the short code."""
    found: dict[bytes, TicketFacts] = {}
    for row in rows:
        if row.token_hash is not None:
            seated = row.state == RegistrationState.SEATED
            revoked = row.revoked_at is not None
            ticket = TicketFacts(
                row.registration_id, row.campaign_id, revoked, seated, row.day_only, row.unconfirmed
            )
            found[row.token_hash] = found[row.code_hash or row.token_hash] = ticket
    return found
