"""The minimum per unit: which units are short, exemptions, and a letter to the contacts of units that are short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import aliased

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.models import Exemption
from eventreg.campaigns.rules import check_changeable
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail import audit
from eventreg.outbox import service as outbox
from eventreg.outbox.models import Letter
from eventreg.outbox.service import AddressedLetter, LetterTopic
from eventreg.people import service as people
from eventreg.people import units
from eventreg.people.models import Gender, Person, Unit, UnitKind
from eventreg.people.names import reading_key
from eventreg.registrations import participants
from eventreg.registrations.minimums.rules import UnitNeed, UnitStanding, UnitWomen, least_of, needs_of
from eventreg.registrations.models import Registration
from eventreg.registrations.rules import RegistrationState
from eventreg.venue import presence

KIND = "unit_short"


@dataclass(frozen=True, slots=True)
class BoardUnit:
    """A line of the board: a unit by its path, with what is asked of it."""

    path: str
    need: UnitNeed


@dataclass(frozen=True, slots=True)
class MinimumBoard:
    """The units of a campaign with a minimum, the short ones first. `least` 0: the campaign has none."""

    least: int
    lines: tuple[BoardUnit, ...]

    @property
    def short(self) -> tuple[BoardUnit, ...]:
        """The units that are short."""
        return tuple(line for line in self.lines if line.need.standing is UnitStanding.SHORT)


@dataclass(frozen=True, slots=True)
class Nudged:
    """How many contacts got a letter, the names of those whom none reaches, and the units that have no contact."""

    sent: int
    unreachable: tuple[str, ...]
    without_contact: tuple[str, ...]


def board(
    campaign: CampaignFacts, *, within: Collection[int] | None = None, present: bool = False
) -> MinimumBoard:
    """Where each 班组 stands, by women who have a place or, with `present`, by women who were scanned in on the day."""
    least = least_of(campaign)
    if not least:
        return MinimumBoard(0, ())
    paths = _teams(campaign, within)
    counted, women, exempt = _counted(campaign, present=present), _women(), _exemptions(campaign.id)
    order = sorted(paths, key=lambda unit_id: (reading_key(paths[unit_id]), unit_id))
    counts = (UnitWomen(id_, women[id_], counted[id_], exempt.get(id_, "")) for id_ in order)
    needs = needs_of(counts, least=least)
    return MinimumBoard(least, tuple(BoardUnit(paths[need.unit_id], need) for need in needs))


def exempt_unit(campaign_id: int, unit_id: int, reason: str, *, actor: Actor) -> None:
    """Exempt a unit from the minimum, with a reason; another reason replaces the first. Raises NotFound for no unit of the board."""
    campaigns.lock_window(campaign_id)
    if unit_id not in _teams(campaigns.campaign_by_id(campaign_id), None):
        raise NotFound("unit")
    row = db.session.get(Exemption, (campaign_id, unit_id), populate_existing=True)
    if row is not None and row.reason == reason:
        return
    if row is None:
        row = Exemption(campaign_id=campaign_id, unit_id=unit_id)
        db.session.add(row)
    row.reason, row.by, row.at = reason, actor.audit_name, actor.now
    facts = {"unit": unit_id, "reason": reason}
    audit.record("campaign.exempted", f"campaign:{campaign_id}", actor=actor, **facts)


def end_exemption(campaign_id: int, unit_id: int, *, actor: Actor) -> None:
    """Ask the minimum of a unit again; nothing happens for one that is not exempted."""
    campaigns.lock_window(campaign_id)
    this = (Exemption.campaign_id == campaign_id, Exemption.unit_id == unit_id)
    ended = delete(Exemption).where(*this).returning(Exemption.unit_id)
    if db.session.scalar(ended) is not None:
        audit.record("campaign.exemption_ended", f"campaign:{campaign_id}", actor=actor, unit=unit_id)


def nudge(campaign_id: int, *, actor: Actor) -> Nudged:
    """Post a letter to the contacts of all units that are short, at most one a day for each contact.

    Raises Refused("minimums.none_short"), ("minimums.nudged_today") or ("registration.started").
    """
    _campaign, window = campaigns.lock_window(campaign_id)
    check_changeable(window, now=actor.now)
    campaign = campaigns.campaign_by_id(campaign_id)
    short = board(campaign).short
    if not short:
        raise Refused("minimums.none_short")
    contacts = {line.path: contacts_of(line.need.unit_id, now=actor.now) for line in short}
    ids = dict.fromkeys(person_id for found in contacts.values() for person_id in found)
    known = participants.applicants(ids)
    prefix = f"{KIND}:{campaign_id}:{actor.now.astimezone(campaign.zone):%Y%m%d}:"
    told = set(db.session.scalars(select(Letter.key).where(Letter.key.in_([f"{prefix}{i}" for i in ids]))))
    due = [known[i].recipient for i in ids if known[i].recipient.address and f"{prefix}{i}" not in told]
    silent = [i for i in ids if not known[i].recipient.address]
    without = tuple(path for path, found in contacts.items() if not found)
    if not due and not silent and not without:
        raise Refused("minimums.nudged_today")
    about = LetterTopic(KIND, campaign_id, campaign.begins_at)
    made = (AddressedLetter(to, f"{prefix}{to.person_id}", {"campaign": campaign_id}) for to in due)
    sent = outbox.post_many(about, made, now=actor.now)
    if sent:
        audit.record("campaign.contacts_nudged", f"campaign:{campaign_id}", actor=actor, count=sent)
    names = people.people_by_id(silent)
    return Nudged(sent, tuple(names[i].name for i in silent), without)


def contacts_of(unit_id: int, *, now: datetime) -> list[int]:
    """The contacts who care for a unit: its own, or else those of the next unit above that has any."""
    for unit in units.chain_of(unit_id):
        if found := grants.holders_of(Role.UNIT_CONTACT, unit, now=now):
            return found
    return []


def short_of_contact(campaign: CampaignFacts, person_id: int, *, now: datetime) -> tuple[BoardUnit, ...]:
    """The short units that a contact cares for now."""
    return board(campaign, within=grants.units_in_care(person_id, now=now)).short


def _teams(campaign: CampaignFacts, within: Collection[int] | None) -> dict[int, str]:
    """The paths of the 班组 of a campaign's units, by id; of these units, None for all."""
    allowed = set().union(*(people.units_under(unit_id) for unit_id in campaign.eligible.unit_ids))
    above = aliased(Unit)
    rows = select(Unit.id, Unit.name, above.name).join(above, above.id == Unit.parent_id)
    return {
        id_: f"{upper} {name}"
        for id_, name, upper in db.session.execute(rows.where(Unit.kind == str(UnitKind.TEAM)))
        if (not allowed or id_ in allowed) and (within is None or id_ in within)
    }


def _women() -> Counter[int]:
    """The number of employed women in each unit, without those of units below it."""
    rows = select(Person.unit_id).where(Person.gender == str(Gender.FEMALE), Person.left_at.is_(None))
    return Counter(db.session.scalars(rows))


def _counted(campaign: CampaignFacts, *, present: bool) -> Counter[int]:
    """The number of women of each unit who have a place; with `present`, of those who were scanned in."""
    rows = (
        select(Registration.id, Person.unit_id)
        .join(Person, Person.id == Registration.person_id)
        .where(
            Registration.campaign_id == campaign.id,
            Registration.state == str(RegistrationState.SEATED),
            Person.gender == str(Gender.FEMALE),
            Person.left_at.is_(None),
        )
    )
    unit_by_registration: dict[int, int] = dict(db.session.execute(rows).all())
    here: Iterable[int] = unit_by_registration
    if present:
        here = presence.first_admissions(unit_by_registration.keys(), campaign)
    return Counter(unit_by_registration[id_] for id_ in here)


def _exemptions(campaign_id: int) -> dict[int, str]:
    rows = select(Exemption.unit_id, Exemption.reason).where(Exemption.campaign_id == campaign_id)
    return dict(db.session.execute(rows).all())
