"""Places of a campaign, under its lock: taken, given back, and given to the next person on the waiting list."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from functools import cache, partial
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, select, update

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.models import Activity, Campaign, Pool
from eventreg.campaigns.rules import (
    PlaceApplicant,
    PoolFacts,
    ScheduleState,
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
from .by_hand import added_places
from .confirming import open_questions, silence
from .confirming.rules import ConfirmFor, OfferTerms, offer_until, start_for_offers
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
    .where(Pool.id.in_(bindparam("pools", expanding=True)), Pool.taken < Pool.capacity + Pool.added)
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
    pools_of(campaign_id, now=actor.now)  # notes what has ended also where nobody can be seated any more
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
    """Give back exactly the places that this registration took; with `only`, those in these pools.

    A place that was added for it ends with it.
    """
    taken = delete(TakenPlace).where(TakenPlace.registration_id == registration_id)
    if only is not None:
        taken = taken.where(TakenPlace.pool_id.in_(only))
    pool_ids = list(db.session.scalars(taken.returning(TakenPlace.pool_id)))
    if pool_ids:
        given = update(Pool).where(Pool.id.in_(pool_ids)).values(taken=Pool.taken - 1)
        db.session.execute(given.execution_options(synchronize_session=False))
        added_places.take_back(registration_id, pool_ids)


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

    Call it inside the unit of work that freed the place, with the campaign locked. Places that silence ends are freed
    first (`end_silent`). Near the start a place is offered: the person has it, and has to confirm it
    (`confirming.rules.offer_until`). Nobody is seated while all activities are called off, and nobody once the first
    activity has begun. Whatever ends the first of these states calls this again (`announcing.move`), so nobody waits
    beside a free place. The order is the arrival number. People whose own pools are full are skipped, which is audited
    once somebody behind them is seated. A person who has left the company is withdrawn when they are next.
    """
    seated: list[int] = []
    if window.called_off or now >= window.begins_at:
        return seated
    end_silent(campaign, now=now)
    offer = cache(partial(_offer_of, campaign, now=now))  # read once, and only if somebody is seated
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
        pool_ids = tuple(pool.id for pool in mine)
        until = offer()
        take(pool_ids)
        seat(campaign, registration, pool_ids, now=now, confirm_by=until)
        tickets.issue(registration.id, campaign.id, keys=keys, now=now)
        letters.post_promotion(recipients[registration.id], registration, confirm_by=until, now=now)
        record("promoted" if until is None else "offered", registration, actor=actor_of("system", now=now))
        seated.append(registration.id)
    return seated


def end_silent(campaign: Campaign, *, now: datetime, held_too: bool = False) -> list[int]:
    """End the places of people who were reached and did not confirm in time; returns the registrations' ids.

    Nobody is seated here: the caller does it in the same unit of work. They are told by letter. `held_too` also ends the
    places that are kept because the job did not run for a while (`confirming.silence.OpenQuestions`). Somebody who is
    being scanned in at this instant is passed by.
    """
    zone = ZoneInfo(campaign.timezone)
    found = silence.find_due(campaign.id, minutes=campaign.offer_minutes, zone=zone, now=now)
    due = found.silent + found.held if held_too else found.silent
    if not due:
        return []
    ended = []
    rows = (
        select(Registration)
        .where(Registration.id.in_(due), open_questions.IS_OPEN)
        .order_by(Registration.arrival)
    )
    locked = rows.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    for registration in list(db.session.scalars(locked)):
        end(campaign, registration, EndedWhy.SILENT, actor=actor_of("system", now=now))
        applicant = participants.get_applicant(registration.person_id)
        if applicant.employed:
            letters.post_letter(
                RegistrationState.WITHDRAWN, applicant.recipient, registration,
                position=None, reason=str(EndedWhy.SILENT), now=now,
            )  # fmt: skip
        ended.append(registration.id)
    return ended


def _offer_of(campaign: Campaign, *, now: datetime) -> datetime | None:
    """Until when a place that is passed on now is offered; None if it is given."""
    zone = ZoneInfo(campaign.timezone)
    held = (Activity.campaign_id == campaign.id, Activity.schedule != str(ScheduleState.CANCELLED))
    starts_at = start_for_offers(db.session.scalars(select(Activity).where(*held)), zone)
    if starts_at is None:
        return None
    return offer_until(OfferTerms(campaign.offer_from_h, campaign.offer_minutes, zone, starts_at), now=now)


def _pass_over(passed: list[Registration], *, now: datetime) -> None:
    """Audit everyone skipped because their pool is full, once somebody behind them is seated."""
    for registration in passed:
        record("passed_over", registration, actor=actor_of("system", now=now), reason="pool_full")
    passed.clear()


def seat(
    campaign: Campaign,
    registration: Registration,
    pool_ids: tuple[int, ...],
    *,
    now: datetime,
    confirm_by: datetime | None = None,
) -> None:
    """Let somebody who waits have the places that were just taken from these pools. Nobody is told here.

    `confirm_by` is until when the place is offered; None gives it.
    """
    note(registration.id, pool_ids)
    registration.state, registration.promoted_at = str(RegistrationState.SEATED), now
    if confirm_by is not None:
        registration.confirm_by, registration.asked_at = confirm_by, now
        registration.confirm_for, registration.confirmed_at = str(ConfirmFor.OFFER), None
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
