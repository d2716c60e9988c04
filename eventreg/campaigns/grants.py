"""Roles that belong to one campaign: its organisers and judges, for a period."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select, union_all

from eventreg.accounts.models import RoleGrant
from eventreg.accounts.rules import Role
from eventreg.core import audit
from eventreg.core.columns import UTCDateTime
from eventreg.core.db import db, run
from eventreg.core.errors import NotFound, Refused

from .models import Campaign, CampaignGrant

CAMPAIGN_ROLES = frozenset({Role.ORGANISER, Role.JUDGE})

_NOW = bindparam("now", type_=UTCDateTime)
EVERY_ROLE = union_all(  # built once: every page of a signed-in person asks it
    *(
        select(held.role).where(
            held.person_id == bindparam("person"),
            held.since <= _NOW,
            held.until.is_(None) | (held.until > _NOW),
        )
        for held in (RoleGrant, CampaignGrant)
    )
)


def grant(
    person_id: int,
    role: Role,
    slug: str,
    *,
    by: str,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
) -> bool:
    """Grant a role in a campaign; False when the same grant is already in force.

    Raises NotFound("campaign") or Refused("grant.period").
    """
    campaign_id = db.session.scalar(select(Campaign.id).where(Campaign.slug == slug))
    if campaign_id is None:
        raise NotFound("campaign")
    start = since or now
    if until is not None and until <= start:
        raise Refused("grant.period")
    same = (
        CampaignGrant.person_id == person_id,
        CampaignGrant.campaign_id == campaign_id,
        CampaignGrant.role == role,
        CampaignGrant.since <= start,
        CampaignGrant.until.is_(None) | (CampaignGrant.until > start),
    )
    if db.session.scalar(select(CampaignGrant.id).where(*same).limit(1)) is not None:
        return False
    row = CampaignGrant(
        person_id=person_id, campaign_id=campaign_id, role=str(role), since=start, until=until, granted_by=by
    )
    db.session.add(row)
    audit.record("role.granted", f"person:{person_id}", by=by, now=now, role=str(role), campaign=campaign_id)
    return True


def roles_of(person_id: int, *, now: datetime) -> frozenset[Role]:
    """The roles a person holds now in any campaign."""
    held = (
        CampaignGrant.person_id == person_id,
        CampaignGrant.since <= now,
        CampaignGrant.until.is_(None) | (CampaignGrant.until > now),
    )
    return frozenset(
        Role(role) for role in db.session.scalars(select(CampaignGrant.role).where(*held).distinct())
    )


def every_role_of(person_id: int, *, now: datetime) -> frozenset[Role]:
    """All the roles a person holds now, of the house, of a unit or of a campaign; one statement."""
    return frozenset(Role(role) for role in run(EVERY_ROLE, {"person": person_id, "now": now}).scalars())


def holds(person_id: int, role: Role, campaign_id: int, *, now: datetime) -> bool:
    """Whether a person holds a role in this one campaign now."""
    held = (
        CampaignGrant.person_id == person_id,
        CampaignGrant.campaign_id == campaign_id,
        CampaignGrant.role == role,
        CampaignGrant.since <= now,
        CampaignGrant.until.is_(None) | (CampaignGrant.until > now),
    )
    return db.session.scalar(select(CampaignGrant.id).where(*held).limit(1)) is not None


def campaigns_of(person_id: int, role: Role, *, now: datetime) -> list[int]:
    """The campaigns that a person holds a role for now, by id."""
    held = (
        CampaignGrant.person_id == person_id,
        CampaignGrant.role == role,
        CampaignGrant.since <= now,
        CampaignGrant.until.is_(None) | (CampaignGrant.until > now),
    )
    ids = select(CampaignGrant.campaign_id).where(*held).distinct().order_by(CampaignGrant.campaign_id)
    return list(db.session.scalars(ids))
