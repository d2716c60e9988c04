"""Places of a campaign, under its lock: taken, given back, and given to the next person on the waiting list."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.models import Campaign, Pool
from eventreg.campaigns.rules import (
    PlaceApplicant,
    PoolFacts,
    SignUpWindow,
    has_ended_unseen,
    pools_at,
)
from eventreg.core.actor import Actor, actor_of
from eventreg.core.db.session import db, insert_row, run
from eventreg.core.errors import Refused
from eventreg.core.keyring.keys import Keys
from eventreg.core.trail import audit
from eventreg.outbox.service import Recipient

from . import letters, participants, tickets
from .answers import choices
from .models import Registration, TakenPlace
from .one_of import group_claims
from .participants import Applicant
from .rules import EndedWhy, NumberedRegistration, RegistrationState, next_in_line

# Built once: every sign-up executes them.
POOLS = (
    select(*campaigns.POOL)
    .where(Pool.campaign_id == bindparam("campaign"))
    .order_by(Pool.id)
    .with_for_update()
)
TAKE = (
    update(Pool)
    .where(Pool.id.in_(bindparam("pools", expanding=True)), Pool.taken < Pool.capacity)
    .values(taken=Pool.taken + 1)
)
LIFT = (
    update(Pool)
    .where(
        Pool.campaign_id == bindparam("campaign"),
        Pool.ends_at <= bindparam("at"),
        Pool.lifted_at.is_(None),
    )
    .values(lifted_at=bindparam("at"))
)


def all_pools(campaign_id: int) -> list[PoolFacts]:
    """All pools of the campaign by id, those that have ended too, locked and read anew."""
    return [campaigns.pool_facts(row) for row in run(POOLS, {"campaign": campaign_id})]


def pools_of(campaign_id: int, *, now: datetime) -> tuple[PoolFacts, ...]:
    """The campaign's pools that bind at `now`, by id, locked and read anew: the last of the lock order.

    A pool that has ended is noted as lifted, since the caller seats whoever waited for that.
    """
    pools = all_pools(campaign_id)
    if has_ended_unseen(pools, now=now):
        run(LIFT, {"campaign": campaign_id, "at": now})
    return pools_at(pools, now=now)


def list_due(*, now: datetime) -> list[int]:
    """The published campaigns of which a pool has ended and nobody has looked yet at the people who waited for that."""
    ended = (Pool.ends_at <= now, Pool.lifted_at.is_(None), Campaign.state == "published")
    due = select(Campaign.id).join(Pool, Pool.campaign_id == Campaign.id).where(*ended).distinct()
    return sorted(db.session.scalars(due))


def catch_up(campaign_id: int, *, actor: Actor) -> list[int]:
    """Do what has become due in a campaign since somebody last looked; the registrations that were seated.

    Whoever waited for the end of a pool goes before everybody who comes later, also before any job has run. Every use
    case that places somebody calls this first, with the campaign locked.
    """
    campaign, window = campaigns.lock_window(campaign_id)
    return promote(campaign, window, keys=actor.keys, now=actor.now)


def take(pool_ids: tuple[int, ...]) -> None:
    """Take one place from each pool, by an UPDATE that requires a free place in each. Raises Refused("registration.full")."""
    if pool_ids and run(TAKE, {"pools": pool_ids}).rowcount != len(pool_ids):
        raise Refused("registration.full")


def note(registration_id: int, pool_ids: tuple[int, ...]) -> None:
    """Record which places a registration took: the same are given back later."""
    for pool_id in pool_ids:
        insert_row(TakenPlace, registration_id=registration_id, pool_id=pool_id)


def give_back(registration_id: int, only: Collection[int] | None = None) -> None:
    """Give back exactly the places that this registration took; with `only`, those in these pools."""
    taken = delete(TakenPlace).where(TakenPlace.registration_id == registration_id)
    if only is not None:
        taken = taken.where(TakenPlace.pool_id.in_(only))
    pool_ids = list(db.session.scalars(taken.returning(TakenPlace.pool_id)))
    if pool_ids:
        given = update(Pool).where(Pool.id.in_(pool_ids)).values(taken=Pool.taken - 1)
        db.session.execute(given.execution_options(synchronize_session=False))


def end(
    campaign: Campaign, registration: Registration, why: EndedWhy, *, actor: Actor, **facts: object
) -> None:
    """Withdraw a live registration: its places are given back and its ticket is revoked. Nobody is told or seated here."""
    before = registration.state
    registration.state, registration.withdrawn_at = str(RegistrationState.WITHDRAWN), actor.now
    registration.ended_why = str(why)
    group_claims.let_go(registration.id)
    if before == RegistrationState.WAITING:
        campaign.waiting -= 1
    else:
        give_back(registration.id)
        tickets.revoke(registration.id, now=actor.now)
    record("withdrawn", registration, actor=actor, was=str(before), why=str(why), **facts)


def promote(campaign: Campaign, window: SignUpWindow, *, keys: Keys, now: datetime) -> list[int]:
    """Seat the next person on the waiting list for each free place; returns the seated registrations' ids.

    Call it inside the unit of work that freed the place, with the campaign locked. Nobody is seated while all
    activities are called off, and nobody once the first activity has begun. Whatever ends the first of these states
    calls this again (`announcing.change_activity`), so nobody waits beside a free place. The order is the arrival
    number. People whose own pools are full are skipped, which is audited once somebody behind them is seated. A
    person who has left the company is withdrawn when they are next.
    """
    seated: list[int] = []
    if window.called_off or now >= window.begins_at:
        return seated
    passed: list[Registration] = []
    recipients: dict[int, Recipient] = {}
    pools = pools_of(campaign.id, now=now)
    by_options = choices.have_places(pools)

    def line() -> Iterator[tuple[Registration, PlaceApplicant]]:
        for registration, applicant in waiting_list(campaign.id, options=by_options):
            if applicant.employed:
                recipients[registration.id] = applicant.recipient
                yield registration, applicant.candidate
            else:
                end(campaign, registration, EndedWhy.LEFT, actor=actor_of("system", now=now))

    for registration, mine in next_in_line(line(), pools):
        if mine is None:
            passed.append(registration)
            continue
        _pass_over(passed, now=now)
        _seat(campaign, registration, mine, now=now)
        tickets.issue(registration.id, campaign.id, keys=keys, now=now)
        to = recipients[registration.id]
        letters.post_letter(RegistrationState.SEATED, to, registration, position=None, now=now, promoted=True)
        record("promoted", registration, actor=actor_of("system", now=now))
        seated.append(registration.id)
    return seated


def _pass_over(passed: list[Registration], *, now: datetime) -> None:
    """Audit everyone skipped because their pool is full, once somebody behind them is seated."""
    for registration in passed:
        record("passed_over", registration, actor=actor_of("system", now=now), reason="pool_full")
    passed.clear()


def _seat(
    campaign: Campaign, registration: Registration, pools: tuple[PoolFacts, ...], *, now: datetime
) -> None:
    pool_ids = tuple(pool.id for pool in pools)
    take(pool_ids)
    note(registration.id, pool_ids)
    registration.state, registration.promoted_at = str(RegistrationState.SEATED), now
    campaign.waiting -= 1


def waiting_list(campaign_id: int, *, options: bool = False) -> Iterator[tuple[Registration, Applicant]]:
    """Everybody on the waiting list by arrival number, with the person; read a hundred at a time.

    With `options`, each with the options that they chose: a campaign needs them whose options have places.
    """
    waiting = (Registration.campaign_id == campaign_id, Registration.state == RegistrationState.WAITING)
    line = select(Registration).where(*waiting).order_by(Registration.arrival).limit(100)
    after = 0
    while rows := db.session.scalars(
        line.where(Registration.arrival > after).execution_options(populate_existing=True)
    ).all():
        known = participants.applicants({row.person_id for row in rows})
        chosen = choices.of_registrations([row.id for row in rows]) if options else {}
        for row in rows:
            yield row, known[row.person_id].choosing(chosen.get(row.id, choices.NOTHING))
        after = rows[-1].arrival


def record(action: str, registration: NumberedRegistration, *, actor: Actor, **facts: object) -> None:
    """One audit row about a registration."""
    subject = f"registration:{registration.id}"
    audit.record(
        f"registration.{action}",
        subject,
        actor=actor,
        campaign=registration.campaign_id,
        arrival=registration.arrival,
        **facts,
    )
