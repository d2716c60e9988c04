"""Places that are added for one person: a pool has one place more as long as they hold it.

`pool.capacity` stays what organisers planned; `pool.added` counts the rows of AddedPlace.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, func, select, update

from eventreg.campaigns.models import Pool
from eventreg.core.db.session import db, insert_row
from eventreg.registrations.models import AddedPlace, TakenPlace


def extend_and_take(pool_ids: Sequence[int]) -> None:
    """Add a place to each of these pools and take it; `note` says for whom once the registration exists.

    Both in one statement: the added place is the person's also where the capacity was lowered below the taken places.
    """
    if pool_ids:
        larger = {"added": Pool.added + 1, "taken": Pool.taken + 1}
        changed = update(Pool).where(Pool.id.in_(pool_ids)).values(larger)
        db.session.execute(changed.execution_options(synchronize_session=False))


def note(registration_id: int, pool_ids: Sequence[int]) -> None:
    """Record for which registration these pools were extended: the same places are taken back later."""
    for pool_id in pool_ids:
        insert_row(AddedPlace, registration_id=registration_id, pool_id=pool_id)


def follow(pool_id: int, campaign_id: int) -> int:
    """Add a place in a new pool for everybody who has an added place in this campaign and a place there; how many."""
    holders = (
        select(AddedPlace.registration_id)
        .join(Pool, Pool.id == AddedPlace.pool_id)
        .where(Pool.campaign_id == campaign_id)
    )
    mine = (TakenPlace.pool_id == pool_id, TakenPlace.registration_id.in_(holders))
    registration_ids = list(db.session.scalars(select(TakenPlace.registration_id).where(*mine)))
    for registration_id in registration_ids:
        note(registration_id, [pool_id])
    return len(registration_ids)


def take_back(registration_id: int, pool_ids: Collection[int]) -> None:
    """Take back the places that were added for this registration in these pools. Nobody gets them."""
    mine = (AddedPlace.registration_id == registration_id, AddedPlace.pool_id.in_(pool_ids))
    gone = list(db.session.scalars(delete(AddedPlace).where(*mine).returning(AddedPlace.pool_id)))
    if gone:
        smaller = update(Pool).where(Pool.id.in_(gone)).values(added=Pool.added - 1)
        db.session.execute(smaller.execution_options(synchronize_session=False))


def forget(pool_id: int) -> None:
    """Drop the added places of a pool that is about to be removed."""
    db.session.execute(delete(AddedPlace).where(AddedPlace.pool_id == pool_id))


def count_held_by(registration_ids: Collection[int]) -> dict[int, int]:
    """How many added places these registrations hold in each pool: they go when the registrations end."""
    rows = select(AddedPlace.pool_id, func.count()).where(AddedPlace.registration_id.in_(registration_ids))
    return dict(db.session.execute(rows.group_by(AddedPlace.pool_id)).all())
