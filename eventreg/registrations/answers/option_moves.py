"""Let the places of options follow changed answers: what is given up is freed, what is chosen is taken, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.models import Campaign, Pool
from eventreg.campaigns.rules import PoolFacts, PoolScope, SignUpWindow
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.registrations import seating
from eventreg.registrations.models import Registration, TakenPlace
from eventreg.registrations.rules import RegistrationState

from . import choices


def follow(
    campaign: Campaign, window: SignUpWindow, registration: Registration, *, actor: Actor
) -> dict[str, list[str]]:
    """Move a registration's places to the options that its stored answers choose; what moved, for the audit trail.

    Call it with the campaign locked, after the answers were stored. Somebody who waits keeps their arrival number and is
    seated if all their pools have room now. Somebody who has a place keeps what they hold, also in a full pool; a full
    option that they do not hold is refused at its question. Places that become free go to the next person at once.
    Raises Refused("registration.option_full") or ("registration.called_off").
    """
    if not _exist(campaign.id):
        return {}
    seating.promote(campaign, window, keys=actor.keys, now=actor.now)  # whoever waits goes first
    if registration.state == RegistrationState.WAITING:
        return {}
    gained, lost = _moves(registration.id, seating.pools_of(campaign.id, now=actor.now))
    if not gained and not lost:
        return {}
    _check_free(campaign.id, gained, window)
    seating.give_back(registration.id, [pool.id for pool in lost])
    gained_ids = tuple(pool.id for pool in gained)
    seating.take(gained_ids)
    seating.note(registration.id, gained_ids)
    if lost:
        seating.promote(campaign, window, keys=actor.keys, now=actor.now)
    return {"gave_up": [_code(pool) for pool in lost], "took": [_code(pool) for pool in gained]}


def _exist(campaign_id: int) -> bool:
    """Whether an option of the campaign has places of its own."""
    own = (Pool.campaign_id == campaign_id, Pool.scope == str(PoolScope.OPTION))
    return db.session.scalar(select(Pool.id).where(*own).limit(1)) is not None


def _moves(registration_id: int, pools: Sequence[PoolFacts]) -> tuple[list[PoolFacts], list[PoolFacts]]:
    """The pools of options that a registration chooses without a place in them, and those that it chooses no longer."""
    chosen = choices.of_registration(registration_id)
    taken = set(
        db.session.scalars(select(TakenPlace.pool_id).where(TakenPlace.registration_id == registration_id))
    )
    options = [pool for pool in pools if pool.scope is PoolScope.OPTION]
    wanted = {pool.id for pool in options if (pool.question_key, pool.option) in chosen}
    gained = [pool for pool in options if pool.id in wanted - taken]
    lost = [pool for pool in options if pool.id in taken - wanted]
    return gained, lost


def _check_free(campaign_id: int, gained: Sequence[PoolFacts], window: SignUpWindow) -> None:
    """Refuse a full option at its question. While all is called off nobody moves up, so nobody may overtake either."""
    if gained and window.called_off:
        raise Refused("registration.called_off")
    full = next((pool for pool in gained if not pool.free), None)
    if full is not None:
        raise Refused("registration.option_full", field=full.question_key, option=_label(campaign_id, full))


def _label(campaign_id: int, pool: PoolFacts) -> str:
    for question in campaigns.list_questions(campaign_id):
        if question.key == pool.question_key:
            return next((o.label for o in question.options if o.code == pool.option), "")
    return ""


def _code(pool: PoolFacts) -> str:
    return f"{pool.question_key}:{pool.option}"
