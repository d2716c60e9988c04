"""The panel of a round: who sits in it, what conflicts each has before being invited, who is recused from what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.awards.rounds import service as rounds
from eventreg.awards.rounds.service import RoundFacts
from eventreg.campaigns import campaign_grants
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail import audit
from eventreg.nominations import reading
from eventreg.nominations.models import Nomination, NominationVersion
from eventreg.nominations.reading import NominationFacts
from eventreg.nominations.signing.models import NominationSignature
from eventreg.people import service as people
from eventreg.people import units
from eventreg.people.service import PersonFacts

from .models import PanelMember, Recusal
from .rules import VOTING, NominationTies, PanelPart, RecusalGround, grounds

SEES_ALL = frozenset({Role.HR_REVIEWER, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A member of a panel."""

    person: PersonFacts
    part: PanelPart
    since: datetime
    until: datetime | None
    why_left: str
    pledged_at: datetime | None
    locked_at: datetime | None

    @property
    def votes(self) -> bool:
        """Whether she scores now."""
        return self.until is None and self.part in VOTING


@dataclass(frozen=True, slots=True)
class RecusalFacts:
    """Who is recused from what, and why."""

    person_id: int
    nomination_id: int
    ground: RecusalGround
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KnownConflict:
    """A nomination from which somebody would be recused, with the grounds."""

    found: NominationFacts
    grounds: tuple[RecusalGround, ...]


def members(round_id: int) -> list[MemberFacts]:
    """Everybody who sits or sat in it: the chair first, those who left last."""
    rows = db.session.scalars(select(PanelMember).where(PanelMember.round_id == round_id)).all()
    named = people.people_by_id({row.person_id for row in rows})
    order = list(PanelPart)
    found = [_facts(row, named[row.person_id]) for row in rows]
    return sorted(
        found,
        key=lambda one: (
            one.until is not None,
            one.part is not PanelPart.CHAIR,
            order.index(one.part),
            one.person.staff_no,
        ),
    )


def rounds_of(person_id: int) -> list[RoundFacts]:
    """The opened rounds in which somebody votes now, the newest first."""
    mine = (PanelMember.person_id == person_id, PanelMember.until.is_(None))
    votes = PanelMember.part.in_([str(part) for part in VOTING])
    ids = db.session.scalars(select(PanelMember.round_id).where(*mine, votes)).all()
    return sorted((rounds.by_id(id_) for id_ in ids), key=lambda one: -one.id)


def conflicts(campaign_id: int, person_id: int) -> list[KnownConflict]:
    """The candidates from whom somebody would be recused by what the house knows, for whoever invites them."""
    found = rounds.candidates(campaign_id)
    ties = _ties(found)
    chain = _chain(people.person_facts(person_id).unit_id)
    told = [KnownConflict(one, tuple(grounds(person_id, chain, ties[one.id]))) for one in found]
    return [one for one in told if one.grounds]


def seat(round_id: int, staff_no: str, part: PanelPart, *, actor: Actor) -> PersonFacts:
    """Give somebody a seat, or another part in the panel: a substitute takes a seat as a judge.

    Raises NotFound for an unknown round; Refused("panel.unknown"), ("panel.left"), ("panel.candidate"), ("panel.sees_all"),
    ("panel.chair") for a second chair, ("panel.closed").
    """
    row = rounds.lock(round_id)
    if row.closed_at is not None:
        raise Refused("panel.closed")
    person = people.find_person_by_staff_no(staff_no)
    if person is None or not person.employed:
        raise Refused("panel.unknown", field="staff_no")
    _check_free(row.campaign_id, person.id, now=actor.now)
    sitting = members(round_id)
    if part is PanelPart.CHAIR and any(
        one.part is PanelPart.CHAIR and one.until is None and one.person.id != person.id for one in sitting
    ):
        raise Refused("panel.chair", field="part")
    known = db.session.get(PanelMember, (round_id, person.id))
    if known is not None and known.until is not None:
        raise Refused("panel.left", field="staff_no")
    if known is None:
        known = PanelMember(round_id=round_id, person_id=person.id, part=str(part), since=actor.now)
        db.session.add(known)
    known.part = str(part)
    db.session.flush()
    refresh(round_id, actor=actor)
    _note(row.campaign_id, "seated", person.id, actor=actor, part=str(part))
    return person


def leave(round_id: int, person_id: int, reason: str, *, actor: Actor) -> None:
    """End a seat: none of her scores counts any more, the rows stay and the record names them.

    Raises NotFound, Refused("panel.reason"), ("panel.closed").
    """
    row, member = rounds.lock(round_id), _member(round_id, person_id)
    if row.closed_at is not None:
        raise Refused("panel.closed")
    if not reason:
        raise Refused("panel.reason", field="reason")
    if member.until is None:
        member.until, member.why_left = actor.now, reason
        _note(row.campaign_id, "left", person_id, actor=actor)


def pledge(round_id: int, *, actor: Actor) -> None:
    """Sign the letter of undertaking (承诺书); done once. Raises NotFound."""
    row, member = rounds.lock(round_id), _member(round_id, actor.person_id)
    if member.pledged_at is None:
        member.pledged_at = actor.now
        _note(row.campaign_id, "pledged", actor.person_id, actor=actor)


def recuse(
    round_id: int, person_id: int, nomination_id: int, ground: RecusalGround, reason: str, *, actor: Actor
) -> None:
    """Recuse a member from a nomination: she declared it, or HR set it. It is never taken back; repeated, it changes nothing.

    Raises NotFound, also for a nomination that a member is recused from already; Refused("panel.reason"), ("panel.closed").
    """
    row, _member_row = rounds.lock(round_id), _member(round_id, person_id)
    if row.closed_at is not None:
        raise Refused("panel.closed")
    if nomination_id not in rounds.listed(round_id) and nomination_id not in {
        one.id for one in rounds.candidates(row.campaign_id)
    }:
        raise NotFound("nomination")
    if ground is RecusalGround.SET and not reason:
        raise Refused("panel.reason", field="reason")
    if db.session.get(Recusal, (round_id, person_id, nomination_id)) is None:
        _add(round_id, person_id, nomination_id, ground, reason, actor=actor)
        _note(row.campaign_id, "recused", person_id, actor=actor, nomination=nomination_id)


def recusals(round_id: int) -> list[RecusalFacts]:
    """All recusals of a round: the stored ones, and what the roster and the signatures say at this moment."""
    stored = {
        (row.person_id, row.nomination_id): RecusalFacts(
            row.person_id, row.nomination_id, RecusalGround(row.ground), row.reason, row.by, row.at
        )
        for row in db.session.scalars(select(Recusal).where(Recusal.round_id == round_id))
    }
    for person_id, nomination_id, ground, at in _automatic(round_id):
        stored.setdefault(
            (person_id, nomination_id), RecusalFacts(person_id, nomination_id, ground, "", "system", at)
        )
    return sorted(stored.values(), key=lambda one: (one.person_id, one.nomination_id))


def recused_pairs(round_id: int) -> frozenset[tuple[int, int]]:
    """(person, nomination) of all recusals."""
    return frozenset((one.person_id, one.nomination_id) for one in recusals(round_id))


def refresh(round_id: int, *, actor: Actor) -> int:
    """Store the recusals that the roster and the signatures bring, so that the round can be recomputed from its rows later;
    returns how many came. Called by whatever writes in the round."""
    stored = select(Recusal.person_id, Recusal.nomination_id).where(Recusal.round_id == round_id)
    known = {(person_id, nomination_id) for person_id, nomination_id in db.session.execute(stored)}
    new = [one for one in _automatic(round_id) if (one[0], one[1]) not in known]
    for person_id, nomination_id, ground, _at in new:
        _add(round_id, person_id, nomination_id, ground, "", actor=actor)
    db.session.flush()
    return len(new)


def _automatic(round_id: int) -> list[tuple[int, int, RecusalGround, datetime]]:
    row = rounds.by_id(round_id)
    frozen = rounds.listed(round_id)
    found = reading.submitted(list(frozen)) if frozen else rounds.candidates(row.campaign_id)
    ties = _ties(found)
    return [
        (one.person.id, nomination_id, held[0], one.since)
        for one in members(round_id)
        for nomination_id, tie in ties.items()
        if (held := grounds(one.person.id, _chain(one.person.unit_id), tie))
    ]


def _ties(found: Collection[NominationFacts]) -> Mapping[int, NominationTies]:
    """What ties people to each of these nominations: every author of a version, every signer, ever."""
    ids = [one.id for one in found]
    made = _pairs(NominationVersion.nomination_id, NominationVersion.saved_by, ids)
    signed = _pairs(NominationSignature.nomination_id, NominationSignature.signed_by, ids)
    signed |= _pairs(NominationSignature.nomination_id, NominationSignature.on_behalf_of, ids)
    submitted = _pairs(Nomination.id, Nomination.submitted_by, ids)
    return {
        one.id: NominationTies(
            one.id,
            one.nominee.id,
            _chain(one.nominee.unit_id),
            {one.made_by, *(by for id_, by in made | submitted if id_ == one.id)},
            {by for id_, by in signed if id_ == one.id},
        )
        for one in found
    }


def _pairs(nomination: object, person: object, ids: Collection[int]) -> set[tuple[int, int]]:
    rows = db.session.execute(select(nomination, person).where(nomination.in_(ids)))  # type: ignore[call-overload, attr-defined]
    return {(id_, by) for id_, by in rows if by is not None}


def _chain(unit_id: int) -> tuple[int, ...]:
    """The units of somebody, the company first."""
    return tuple(reversed(units.chain_of(unit_id)))


def _check_free(campaign_id: int, person_id: int, *, now: datetime) -> None:
    """A candidate cannot judge, and neither can who reads all nominations elsewhere: she would find what she is recused from."""
    if any(one.nominee.id == person_id for one in rounds.candidates(campaign_id)):
        raise Refused("panel.candidate", field="staff_no")
    held = grants.roles_of(person_id, now=now)
    organises = campaign_grants.holds(person_id, Role.ORGANISER, campaign_id, now=now)
    if held & SEES_ALL or organises:
        raise Refused("panel.sees_all", field="staff_no")


def _member(round_id: int, person_id: int) -> PanelMember:
    row = db.session.get(PanelMember, (round_id, person_id), populate_existing=True)
    if row is None:
        raise NotFound("panel_member")
    return row


def _add(
    round_id: int, person_id: int, nomination_id: int, ground: RecusalGround, reason: str, *, actor: Actor
) -> None:
    db.session.add(
        Recusal(
            round_id=round_id,
            person_id=person_id,
            nomination_id=nomination_id,
            ground=str(ground),
            reason=reason,
            by=actor.audit_name,
            at=actor.now,
        )
    )


def _note(campaign_id: int, action: str, person_id: int, *, actor: Actor, **facts: object) -> None:
    audit.record(f"judging.{action}", f"campaign:{campaign_id}", actor=actor, person=person_id, **facts)


def _facts(row: PanelMember, person: PersonFacts) -> MemberFacts:
    return MemberFacts(
        person, PanelPart(row.part), row.since, row.until, row.why_left, row.pledged_at, row.locked_at
    )
