"""The quota table of an award (分配表, plan P2): made by a rule, set by hand, extended for one department."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select

from eventreg.campaigns.models import Campaign
from eventreg.campaigns.plan import planning
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.people import units

from . import terms
from .models import PASSED_ON, Nomination, Quota
from .quota_allotment import AllotmentRule, allot
from .rules import NominationState
from .signing import letters


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """A department in the quota table. `women` are counted now, `basis` were counted when the table was saved, 0 if it
    was not in that table.
    """

    unit_id: int
    unit: str
    women: int
    basis: int = 0
    places: int = 0
    filled: int = 0
    drafts: int = 0
    reason: str = ""
    extended_until: datetime | None = None

    @property
    def remaining(self) -> int:
        """The places that are not taken."""
        return self.places - self.filled


@dataclass(frozen=True, slots=True)
class QuotaRequest:
    """The number of places for a department, with a reason if it differs from the rule's."""

    places: int
    reason: str = ""


def table(campaign_id: int) -> list[QuotaLine]:
    """All departments by pinyin, also those without places."""
    rows = _rows(campaign_id)
    drafts = _drafts(campaign_id)
    lines = []
    for unit in units.list_departments():
        line = QuotaLine(unit.id, unit.name, unit.women, drafts=drafts.get(unit.id, 0))
        row = rows.get(unit.id)
        lines.append(_line_with(line, row) if row else line)
    return lines


def find_line(campaign_id: int, unit_id: int) -> QuotaLine | None:
    """The line of one department."""
    return next((line for line in table(campaign_id) if line.unit_id == unit_id), None)


def save(
    campaign_id: int,
    wanted: Mapping[int, QuotaRequest],
    rule: AllotmentRule | None,
    *,
    seen: int,
    actor: Actor,
) -> bool:
    """Save the table; False when nothing differs. Departments that are left out keep their places.

    A number that differs from what `rule` gives for today's figures needs a reason. Raises
    Refused("quota.reason_missing"), ("quota.below_filled") with the field, what `allot` does, and
    ("plan.changed_meanwhile").
    """
    campaign = terms.lock(campaign_id, seen=seen)
    departments = units.list_departments()
    made = allot([unit.women for unit in departments], rule) if rule else [None] * len(departments)
    rows, changed = _rows(campaign_id), []
    for unit, by_rule in zip(departments, made, strict=True):
        wish = wanted.get(unit.id)
        if wish is None:
            continue
        row = rows.get(unit.id) or _new_row(campaign_id, unit.id)
        reason = _reason(wish, by_rule, unit_id=unit.id)
        if _set(row, unit.women, wish.places, reason):
            changed.append(unit.id)
    kept = terms.row_of(campaign_id)
    allotment = asdict(rule) | {"method": str(rule.method)} if rule else None
    if not changed and kept.allotment == allotment:
        return False
    kept.allotment = allotment
    db.session.flush()
    _note(campaign, changed, actor=actor)
    return True


def extend(campaign_id: int, unit_id: int, until: datetime, *, seen: int, actor: Actor) -> None:
    """Let one department submit until a later instant than the others, also after the deadline; its contacts are told.

    Raises NotFound for a department without a line, Refused("quota.extension_past") for an instant
    that is over or no later than the award's own deadline.
    """
    campaign = terms.lock(campaign_id, seen=seen)
    row = _rows(campaign_id).get(unit_id)
    if row is None or not row.places:
        raise NotFound("quota")
    if until <= actor.now or until <= (campaign.closed_at or campaign.closes_at):
        raise Refused("quota.extension_past", field="until")
    if row.extended_until == until:
        return
    row.extended_until = until
    letters.tell_extended(campaign_id, unit_id, until, now=actor.now)
    planning.note(campaign, "quota_extended", actor=actor, unit=unit_id, until=until.isoformat())


def lock_line(campaign_id: int, unit_id: int) -> Quota | None:
    """A department's row, read anew, so that its places can be counted. The campaign is locked."""
    mine = (Quota.campaign_id == campaign_id, Quota.unit_id == unit_id)
    query = select(Quota).where(*mine).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def _rows(campaign_id: int) -> dict[int, Quota]:
    query = select(Quota).where(Quota.campaign_id == campaign_id).order_by(Quota.unit_id)
    return {row.unit_id: row for row in db.session.scalars(query.execution_options(populate_existing=True))}


def _drafts(campaign_id: int) -> dict[int, int]:
    wanted = (
        Nomination.campaign_id == campaign_id,
        Nomination.state == str(NominationState.DRAFT),
        PASSED_ON,
    )
    query = select(Nomination.unit_id, func.count()).where(*wanted).group_by(Nomination.unit_id)
    return {unit_id: count for unit_id, count in db.session.execute(query)}  # noqa: C416  (rows, typed)


def _line_with(line: QuotaLine, row: Quota) -> QuotaLine:
    return QuotaLine(
        line.unit_id,
        line.unit,
        line.women,
        row.basis,
        row.places,
        row.filled,
        line.drafts,
        row.reason or "",
        row.extended_until,
    )


def _new_row(campaign_id: int, unit_id: int) -> Quota:
    row = Quota(campaign_id=campaign_id, unit_id=unit_id, basis=0, places=0, filled=0)
    db.session.add(row)
    return row


def _reason(wish: QuotaRequest, by_rule: int | None, *, unit_id: int) -> str | None:
    """The reason to store: None for the number of the rule, and for no reason where there is no rule."""
    if wish.places == (by_rule or 0):
        return None
    if not wish.reason:
        raise Refused("quota.reason_missing", field=f"reason_{unit_id}")
    return wish.reason


def _set(row: Quota, basis: int, places: int, reason: str | None) -> bool:
    if places < row.filled:
        raise Refused("quota.below_filled", field=f"places_{row.unit_id}", filled=row.filled)
    values = {"basis": basis, "places": places, "reason": reason}
    changed = any(getattr(row, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(row, name, value)
    return changed


def _note(campaign: Campaign, changed: list[int], *, actor: Actor) -> None:
    """Write audit rows: one with the total, and one for each department that was set by hand."""
    rows = _rows(campaign.id)
    total = sum(row.places for row in rows.values())
    planning.note(campaign, "quotas_changed", actor=actor, total=total)
    for unit_id in changed:
        if rows[unit_id].reason is not None:
            planning.note(
                campaign, "quota_set_by_hand", actor=actor, unit=unit_id, places=rows[unit_id].places
            )
