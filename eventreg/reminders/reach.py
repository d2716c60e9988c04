"""The people whom a reminder reaches: their number for pages, batches for the outbox, one person when a letter is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, func, literal, or_, select

from eventreg.campaigns.audiences import Audience
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import db
from eventreg.outbox.models import Letter
from eventreg.outbox.service import Recipient
from eventreg.people.models import Person, Unit
from eventreg.registrations.participants import DEFAULT_LOCALE

EVERYBODY = 100_000  # more people than any company's audience has
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class AudienceReach:
    """The number of people in an audience now, and how many of them have no mailbox."""

    people: int
    without_mailbox: int


def count(audience: Audience, campaign: CampaignFacts, *, unit_id: int | None = None) -> AudienceReach:
    """The number of people that a reminder would go to if it were due now."""
    columns: Rows = select(func.count(Person.id), func.count(Person.id).filter(Person.email.is_(None)))
    people, silent = db.session.execute(_narrowed(columns, audience, campaign, unit_id)).one()
    return AudienceReach(people, silent)


def belongs(audience: Audience, campaign: CampaignFacts, person_id: int) -> bool:
    """Whether a person is in an audience now."""
    mine = _narrowed(select(Person.id), audience, campaign, None).where(Person.id == person_id)
    return db.session.scalar(mine) is not None


def next_people(
    audience: Audience,
    campaign: CampaignFacts,
    *,
    unit_id: int | None,
    slot: datetime,
    key: str,
    after: int,
    most: int,
) -> list[Recipient]:
    """The next people of an audience by id who belonged to it at `slot` and have no letter with `key` + their id."""
    told = select(Letter.id).where(Letter.key == literal(key) + cast(Person.id, String))
    columns: Rows = select(Person.id, Person.email, Person.locale)
    rows = _narrowed(columns, audience, campaign, unit_id, slot)
    rows = rows.where(Person.id > after, ~told.exists()).order_by(Person.id).limit(most)
    return [
        Recipient(id_, email, locale or DEFAULT_LOCALE) for id_, email, locale in db.session.execute(rows)
    ]


def _narrowed(
    rows: Rows,
    audience: Audience,
    campaign: CampaignFacts,
    unit_id: int | None,
    slot: datetime | None = None,
) -> Rows:
    """A query for the employed people of an audience, of a unit, who belonged to it at the slot."""
    people = audience.people(campaign).subquery()
    found = rows.join(people, people.c.person_id == Person.id).where(Person.left_at.is_(None))
    if slot is not None:
        found = found.where(or_(people.c.since.is_(None), people.c.since <= slot))
    return found if unit_id is None else found.where(Person.unit_id.in_(_under(unit_id)))


def _under(unit_id: int) -> Rows:
    """A unit and all units under it."""
    top = select(Unit.id).where(Unit.id == unit_id).cte("under", recursive=True)
    whole = top.union_all(select(Unit.id).join(top, Unit.parent_id == top.c.id))
    return select(whole.c.id)
