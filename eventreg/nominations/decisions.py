"""Decisions of department heads and HR about submitted nominations; each stays as a row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventreg.campaigns import service as campaigns
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import Refused

from . import drafts, quotas
from .models import Nomination, NominationDecision
from .rules import TAKING_A_PLACE, DecisionKind, NominationState, check_decision, closes_at


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """One decision. `as_head` tells a head's decision from HR's; the department may correct the nomination until `due_at`."""

    nomination_id: int
    version: int
    verdict: DecisionKind
    reason: str
    due_at: datetime | None
    as_head: bool
    by: int
    at: datetime


def decide(
    row: Nomination,
    verdict: DecisionKind,
    *,
    seen: int,
    actor: Actor,
    reason: str = "",
    due_at: datetime | None = None,
    as_head: bool = False,
    checked: Sequence[str] = (),
) -> bool:
    """Decide about the submitted version that was seen; False when it was decided like that already. `checked` are the
    conditions that were checked again.

    `row` is locked. A place of the quota that is no longer needed is given back, one that is needed again is taken.
    Raises Refused: decision.changed_meanwhile, decision.state, decision.due_past, decision.due_missing,
    decision.head_too_late, typed.missing, typed.too_long, and nomination.over_quota when all places of the department were
    taken meanwhile.
    """
    if row.handed_in != seen:
        raise Refused("decision.changed_meanwhile")
    if row.state == str(verdict) and _latest(row.id) == (str(verdict), reason, due_at):
        return False
    wanted = check_decision(
        NominationState(row.state),
        verdict,
        reason=reason,
        due_at=due_at,
        closes=closes_for(row.campaign_id, row.unit_id),
        as_head=as_head,
        now=actor.now,
    )
    _move_place(row, wanted)
    row.state, row.due_at = str(wanted), due_at
    said = {"verdict": str(verdict), "reason": reason, "due_at": due_at}
    by = {"as_head": as_head, "decided_by": actor.person_id, "decided_at": actor.now}
    db.session.add(
        NominationDecision(nomination_id=row.id, version=seen, checked=list(checked), **said, **by)
    )
    drafts.note(row, str(verdict), actor=actor)
    return True


def closes_for(campaign_id: int, unit_id: int) -> datetime:
    """The instant from which a department cannot submit: the award's deadline, or its own later one."""
    line = quotas.find_line(campaign_id, unit_id)
    return closes_at(campaigns.campaign_by_id(campaign_id).window, line.extended_until if line else None)


def list_of(nomination_ids: Collection[int]) -> dict[int, list[DecisionFacts]]:
    """The decisions about each of these nominations, the latest first; those without any are left out."""
    rows = select(NominationDecision).where(NominationDecision.nomination_id.in_(nomination_ids))
    found: dict[int, list[DecisionFacts]] = {}
    for row in db.session.scalars(rows.order_by(NominationDecision.id.desc())):
        found.setdefault(row.nomination_id, []).append(_facts_of(row))
    return found


def _latest(nomination_id: int) -> tuple[str, str, datetime | None] | None:
    columns = (NominationDecision.verdict, NominationDecision.reason, NominationDecision.due_at)
    rows = select(*columns).where(NominationDecision.nomination_id == nomination_id)
    row = db.session.execute(rows.order_by(NominationDecision.id.desc()).limit(1)).first()
    return None if row is None else (row.verdict, row.reason, row.due_at)


def _move_place(row: Nomination, wanted: NominationState) -> None:
    had, needs = NominationState(row.state) in TAKING_A_PLACE, wanted in TAKING_A_PLACE
    if had == needs:
        return
    line = quotas.lock_line(row.campaign_id, row.unit_id)
    if line is None or (needs and line.filled >= line.places):
        raise Refused("nomination.over_quota", places=line.places if line else 0)
    line.filled += needs - had


def _facts_of(row: NominationDecision) -> DecisionFacts:
    return DecisionFacts(
        row.nomination_id,
        row.version,
        DecisionKind(row.verdict),
        row.reason,
        row.due_at,
        row.as_head,
        row.decided_by,
        row.decided_at,
    )
