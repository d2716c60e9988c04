"""Giving a role: the grant, and the letter that tells the person what it is and where its work begins."""

from __future__ import annotations

from datetime import datetime

from eventreg.accounts import grants
from eventreg.accounts.grants import GrantFacts
from eventreg.accounts.rules import Role
from eventreg.awards.panel import seated
from eventreg.awards.panel import service as panel
from eventreg.campaigns import campaign_grants
from eventreg.campaigns import service as campaigns
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.outbox import service as outbox
from eventreg.people import service as people
from eventreg.registrations.participants import DEFAULT_LOCALE

KIND = "role_granted"


def give(
    person_id: int,
    role: Role,
    *,
    unit_id: int | None,
    slug: str | None,
    actor: Actor,
    since: datetime | None = None,
    until: datetime | None = None,
) -> bool:
    """Grant any role for a unit, a campaign or everywhere, as the role requires, and post a letter about it.

    An organiser without a campaign may make campaigns, and sees only those. Nobody gets a letter about a role that they
    gave to themselves. False when the person has the role already. Raises what `grants.grant` and
    `campaign_grants.grant` raise, Refused("grant.needs_campaign"), and ("grant.judges") for a role that reads all nominations
    while its holder sits in a panel.
    """
    period = {"since": since, "until": until}
    if role is Role.JUDGE and slug is None:
        raise Refused("grant.needs_campaign", role=str(role))
    _check_judge(person_id, role, slug)
    if slug is not None and role in campaign_grants.CAMPAIGN_ROLES:
        new, in_campaign = campaign_grants.grant(person_id, role, slug, actor=actor, **period), True
    else:
        new, in_campaign = grants.grant(person_id, role, unit_id=unit_id, actor=actor, **period), False
    if new and actor.audit_name != f"person:{person_id}":
        _tell(person_id, in_campaign=in_campaign, actor=actor)
    return new


def _check_judge(person_id: int, role: Role, slug: str | None) -> None:
    """Whoever judges reads nothing that she is recused from, so she gets no role that reads everything (ADR 58)."""
    if role in panel.SEES_ALL and seated.sits(person_id):
        raise Refused("grant.judges")
    if role is Role.ORGANISER and slug and seated.sits(person_id, campaigns.get_managed(slug).id):
        raise Refused("grant.judges")


def find_grant(
    person_id: int, grant_id: int | None = None, *, in_campaign: bool, now: datetime
) -> GrantFacts | None:
    """A grant of the person that is not over, without an id the newest one; None if there is none."""
    held = campaign_grants.list_of(person_id) if in_campaign else grants.list_of(person_id)
    going = (one for one in held if one.until is None or one.until > now)
    return next((one for one in going if grant_id in {None, one.id}), None)


def _tell(person_id: int, *, in_campaign: bool, actor: Actor) -> None:
    """Post the letter about the grant that was just made; none about one whose period is over already.

    A grant that has not begun is deleted when it is ended, and SQLite uses its id again: the key names the instant too.
    """
    db.session.flush()
    made = find_grant(person_id, in_campaign=in_campaign, now=actor.now)
    if made is None:
        return
    found = people.person_facts(person_id)
    scope = "campaign" if in_campaign else "house"
    outbox.post(
        KIND,
        outbox.Recipient(person_id, found.email, found.locale or DEFAULT_LOCALE),
        key=f"{KIND}:{scope}:{made.id}:{actor.now.timestamp()}",
        facts={"grant": made.id, "in_campaign": in_campaign},
        expires_at=made.until,
        now=actor.now,
    )
