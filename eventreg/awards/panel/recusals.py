"""Who is recused from what (回避): by what the house knows, by declaration, by HR."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventreg.awards.rounds import service as rounds
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

from .models import PanelMember, Recusal
from .rules import NominationTies, RecusalGround, grounds
from .seated import members


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


def conflicts(campaign_id: int, person_id: int) -> list[KnownConflict]:
    """The candidates from whom somebody would be recused by what the house knows, for whoever invites them."""
    found = rounds.candidates(campaign_id)
    ties = _ties(found)
    chain = _chain(people.person_facts(person_id).unit_id)
    told = [KnownConflict(one, tuple(grounds(person_id, chain, ties[one.id]))) for one in found]
    return [one for one in told if one.grounds]


def recuse(
    round_id: int, person_id: int, nomination_id: int, ground: RecusalGround, reason: str, *, actor: Actor
) -> None:
    """Recuse a member from a nomination: she declared it, or HR set it. It is never taken back; repeated, it changes nothing.

    Raises NotFound, also for a nomination that a member is recused from already; Refused("panel.reason"), ("panel.closed").
    """
    row, member = rounds.lock(round_id), db.session.get(PanelMember, (round_id, person_id))
    if member is None:
        raise NotFound("panel_member")
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
        audit.record(
            "judging.recused",
            f"campaign:{row.campaign_id}",
            actor=actor,
            person=person_id,
            nomination=nomination_id,
        )


def list_of(round_id: int) -> list[RecusalFacts]:
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


def pairs_of(round_id: int) -> frozenset[tuple[int, int]]:
    """(person, nomination) of all recusals."""
    return frozenset((one.person_id, one.nomination_id) for one in list_of(round_id))


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
