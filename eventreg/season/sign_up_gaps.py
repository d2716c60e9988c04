"""Who has not signed up for a campaign, by unit, and a reminder to them by button, at most once a day for each person."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, literal, select
from sqlalchemy.orm import aliased

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import check_open
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.core.trail import audit
from eventreg.outbox import service as outbox
from eventreg.outbox.models import Letter
from eventreg.outbox.service import AddressedLetter, LetterTopic, Recipient
from eventreg.people.models import Person, Unit
from eventreg.people.names import reading_key
from eventreg.registrations.audiences import NOT_SIGNED_UP
from eventreg.registrations.participants import DEFAULT_LOCALE
from eventreg.reminders import by_button
from eventreg.reminders.audiences import get_audience

KIND = "sign_up_reminder"
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class MissingPerson:
    """Somebody who has not signed up. `reachable`: with a mailbox; `reminded`: by this button, today."""

    id: int
    name: str
    staff_no: str
    reachable: bool
    reminded: bool


@dataclass(frozen=True, slots=True)
class UnitGap:
    """A unit with those of its people who have not signed up, by staff number."""

    unit_id: int
    path: str
    people: tuple[MissingPerson, ...]


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many got a letter, and the names of those whom no letter reaches."""

    sent: int
    unreachable: tuple[str, ...]


def list_gaps(
    campaign: CampaignFacts, *, now: datetime, within: Collection[int] | None = None
) -> list[UnitGap]:
    """The units with people who could sign up and have not, by pinyin; of these units, None for all. One statement."""
    above = aliased(Unit)
    columns: tuple[Any, ...] = (Person, Unit.name, above.name, above.kind)
    told = select(Letter.id).where(Letter.key == _key(campaign, now) + cast(Person.id, String))
    rows = _missing(select(*columns, told.exists()), campaign, within)
    rows = rows.join(Unit, Unit.id == Person.unit_id).outerjoin(above, above.id == Unit.parent_id)
    found: dict[int, tuple[str, list[MissingPerson]]] = {}
    for person, unit, upper, kind, reminded in db.session.execute(rows.order_by(Person.staff_no)):
        path = unit if upper is None or kind == "company" else f"{upper} {unit}"
        missing = MissingPerson(person.id, person.name, person.staff_no, person.email is not None, reminded)
        found.setdefault(person.unit_id, (path, []))[1].append(missing)
    gaps = [UnitGap(unit_id, path, tuple(people)) for unit_id, (path, people) in found.items()]
    return sorted(gaps, key=lambda gap: (reading_key(gap.path), gap.unit_id))


def remind(campaign_id: int, *, actor: Actor, within: Collection[int] | None = None) -> Reminded:
    """Post a letter to everybody who has not signed up and was not reminded today; pressed twice, it is one letter.

    Raises Refused("gaps.reminded_today") when nobody is left to write to, and what `check_open` raises.
    """
    _campaign, window = campaigns.lock_window(campaign_id)
    check_open(window, now=actor.now)
    campaign = campaigns.campaign_by_id(campaign_id)
    gaps = list_gaps(campaign, now=actor.now, within=within)
    everybody = [person for gap in gaps for person in gap.people]
    due = [person.id for person in everybody if person.reachable and not person.reminded]
    if not due:
        raise Refused("gaps.reminded_today")
    about = LetterTopic(KIND, campaign_id, campaign.closes_at)
    sent = outbox.post_many(about, _letters(due, campaign, actor.now), now=actor.now)
    audit.record("campaign.sign_up_reminded", f"campaign:{campaign_id}", actor=actor, count=sent)
    return Reminded(sent, tuple(person.name for person in everybody if not person.reachable))


def is_missing(campaign: CampaignFacts, person_id: int) -> bool:
    """Whether somebody could sign up and has not: their reminder is still wanted."""
    mine = _missing(select(Person.id), campaign, None).where(Person.id == person_id)
    return db.session.scalar(mine) is not None


def _missing(rows: Rows, campaign: CampaignFacts, within: Collection[int] | None) -> Rows:
    people = get_audience(NOT_SIGNED_UP).people(campaign).subquery()
    found = rows.join(people, people.c.person_id == Person.id).where(Person.left_at.is_(None))
    return found if within is None else found.where(Person.unit_id.in_(within))


def _letters(person_ids: list[int], campaign: CampaignFacts, now: datetime) -> Iterator[AddressedLetter]:
    columns = select(Person.id, Person.email, Person.locale).where(Person.id.in_(person_ids))
    rows = db.session.execute(columns.order_by(Person.id))
    to = (Recipient(id_, email, locale or DEFAULT_LOCALE) for id_, email, locale in rows)
    return by_button.letters(to, by_button.a_day(KIND, campaign, now), {"campaign": campaign.id})


def _key(campaign: CampaignFacts, now: datetime) -> Any:
    return literal(by_button.a_day(KIND, campaign, now))
