"""What a finished round must look like, and everything that is wrong with it, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select

from eventreg.campaigns.models import Campaign, Pool
from eventreg.core.db.session import db
from eventreg.core.trail.audit import AuditEntry
from eventreg.outbox.models import Letter
from eventreg.registrations.models import Registration, TakenPlace, Ticket

from .players import Made


@dataclass(frozen=True)
class Line:
    """One registration as the table has it."""

    id: int
    person_id: int
    state: str
    arrival: int


def lines_of(campaign_id: int) -> list[Line]:
    """All registrations of a campaign, by arrival."""
    rows = db.session.execute(
        select(Registration.id, Registration.person_id, Registration.state, Registration.arrival)
        .where(Registration.campaign_id == campaign_id)
        .order_by(Registration.arrival)
    )
    return [Line(*row) for row in rows]


def wrongs(campaign_id: int, made: list[Made], *, capacity: int) -> list[str]:
    """Every broken promise of a round; empty when it is clean."""
    db.session.rollback()
    lines = lines_of(campaign_id)
    found = [f"error: {one.error.strip().splitlines()[-1]}" for one in made if one.error]
    found += _order(lines, capacity)
    found += _counters(campaign_id, lines)
    found += _companions(lines)
    found += _receipts(lines, made)
    return found


def _order(lines: list[Line], capacity: int) -> list[str]:
    found = []
    if [line.arrival for line in lines] != list(range(1, len(lines) + 1)):
        found.append("arrival numbers have a gap or repeat")
    live = [line for line in lines if line.state != "withdrawn"]
    if twice := [p for p, n in Counter(line.person_id for line in live).items() if n > 1]:
        found.append(f"{len(twice)} people have two live registrations")
    seated = [line for line in live if line.state == "seated"]
    if len(seated) != min(capacity, len(live)):
        found.append(f"seated {len(seated)}, not {min(capacity, len(live))}")
    if seated != live[: len(seated)]:
        found.append("somebody waits who came before somebody seated")
    return found


def _counters(campaign_id: int, lines: list[Line]) -> list[str]:
    states = Counter(line.state for line in lines)
    campaign = db.session.execute(
        select(Campaign.waiting, Campaign.last_arrival).where(Campaign.id == campaign_id)
    ).one()
    taken = db.session.scalar(select(Pool.taken).where(Pool.campaign_id == campaign_id))
    said = (campaign[0], campaign[1], taken)
    real = (states["waiting"], len(lines), states["seated"])
    return [] if said == real else [f"counters {said}, counted {real}"]


def _companions(lines: list[Line]) -> list[str]:
    """Each registration has its letter and audit row; each seat one taking and one good ticket."""
    ids = {line.id for line in lines}
    seated = {line.id for line in lines if line.state == "seated"}
    audited = {f"registration:{line.id}" for line in lines}
    subjects = select(AuditEntry.subject).where(AuditEntry.action == "registration.registered")
    told = set()
    for facts in db.session.scalars(select(Letter.facts).where(Letter.kind.startswith("registration"))):
        told.add(facts["registration"])
    takings = Counter(
        db.session.scalars(select(TakenPlace.registration_id).where(TakenPlace.registration_id.in_(ids)))
    )
    good = select(Ticket.registration_id).where(Ticket.revoked_at.is_(None), Ticket.registration_id.in_(ids))
    tickets = Counter(db.session.scalars(good))
    checks = {
        "a registration has no letter": ids <= told,
        "a registration has no audit row": audited <= set(db.session.scalars(subjects)),
        "takings do not match the seated": takings == Counter(seated),
        "tickets do not match the seated": tickets == Counter(seated),
    }
    return [wrong for wrong, fine in checks.items() if not fine]


def _receipts(lines: list[Line], made: list[Made]) -> list[str]:
    by_id = {line.id: line for line in lines}
    registered = [one for one in made if one.move.what == "register" and not one.error]
    return [
        f"a receipt says number {one.arrival}, the table {by_id[one.registration_id].arrival}"
        for one in registered
        if by_id[one.registration_id].arrival != one.arrival
    ]
