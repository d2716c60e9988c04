"""Roles that belong to one campaign: its organisers and judges, for a period."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    bindparam,
    delete,
    false,
    func,
    literal_column,
    select,
    update,
)

from eventreg.accounts import grants, sessions
from eventreg.accounts.grants import STAYS, GrantFacts
from eventreg.accounts.models import BrowserSession, RoleGrant
from eventreg.accounts.rules import Role, Visitor
from eventreg.core.actor import Actor
from eventreg.core.db.base import UTCDateTime
from eventreg.core.db.session import db, run
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail import audit
from eventreg.people.models import Person

from .models import Campaign, CampaignGrant

CAMPAIGN_ROLES = frozenset({Role.ORGANISER, Role.JUDGE})

# A literal: as a bound value the separator would be rendered into the statement again at every request.
COMMA = cast(str, literal_column("','"))
_NOW = bindparam("now", type_=UTCDateTime)


def _roles_held(held: type[RoleGrant] | type[CampaignGrant]) -> ScalarSelect[str]:
    in_force = (held.person_id == BrowserSession.person_id, grants.in_force(_NOW, held.since, held.until))
    listed = select(func.aggregate_strings(held.role, COMMA)).where(*in_force)
    return listed.correlate(BrowserSession).scalar_subquery()


VISITOR = sessions.HOLDER.add_columns(  # built once: every request of a signed-in person executes it
    _roles_held(RoleGrant).label("house_roles"), _roles_held(CampaignGrant).label("campaign_roles")
)


def grant(
    person_id: int,
    role: Role,
    slug: str,
    *,
    actor: Actor,
    since: datetime | None = None,
    until: datetime | None = None,
) -> bool:
    """Grant a role in a campaign; False when the person has it already for at least as long.

    Raises NotFound("campaign") or Refused("grant.period").
    """
    campaign_id = db.session.scalar(select(Campaign.id).where(Campaign.slug == slug))
    if campaign_id is None:
        raise NotFound("campaign")
    start = since or actor.now
    if until is not None and until <= start:
        raise Refused("grant.period")
    same = (
        CampaignGrant.person_id == person_id,
        CampaignGrant.campaign_id == campaign_id,
        CampaignGrant.role == role,
        _in_force(start),
        grants.lasts(CampaignGrant.until, until),
    )
    if db.session.scalar(select(CampaignGrant.id).where(*same).limit(1)) is not None:
        return False
    row = CampaignGrant(
        person_id=person_id,
        campaign_id=campaign_id,
        role=str(role),
        since=start,
        until=until,
        granted_by=actor.audit_name,
    )
    db.session.add(row)
    audit.record("role.granted", f"person:{person_id}", actor=actor, role=str(role), campaign=campaign_id)
    return True


def end(grant_id: int, *, campaign_id: int, actor: Actor, roles: Collection[Role] = CAMPAIGN_ROLES) -> None:
    """End a grant of one of these roles in this campaign at once. A grant that has not begun is deleted; one that is over
    stays as it is.

    Raises NotFound("grant"), and Refused("grant.last_organiser") when the campaign would have no organiser left.
    """
    campaign = select(Campaign.id).where(Campaign.id == campaign_id).with_for_update()
    db.session.execute(campaign)  # two organisers who end each other's grant wait for each other here
    standing = {held.id: held for held in list_in(campaign_id, now=actor.now)}
    known = (CampaignGrant.id == grant_id, CampaignGrant.campaign_id == campaign_id)
    role = db.session.scalar(select(CampaignGrant.role).where(*known, CampaignGrant.role.in_(roles)))
    if role is None:
        raise NotFound("grant")
    held = standing.get(grant_id)
    if held is None:
        return
    if (
        held.role is Role.ORGANISER
        and held.since <= actor.now
        and not _others(held, standing.values(), now=actor.now)
    ):
        raise Refused("grant.last_organiser")
    if held.since >= actor.now:
        db.session.execute(delete(CampaignGrant).where(CampaignGrant.id == grant_id))
    else:
        db.session.execute(update(CampaignGrant).where(CampaignGrant.id == grant_id).values(until=actor.now))
    facts = {"role": str(held.role), "campaign": campaign_id}
    audit.record("role.ended", f"person:{held.person_id}", actor=actor, **facts)


def _others(held: GrantFacts, standing: Iterable[GrantFacts], *, now: datetime) -> list[GrantFacts]:
    """The other organisers of the campaign who are employed and whose grants do not end."""
    organise = (h for h in standing if h.role is Role.ORGANISER and h.person_id != held.person_id)
    stay = [h for h in organise if h.since <= now and (h.until is None or h.until > now + STAYS)]
    here = select(Person.id).where(Person.id.in_([h.person_id for h in stay]), Person.left_at.is_(None))
    employed = set(db.session.scalars(here))
    return [h for h in stay if h.person_id in employed]


def list_in(campaign_id: int, *, now: datetime) -> list[GrantFacts]:
    """The grants of a campaign that are in force or still to come, the oldest first."""
    here = (CampaignGrant.campaign_id == campaign_id, grants.not_over(now, CampaignGrant.until))
    rows = select(*_HELD).where(*here)
    return [_held(*row) for row in db.session.execute(rows.order_by(CampaignGrant.id))]


def list_of(person_id: int) -> list[GrantFacts]:
    """All campaign grants that a person has or had, the newest first."""
    rows = select(*_HELD).where(CampaignGrant.person_id == person_id).order_by(CampaignGrant.id.desc())
    return [_held(*row) for row in db.session.execute(rows)]


def roles_of(person_id: int, *, now: datetime) -> frozenset[Role]:
    """The roles a person holds now in any campaign."""
    held = (
        CampaignGrant.person_id == person_id,
        _in_force(now),
    )
    return frozenset(
        Role(role) for role in db.session.scalars(select(CampaignGrant.role).where(*held).distinct())
    )


def who_needs_mail(person_ids: Collection[int], *, in_care: Collection[int], now: datetime) -> set[int]:
    """Which of these people have a role that must not be opened by a printed code, because who prints it could use the role.

    The role of a contact for one of the units `in_care` of the printing contact does not count: contacts of teams often
    have no mailbox.
    """
    theirs = (RoleGrant.role == str(Role.UNIT_CONTACT)) & RoleGrant.unit_id.in_(in_care)
    found: set[int] = set()
    for held, harmless in ((RoleGrant, theirs), (CampaignGrant, false())):
        in_force = grants.in_force(now, held.since, held.until)
        holders = select(held.person_id).where(held.person_id.in_(person_ids), in_force, ~harmless)
        found |= set(db.session.scalars(holders))
    return found


def find_visitor(token: str, *, now: datetime) -> tuple[Visitor, frozenset[Role]]:
    """The visitor of a session token with all their current roles (everywhere, of units and campaigns); one statement."""
    row = run(VISITOR, {**sessions.asked_for(token), "now": now}).one_or_none() if token else None
    visitor = sessions.visitor_of(row, now=now)
    if row is None or not visitor.signed_in:
        return visitor, frozenset()
    roles = f"{row.house_roles or ''},{row.campaign_roles or ''}".split(",")
    return visitor, frozenset(Role(role) for role in roles if role)


def holds(person_id: int, role: Role, campaign_id: int, *, now: datetime) -> bool:
    """Whether a person has a role in this campaign now."""
    held = (
        CampaignGrant.person_id == person_id,
        CampaignGrant.campaign_id == campaign_id,
        CampaignGrant.role == role,
        _in_force(now),
    )
    return db.session.scalar(select(CampaignGrant.id).where(*held).limit(1)) is not None


def campaigns_of(person_id: int, role: Role, *, now: datetime) -> list[int]:
    """The ids of the campaigns that a person has a role in now, in order."""
    held = (
        CampaignGrant.person_id == person_id,
        CampaignGrant.role == role,
        _in_force(now),
    )
    ids = select(CampaignGrant.campaign_id).where(*held).distinct().order_by(CampaignGrant.campaign_id)
    return list(db.session.scalars(ids))


def _in_force(now: datetime) -> ColumnElement[bool]:
    return grants.in_force(now, CampaignGrant.since, CampaignGrant.until)


_HELD = (
    CampaignGrant.id,
    CampaignGrant.person_id,
    CampaignGrant.role,
    CampaignGrant.campaign_id,
    CampaignGrant.since,
    CampaignGrant.until,
    CampaignGrant.granted_by,
)


def _held(
    id_: int, person_id: int, role: str, campaign: int, since: datetime, until: datetime | None, by: str
) -> GrantFacts:
    return GrantFacts(id_, person_id, Role(role), campaign, since, until, by, in_campaign=True)
