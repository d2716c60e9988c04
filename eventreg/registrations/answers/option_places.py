"""The places that options of a question have: pools like any other, set on the page of their question.

Each call is made with the campaign locked. An option without a number of places has no pool.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, delete, func, insert, literal, select

from eventreg.campaigns.models import Campaign, Pool, Question
from eventreg.campaigns.plan import planning
from eventreg.campaigns.rules import PoolScope
from eventreg.campaigns.service import lock_window
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.registrations import seating
from eventreg.registrations.models import Answer, Registration, TakenPlace
from eventreg.registrations.rules import RegistrationState


def change(
    campaign_id: int, key: str, places: Mapping[str, int], *, seen: int | None, actor: Actor
) -> list[int]:
    """Set the places of a question's options, by code; returns the registrations that got a place by it.

    A number below the taken places cancels nobody and admits nobody. A new pool counts the people who hold the option
    already; a removed one gives its places back. `seen` is the version that the change was made from, None when the
    question was changed in the same unit of work, which checked it. Raises Refused("plan.changed_meanwhile") or
    ("plan.started").
    """
    campaign, window = lock_window(campaign_id)
    before = _pools(campaign_id, key)
    if {code: pool.capacity for code, pool in before.items()} == places:
        return []
    if seen is not None:
        planning.check_planned(campaign, window, seen=seen, now=actor.now)
    for code in before.keys() - places.keys():
        db.session.execute(delete(TakenPlace).where(TakenPlace.pool_id == before[code].id))
        db.session.delete(before[code])
    for code, capacity in places.items():
        if code in before:
            before[code].capacity = capacity
        else:
            _add(campaign_id, key, code, capacity)
    db.session.flush()
    _note(campaign, key, places, actor=actor)
    return seating.promote(campaign, window, keys=actor.keys, now=actor.now)


def chose(code: str) -> ColumnElement[bool]:
    """That a stored answer chooses this option, as an SQL condition."""
    return (literal(" ") + Answer.value + literal(" ")).contains(f" {code} ", autoescape=True)


def _pools(campaign_id: int, key: str) -> dict[str, Pool]:
    """The pools of a question's options by code, locked and read anew."""
    own = (
        Pool.campaign_id == campaign_id,
        Pool.scope == str(PoolScope.OPTION),
        Pool.question_key == key,
    )
    rows = select(Pool).where(*own).order_by(Pool.id).with_for_update()
    found = db.session.scalars(rows.execution_options(populate_existing=True))
    return {str(pool.option): pool for pool in found}


def _add(campaign_id: int, key: str, code: str, capacity: int) -> None:
    """Add a pool; everybody who has a place and holds the option takes one of its places from now on."""
    pool = Pool(
        campaign_id=campaign_id,
        scope=str(PoolScope.OPTION),
        capacity=capacity,
        question_key=key,
        option=code,
    )
    db.session.add(pool)
    db.session.flush()
    asked = and_(Question.id == Answer.question_id, Question.key == key, Question.campaign_id == campaign_id)
    holders = (
        select(Registration.id, literal(pool.id))
        .join(Answer, Answer.registration_id == Registration.id)
        .join(Question, asked)
        .where(
            Registration.campaign_id == campaign_id,
            Registration.state == RegistrationState.SEATED,
            chose(code),
        )
    )
    db.session.execute(insert(TakenPlace).from_select(["registration_id", "pool_id"], holders))
    held = select(func.count()).select_from(TakenPlace).where(TakenPlace.pool_id == pool.id)
    pool.taken = db.session.scalar(held) or 0


def _note(campaign: Campaign, key: str, places: Mapping[str, int], *, actor: Actor) -> None:
    planning.note(campaign, "option_places_changed", actor=actor, question=key, places=dict(places))
