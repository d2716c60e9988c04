"""Score as a judge, lock, and rank from stored rows alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from sqlalchemy import delete, select, update

from eventreg.awards.panel import recusals, seated
from eventreg.awards.panel.models import PanelMember
from eventreg.awards.panel.rules import VOTING, PanelPart
from eventreg.awards.rounds import service as rounds
from eventreg.awards.rounds.models import AwardRound, JudgedNomination
from eventreg.awards.rounds.rules import TieRule
from eventreg.awards.rounds.service import CriterionFacts, RoundFacts
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail import audit

from .models import JudgeRemark, Score
from .rules import (
    Border,
    Judged,
    Ranked,
    ScoredRound,
    TieBreak,
    borders,
    check_score,
    judged,
    missing,
    ranking,
)

HUNDREDTHS = 100
HIGHEST = 1_000_000  # beyond it nothing is compared with a criterion
REMARK_MOST = 500


@dataclass(frozen=True, slots=True)
class OwnScores:
    """What a judge gave one nomination: criterion → value; and her remark."""

    values: Mapping[int, Fraction]
    remark: str


@dataclass(frozen=True, slots=True)
class RoundRanking:
    """A round's ranking, what it follows from, and what hangs on single judges."""

    ranked: list[Ranked]
    judged: Mapping[int, Judged]
    borders: list[Border]


def read_value(typed: str) -> Fraction:
    """A typed score with at most two decimals. Raises Refused("score.number")."""
    try:
        value = Decimal(typed.strip().replace("．", ".").replace("。", "."))
    except InvalidOperation:
        raise Refused("score.number") from None
    if not value.is_finite() or abs(value) > HIGHEST or value != round(value, 2):
        raise Refused("score.number")
    return Fraction(value)


def mine(round_id: int, person_id: int) -> dict[int, OwnScores]:
    """Nomination → what this judge gave; only where she gave something."""
    given = select(Score).where(Score.round_id == round_id, Score.person_id == person_id)
    said = select(JudgeRemark).where(JudgeRemark.round_id == round_id, JudgeRemark.person_id == person_id)
    values: dict[int, dict[int, Fraction]] = {}
    for row in db.session.scalars(given):
        values.setdefault(row.nomination_id, {})[row.criterion_id] = Fraction(row.value, HUNDREDTHS)
    remarks = {row.nomination_id: row.text for row in db.session.scalars(said)}
    return {id_: OwnScores(values.get(id_, {}), remarks.get(id_, "")) for id_ in {*values, *remarks}}


def readable(round_id: int, person_id: int) -> dict[int, int]:
    """What a voting member reads: nomination → version; nothing that she is recused from. Raises NotFound for others."""
    member = db.session.get(PanelMember, (round_id, person_id), populate_existing=True)
    if member is None or member.until is not None or PanelPart(member.part) not in VOTING:
        raise NotFound("round")
    away = {nomination for person, nomination in recusals.pairs_of(round_id) if person == person_id}
    return {id_: version for id_, version in rounds.standing(round_id).items() if id_ not in away}


def save(
    round_id: int, nomination_id: int, values: Mapping[int, Fraction], remark: str, *, actor: Actor
) -> None:
    """Store what a judge gives one nomination; a criterion without a value loses the one it had.

    Raises NotFound for what she does not read, Refused("score.closed"), ("score.locked"), ("score.unpledged"),
    ("score.range") with the criterion, ("typed.too_long").
    """
    _row, member = _writing(round_id, actor=actor)
    if nomination_id not in readable(round_id, actor.person_id):
        raise NotFound("nomination")
    if member.pledged_at is None:
        raise Refused("score.unpledged")
    if len(remark) > REMARK_MOST:
        raise Refused("typed.too_long", field="remark", most=REMARK_MOST, length=len(remark))
    for criterion in rounds.by_id(round_id).criteria:
        _store(round_id, nomination_id, criterion, values.get(criterion.id), actor=actor)
    key = (round_id, actor.person_id, nomination_id)
    note = db.session.get(JudgeRemark, key)
    if note is None and remark:
        db.session.add(JudgeRemark(round_id=round_id, person_id=key[1], nomination_id=key[2], text=remark))
    elif note is not None:
        note.text = remark
    recusals.refresh(round_id, actor=actor)


def lock_scores(round_id: int, *, actor: Actor) -> None:
    """A judge says that she has finished; done once. Raises Refused("score.gap") while one is missing, ("score.closed"), NotFound."""
    row, member = _writing(round_id, actor=actor, locked=True)
    if member.locked_at is not None:
        return
    found = scored(round_id)
    gaps = sum(1 for judge, _nomination in missing(found) if judge == actor.person_id)
    if gaps:
        raise Refused("score.gap", n=gaps)
    member.locked_at = actor.now
    audit.record("judging.locked", f"campaign:{row.campaign_id}", actor=actor, person=actor.person_id)


def scored(round_id: int) -> ScoredRound:
    """Everything that points follow from, from the rows of criterion, panel_member, recusal and score alone."""
    found = rounds.by_id(round_id)
    members = seated.members(round_id)
    judges = tuple(one.person.id for one in members if one.votes)
    chair = next((one.person.id for one in members if one.votes and one.part is PanelPart.CHAIR), None)
    rows = db.session.scalars(select(Score).where(Score.round_id == round_id))
    return ScoredRound(
        criteria=tuple(one.rule for one in found.criteria),
        judges=judges,
        nominations=tuple(sorted(rounds.standing(round_id))),
        scores={
            (row.person_id, row.nomination_id, row.criterion_id): Fraction(row.value, HUNDREDTHS)
            for row in rows
        },
        recused=recusals.pairs_of(round_id),
        drops=found.drops,
        chair=chair,
    )


def ranking_of(found: RoundFacts) -> RoundRanking:
    """The ranking from the stored rows. Raises what `rules.judged` raises while it is incomplete."""
    whole, ties = scored(found.id), ties_of(found.tie)
    points = {one.nomination: one for one in judged(whole)}
    return RoundRanking(ranking(whole, ties), points, borders(whole, found.seats, ties))


def close(round_id: int, *, actor: Actor) -> RoundRanking:
    """End the scoring and store the ranking; done once.

    Raises Refused("scoring.not_open"), ("scoring.unlocked") while a judge has not locked, and what `ranking_of` raises.
    """
    row = rounds.lock(round_id)
    if row.opened_at is None:
        raise Refused("scoring.not_open")
    if row.closed_at is None:
        recusals.refresh(round_id, actor=actor)
        waiting = [one for one in seated.members(round_id) if one.votes and one.locked_at is None]
        if waiting:
            raise Refused("scoring.unlocked", n=len(waiting))
    made = ranking_of(rounds.by_id(round_id))
    if row.closed_at is None:
        _keep(row, made, now=actor.now)
        audit.record("judging.closed", f"campaign:{row.campaign_id}", actor=actor, seats=row.seats)
    return made


def stored_ranking(round_id: int) -> dict[int, tuple[int, Fraction]]:
    """Nomination → (rank, points) as closing stored them; empty before."""
    rows = select(JudgedNomination).where(
        JudgedNomination.round_id == round_id, JudgedNomination.rank.is_not(None)
    )
    return {
        row.nomination_id: (row.rank or 0, Fraction(row.points or "0")) for row in db.session.scalars(rows)
    }


def ties_of(tie: TieRule) -> tuple[TieBreak, ...]:
    """The tie-breaks of a rule."""
    return () if tie is TieRule.NONE else (TieBreak(str(tie)),)


def _writing(round_id: int, *, actor: Actor, locked: bool = False) -> tuple[AwardRound, PanelMember]:
    """Lock the round and the judge's seat: of two writers of one judge the second reads what the first wrote."""
    row = rounds.lock(round_id)
    readable(round_id, actor.person_id)
    if row.opened_at is None or row.closed_at is not None:
        raise Refused("score.closed")
    member = db.session.get_one(PanelMember, (round_id, actor.person_id), populate_existing=True)
    if member.locked_at is not None and not locked:
        raise Refused("score.locked")
    return row, member


def _store(
    round_id: int, nomination_id: int, criterion: CriterionFacts, value: Fraction | None, *, actor: Actor
) -> None:
    key = {
        "round_id": round_id,
        "person_id": actor.person_id,
        "nomination_id": nomination_id,
        "criterion_id": criterion.id,
    }
    mine = [getattr(Score, name) == id_ for name, id_ in key.items()]
    if value is None:
        db.session.execute(delete(Score).where(*mine))
        return
    try:
        check_score(value, criterion.rule)
    except Refused as refused:
        raise Refused(refused.code, **{**refused.facts, "field": f"c{criterion.id}"}) from None
    row = db.session.get(Score, tuple(key.values()), populate_existing=True)
    if row is None:
        db.session.add(Score(**key, value=int(value * HUNDREDTHS), at=actor.now))
    else:
        row.value, row.at = int(value * HUNDREDTHS), actor.now


def _keep(row: AwardRound, made: RoundRanking, *, now: datetime) -> None:
    row.closed_at, row.version = now, row.version + 1
    for one in made.ranked:
        here = (JudgedNomination.round_id == row.id, JudgedNomination.nomination_id == one.nomination)
        stored = update(JudgedNomination).where(*here)
        db.session.execute(stored.values(rank=one.rank, points=str(one.points)))
