"""HR's decisions: candidate, returned for correction, not eligible, or taken back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from eventreg.campaigns import service as campaigns
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.nominations import access, decisions, drafts
from eventreg.nominations.models import Nomination
from eventreg.nominations.rules import DecisionKind, NominationState
from eventreg.nominations.signing import letters

from . import queue
from .rules import check_accepted, check_ticked, is_safe

TOLD = {DecisionKind.RETURNED: letters.tell_returned, DecisionKind.INELIGIBLE: letters.tell_ruled_out}


def accept(nomination_id: int, *, seen: int, ticked: Collection[str], reason: str, actor: Actor) -> bool:
    """Make the nominee a candidate; False when they are one. The five conditions were checked again (`ticked`).

    Raises NotFound, Refused: decision.own, nomination.conditions, acceptance.blocked, acceptance.open
    without a remark, and what `decisions.decide` does.
    """
    row = _lock(nomination_id, by=actor.person_id)
    if row.state == str(NominationState.SUBMITTED):
        campaign = campaigns.campaign_by_id(row.campaign_id)
        line = queue.lines_of(campaign, [row.id], now=actor.now)[0]
        check_accepted(line.checks, ticked=ticked, reason=reason)
    return decisions.decide(
        row, DecisionKind.CANDIDATE, seen=seen, actor=actor, reason=reason, checked=sorted(ticked)
    )


def accept_safe(
    campaign_id: int, chosen: Sequence[tuple[int, int]], *, ticked: Collection[str], actor: Actor
) -> int:
    """Make candidates of those of these nominations (id, version seen) that have nothing open; returns how many.

    Nominations that are not safe any more, the reviewer's own, and those beyond one page are left as they are. Raises
    Refused("nomination.conditions") unless all five conditions were checked again.
    """
    check_ticked(ticked)
    chosen = sorted(set(chosen))[: queue.PAGE]
    campaigns.lock_window(campaign_id)
    campaign = campaigns.campaign_by_id(campaign_id)
    safe = {
        line.nomination.id
        for line in queue.lines_of(campaign, [id_ for id_, _seen in chosen], now=actor.now)
        if is_safe(line.checks)
    }
    accepted = 0
    for nomination_id, seen in chosen:
        row = _find(nomination_id, campaign_id, by=actor.person_id) if nomination_id in safe else None
        if row is None or row.state != str(NominationState.SUBMITTED) or row.handed_in != seen:
            continue
        accepted += decisions.decide(
            row, DecisionKind.CANDIDATE, seen=seen, actor=actor, checked=sorted(ticked)
        )
    return accepted


def decide(
    nomination_id: int,
    verdict: DecisionKind,
    *,
    seen: int,
    reason: str,
    actor: Actor,
    due_at: datetime | None = None,
) -> bool:
    """Return a nomination, rule it out, or take a decision back; False when it was decided like that already.

    The department's contacts are informed of the first two.
    Raises NotFound, Refused("decision.own") and what `decisions.decide` does.
    """
    row = _lock(nomination_id, by=actor.person_id)
    fresh = decisions.decide(row, verdict, seen=seen, actor=actor, reason=reason, due_at=due_at)
    if fresh and verdict in TOLD:
        TOLD[verdict](row, now=actor.now)
    return fresh


def _find(nomination_id: int, campaign_id: int, *, by: int) -> Nomination | None:
    """A submitted nomination of this award that is not the reviewer's own."""
    others = (Nomination.campaign_id == campaign_id, Nomination.person_id != by)
    wanted = select(Nomination).where(Nomination.id == nomination_id, *others)
    return db.session.scalar(wanted.execution_options(populate_existing=True))


def _lock(nomination_id: int, *, by: int) -> Nomination:
    """A submitted nomination; nobody decides about her own (recusal)."""
    row = drafts.lock_one(nomination_id, access.for_hr())
    if row.person_id == by:
        raise Refused("decision.own")
    return row
