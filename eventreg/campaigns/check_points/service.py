"""The check points of a campaign: listed, added, renamed, and taken away while nothing was scanned there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import delete, select

from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.kinds import CheckPointRole, kind_of
from eventreg.campaigns.models import Activity
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail import audit

from .models import CheckPoint
from .rules import NAME_MOST, POINTS_MOST, STANDARD, CheckPointFacts, free_code


def list_of(campaign_id: int) -> list[CheckPointFacts]:
    """The check points of a campaign, in their order."""
    return lists_of([campaign_id]).get(campaign_id, [])


def lists_of(campaign_ids: Collection[int]) -> dict[int, list[CheckPointFacts]]:
    """The check points of several campaigns, by id of the campaign; one statement."""
    rows = select(CheckPoint).where(CheckPoint.campaign_id.in_(campaign_ids)).order_by(CheckPoint.position)
    found: dict[int, list[CheckPointFacts]] = {}
    for row in db.session.scalars(rows.execution_options(populate_existing=True)):
        found.setdefault(row.campaign_id, []).append(_facts(row))
    return found


def offered(campaign: CampaignFacts) -> list[CheckPointFacts]:
    """The check points where phones may stand: of the standard ones those that an activity has a use for."""
    roles = {role for activity in campaign.activities for role in kind_of(activity.kind).roles}
    return [point for point in list_of(campaign.id) if point.name or point.role in roles or not roles]


def find(campaign_id: int, code: str) -> CheckPointFacts | None:
    """The check point of this code in the campaign, if there is one."""
    row = db.session.get(CheckPoint, (campaign_id, code), populate_existing=True)
    return _facts(row) if row else None


def first_of(
    campaign_id: int, role: CheckPointRole, *, activity_id: int | None = None
) -> CheckPointFacts | None:
    """The first check point of this role that belongs to the activity, or to all activities."""
    fitting = [
        point
        for point in list_of(campaign_id)
        if point.role is role and point.activity_id in {None, activity_id}
    ]
    return min(fitting, key=lambda point: (point.activity_id is None, point.position), default=None)


def add_standard(campaign_id: int) -> None:
    """Give a new campaign door, start and finish."""
    db.session.add_all(_row(campaign_id, point) for point in STANDARD)


def add_further(campaign_id: int, points: Collection[CheckPointFacts]) -> None:
    """Give a copied campaign the check points of its source beside the standard ones; they belong to all activities."""
    known = {point.code for point in STANDARD}
    further = [replace(point, activity_id=None) for point in points if point.code not in known]
    db.session.add_all(_row(campaign_id, point) for point in further)


def add(
    campaign_id: int, name: str, role: CheckPointRole, *, activity_id: int | None = None, actor: Actor
) -> str:
    """Add a check point at the end; returns its code.

    Raises Refused("check_point.no_name"), ("check_point.long_name"), ("check_point.same_name"), ("check_point.many") or
    ("check_point.other_activity").
    """
    known = list_of(campaign_id)
    _check_name(name, known)
    if len(known) >= POINTS_MOST:
        raise Refused("check_point.many", most=POINTS_MOST)
    if activity_id is not None:
        mine = select(Activity.id).where(Activity.id == activity_id, Activity.campaign_id == campaign_id)
        if db.session.scalar(mine) is None:
            raise Refused("check_point.other_activity", field="activity")
    code = free_code(role, {point.code for point in known})
    last = max((point.position for point in known), default=0)
    made = CheckPointFacts(code, name, role, last + 1, activity_id=activity_id)
    db.session.add(_row(campaign_id, made))
    db.session.flush()
    audit.record("campaign.point_added", f"campaign:{campaign_id}", actor=actor, point=code)
    return code


def rename(campaign_id: int, code: str, name: str, *, actor: Actor) -> bool:
    """Give a check point another name; False when it has it. Raises NotFound and what `add` does about a name."""
    row = _get(campaign_id, code)
    if row.name == name:
        return False
    _check_name(name, [point for point in list_of(campaign_id) if point.code != code])
    row.name = name
    audit.record("campaign.point_renamed", f"campaign:{campaign_id}", actor=actor, point=code)
    return True


def remove(campaign_id: int, code: str, *, in_use: bool, actor: Actor) -> None:
    """Take an added check point away. Raises NotFound, Refused("check_point.standard") or ("check_point.in_use").

    `in_use` says whether a phone stands there or something was scanned there (`venue` knows).
    """
    row = _get(campaign_id, code)
    if code in {point.code for point in STANDARD}:
        raise Refused("check_point.standard")
    if in_use:
        raise Refused("check_point.in_use")
    db.session.delete(row)
    audit.record("campaign.point_removed", f"campaign:{campaign_id}", actor=actor, point=code)


def remove_of_activity(activity_id: int) -> None:
    """Take the check points away that belong to an activity which is being removed from a draft."""
    db.session.execute(delete(CheckPoint).where(CheckPoint.activity_id == activity_id))


def _get(campaign_id: int, code: str) -> CheckPoint:
    row = db.session.get(CheckPoint, (campaign_id, code), populate_existing=True)
    if row is None:
        raise NotFound("check_point")
    return row


def _check_name(name: str, known: Collection[CheckPointFacts]) -> None:
    if not name:
        raise Refused("check_point.no_name", field="name")
    if len(name) > NAME_MOST:
        raise Refused("check_point.long_name", field="name", most=NAME_MOST)
    if name in {point.name for point in known}:
        raise Refused("check_point.same_name", field="name")


def _row(campaign_id: int, point: CheckPointFacts) -> CheckPoint:
    return CheckPoint(
        campaign_id=campaign_id,
        code=point.code,
        name=point.name,
        role=str(point.role),
        position=point.position,
        after=point.after,
        activity_id=point.activity_id,
    )


def _facts(row: CheckPoint) -> CheckPointFacts:
    role = CheckPointRole(row.role)
    return CheckPointFacts(row.code, row.name, role, row.position, row.after, row.activity_id)
