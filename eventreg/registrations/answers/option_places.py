"""The places that options of a question have: pools like any other, set on the page of their question.

Each call is made with the campaign locked. An option without a number of places has no pool.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from eventreg.campaigns.inputs import NewPool
from eventreg.campaigns.models import Pool
from eventreg.campaigns.plan import planning
from eventreg.campaigns.rules import PoolScope
from eventreg.campaigns.service import lock_window
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.registrations import capacity, seating


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
    pools = _pools(campaign_id)
    if {pool.option: pool.capacity for pool in pools if pool.question_key == key} == places:
        return []
    if seen is not None:
        planning.check_planned(campaign, window, seen=seen, now=actor.now)
    was = {pool.option: pool.capacity for pool in pools if pool.question_key == key}
    others = [_bound(p.question_key, p.option, p.capacity) for p in pools if p.question_key != key]
    mine = [_bound(key, code, most) for code, most in places.items()]
    capacity.set_bounds(campaign_id, [*others, *mine], scopes={PoolScope.OPTION})
    planning.note(
        campaign,
        "option_places_changed",
        actor=actor,
        question=key,
        places=dict(places),
        was={"places": was},
        became={"places": dict(places)},
    )
    return seating.promote(campaign, window, keys=actor.keys, now=actor.now)


def _pools(campaign_id: int) -> list[Pool]:
    """The pools of all options of a campaign, read anew."""
    rows = select(Pool).where(Pool.campaign_id == campaign_id, Pool.scope == str(PoolScope.OPTION))
    return list(db.session.scalars(rows.order_by(Pool.id).execution_options(populate_existing=True)))


def _bound(key: str | None, code: str | None, most: int) -> NewPool:
    return NewPool(PoolScope.OPTION, most, question_key=key, option=code)
