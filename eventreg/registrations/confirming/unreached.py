"""People who were asked to confirm and could not be reached: the contact of their unit is told, once for each question."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.campaigns import service as campaigns
from eventreg.core.db.session import db
from eventreg.outbox import service as outbox
from eventreg.outbox.models import Letter
from eventreg.people import units
from eventreg.people.models import Person
from eventreg.registrations import participants
from eventreg.registrations.models import Registration

from . import open_questions, silence

KIND = "colleagues_unreached"
Asked = tuple[int, str]  # a registration, and when it was asked


def list_without_mailbox(campaign_id: int) -> set[int]:
    """The registrations with an open question whose people have no mailbox. Reads only."""
    rows = select(Registration.id).join(Person, Person.id == Registration.person_id)
    mine = (Registration.campaign_id == campaign_id, open_questions.IS_OPEN, Person.email.is_(None))
    return set(db.session.scalars(rows.where(*mine)))


def list_untold(*, now: datetime) -> list[int]:
    """The campaigns with unreached people whose contacts were not told, by id. Reads only."""
    ids = set(db.session.scalars(select(Registration.campaign_id).where(open_questions.IS_OPEN).distinct()))
    found = campaigns.campaigns_by_id(ids) if ids else {}
    going = sorted(c.id for c in found.values() if c.published and not c.called_off and now < c.begins_at)
    return [id_ for id_ in going if _letters_due(id_, _list_unreached(id_, now=now), now=now)]


def tell_contacts(campaign_id: int, *, now: datetime, without_mailbox: bool = False) -> int:
    """Tell the contacts of unreached people; returns how many letters. Part of a unit with the campaign locked.

    `without_mailbox` tells about people whom no letter can reach, as soon as they are asked.
    """
    found = list_without_mailbox(campaign_id) if without_mailbox else _list_unreached(campaign_id, now=now)
    due = _letters_due(campaign_id, found, now=now)
    readers = participants.applicants(due.keys()) if due else {}
    for contact_id, asked in sorted(due.items()):
        first, at = asked[0]
        outbox.post(
            KIND,
            readers[contact_id].recipient,
            key=f"{KIND}:{contact_id}:{first}:{at}",
            facts={"campaign": campaign_id, "asked": [list(one) for one in asked]},
            campaign_id=campaign_id,
            now=now,
        )
    return len(due)


def _list_unreached(campaign_id: int, *, now: datetime) -> set[int]:
    campaign = campaigns.campaign_by_id(campaign_id)
    found = open_questions.list_open(Registration.campaign_id == campaign_id)
    sorted_out = silence.sorted_out(found, None, minutes=campaign.offer_minutes, zone=campaign.zone, now=now)
    return set(sorted_out.unreached)


def _letters_due(campaign_id: int, about: Collection[int], *, now: datetime) -> dict[int, list[Asked]]:
    """Whom each contact is to be told about, by contact; without those that were told before."""
    if not about:
        return {}
    rows = select(Registration.id, Registration.asked_at, Registration.person_id, Person.unit_id)
    mine = rows.join(Person, Person.id == Registration.person_id).where(Registration.id.in_(about))
    told = _told(campaign_id)
    due: dict[int, list[Asked]] = {}
    for id_, asked_at, person_id, unit_id in db.session.execute(mine.order_by(Registration.arrival)).all():
        asked = id_, asked_at.isoformat() if asked_at else ""
        if asked not in told:
            for contact_id in _contacts_of(unit_id, but=person_id, now=now):
                due.setdefault(contact_id, []).append(asked)
    return due


def _told(campaign_id: int) -> set[Asked]:
    letters = select(Letter.facts).where(Letter.campaign_id == campaign_id, Letter.kind == KIND)
    return {(one[0], one[1]) for facts in db.session.scalars(letters) for one in facts["asked"]}


def _contacts_of(unit_id: int, *, but: int, now: datetime) -> list[int]:
    """The contacts of the nearest unit that has one, from the person's own unit up."""
    for above in units.chain_of(unit_id):
        found = [id_ for id_ in grants.holders_of(Role.UNIT_CONTACT, above, now=now) if id_ != but]
        if found:
            return found
    return []
