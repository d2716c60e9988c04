"""Draw the teams of a contest: first the hash of the seed is published, then the draw is made and the seed shown (ADR 52).

Until then the seed is stored nowhere: it is computed from a key of the installation, so neither the page nor a copy of
the database tells it. A draw is never deleted; one that was prepared and not made stays listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventreg.core.actor import Actor
from eventreg.core.db.session import db, insert_row
from eventreg.core.draws.rules import drawn, seed_hash
from eventreg.core.errors import NotFound, Refused
from eventreg.core.keyring.keys import Keys, stamp
from eventreg.core.trail import audit

from . import forming, reading
from .forming import Among
from .models import Draw, DrawResult
from .rules import BuiltTeams, Formed, in_order

SEED_LENGTH = 32


@dataclass(frozen=True, slots=True)
class DrawFacts:
    """A draw as everybody may see it: `seed` is "" and `order` empty until it was made. Numbers are arrival numbers."""

    id: int
    activity_id: int | None
    seed_hash: str
    seed: str
    among: tuple[int, ...]
    order: tuple[int, ...]
    at: datetime


def prepare(campaign_id: int, activity_id: int, among: Among, *, actor: Actor) -> int:
    """Publish the hash of a seed and who takes part; returns the draw's id.

    Raises Refused("grouping.locked") or ("grouping.nobody").
    """
    campaign, activity, before = forming.lock(campaign_id, activity_id)
    forming.check_formable(before, None)
    numbers = [one.arrival for one in forming.chosen(reading.list_seated(campaign), among)]
    if len(numbers) < reading.shape_of(activity).size:
        raise Refused("grouping.nobody")
    draw = Draw(
        campaign_id=campaign_id, activity_id=activity_id, purpose="teams", seed_hash=b"", seed=None,
        among=numbers, wanted=len(numbers), by=actor.audit_name, at=actor.now,
    )  # fmt: skip
    db.session.add(draw)
    db.session.flush()
    draw.seed_hash = bytes.fromhex(seed_hash(_seed(actor.keys.tickets, draw)))
    audit.record("draw.prepared", f"campaign:{campaign_id}", actor=actor, draw=draw.id, n=len(numbers))
    return draw.id


def make(campaign_id: int, draw_id: int, *, actor: Actor) -> BuiltTeams:
    """Make a prepared draw, show its seed, and form the teams in the order drawn. Pressed twice, it happens once.

    Raises NotFound, Refused("grouping.locked"), or Refused("lots.prepare_again") when other people take part by now.
    """
    found = db.session.get(Draw, draw_id)
    if found is None or found.campaign_id != campaign_id or found.activity_id is None:
        raise NotFound("draw")
    campaign, activity, before = forming.lock(campaign_id, found.activity_id)
    db.session.refresh(found)
    seated = reading.list_seated(campaign)
    by_number = {one.arrival: one.registration_id for one in seated}
    shape = reading.shape_of(activity)
    if found.seed is not None:
        return in_order([by_number[n] for n in _order(draw_id) if n in by_number], shape)
    forming.check_formable(before, None)
    taking_part = [[one.arrival for one in forming.chosen(seated, among)] for among in Among]
    seed = _find_seed(actor.keys, found)
    if seed is None or found.among not in taking_part:
        raise Refused("lots.prepare_again")
    order = [int(name) for name in drawn(seed, [str(number) for number in found.among], found.wanted)]
    found.seed = seed
    for place, number in enumerate(order, 1):
        insert_row(DrawResult, draw_id=draw_id, place=place, drawn=number)
    built = in_order([by_number[number] for number in order], shape)
    forming.write(activity.id, campaign_id, built.teams, Formed.DRAW, actor=actor)
    audit.record("draw.made", f"campaign:{campaign_id}", actor=actor, draw=draw_id)
    return built


def list_draws(campaign_id: int) -> list[DrawFacts]:
    """All draws of a campaign, the newest first."""
    rows = select(Draw).where(Draw.campaign_id == campaign_id).order_by(Draw.id.desc())
    found = list(db.session.scalars(rows.execution_options(populate_existing=True)))
    orders: dict[int, list[int]] = {}
    results = select(DrawResult).where(DrawResult.draw_id.in_([row.id for row in found]))
    for result in db.session.scalars(results.order_by(DrawResult.draw_id, DrawResult.place)):
        orders.setdefault(result.draw_id, []).append(result.drawn)
    return [
        DrawFacts(
            row.id, row.activity_id, row.seed_hash.hex(), row.seed or "",
            tuple(row.among), tuple(orders.get(row.id, ())), row.at,
        )
        for row in found
    ]  # fmt: skip


def find_prepared(activity_id: int) -> DrawFacts | None:
    """The newest draw of a contest if it was prepared and not made yet."""
    newest = db.session.scalar(
        select(Draw).where(Draw.activity_id == activity_id).order_by(Draw.id.desc()).limit(1)
    )
    if newest is None or newest.seed is not None:
        return None
    return next(one for one in list_draws(newest.campaign_id) if one.id == newest.id)


def _order(draw_id: int) -> list[int]:
    rows = select(DrawResult.drawn).where(DrawResult.draw_id == draw_id).order_by(DrawResult.place)
    return list(db.session.scalars(rows))


def _seed(key: bytes, found: Draw) -> str:
    return stamp(key, "draw", found.id, found.campaign_id, found.at.isoformat()).hex()[:SEED_LENGTH]


def _find_seed(keys: Keys, found: Draw) -> str | None:
    """The seed of a prepared draw under the key that made it; None when that key is retired."""
    seeds = (_seed(key, found) for key in keys.good("tickets"))
    return next((seed for seed in seeds if bytes.fromhex(seed_hash(seed)) == found.seed_hash), None)
