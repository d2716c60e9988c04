"""Set the rules of a round, open it with a frozen list, and read both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select

from eventreg.awards.scores.models import Score
from eventreg.awards.scores.rules import Criterion
from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.stroke_order.stroke_names import stroke_key
from eventreg.core.trail import audit
from eventreg.nominations import access, reading, terms
from eventreg.nominations.models import Nomination
from eventreg.nominations.reading import NominationFacts
from eventreg.nominations.rules import NominationState
from eventreg.nominations.signing import service as signing
from eventreg.nominations.signing.rules import ConsentAnswer, ConsentPurpose

from .models import AwardRound, JudgedNomination, ScoringCriterion
from .rules import NamedCriterion, RoundRules, TieRule, check_change, check_rules


@dataclass(frozen=True, slots=True)
class CriterionFacts:
    """A stored criterion."""

    id: int
    title: str
    weight: int
    most: int

    @property
    def rule(self) -> Criterion:
        """As the arithmetic takes it."""
        return Criterion(self.id, self.weight, self.most)


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """A round as it is stored. `seats` are those of the award's terms until it is opened, and frozen then."""

    id: int
    campaign_id: int
    seats: int
    drops: bool
    tie: TieRule
    reason: str
    opened_at: datetime | None
    closed_at: datetime | None
    version: int
    criteria: tuple[CriterionFacts, ...]

    @property
    def is_open(self) -> bool:
        """Whether judges can score."""
        return self.opened_at is not None and self.closed_at is None


def find(campaign_id: int) -> RoundFacts | None:
    """The round of an award; None until its rules are set."""
    row = db.session.scalar(select(AwardRound).where(AwardRound.campaign_id == campaign_id))
    return _facts(row) if row is not None else None


def get(campaign_id: int) -> RoundFacts:
    """The same. Raises NotFound."""
    found = find(campaign_id)
    if found is None:
        raise NotFound("round")
    return found


def by_id(round_id: int) -> RoundFacts:
    """A round by its id. Raises NotFound."""
    row = db.session.get(AwardRound, round_id)
    if row is None:
        raise NotFound("round")
    return _facts(row)


def set_rules(campaign_id: int, wanted: RoundRules, *, reason: str, seen: int, actor: Actor) -> None:
    """Set the rules; `seen` is the round's version that the form was filled from, 0 for none.

    Raises what `check_rules` and `check_change` raise, Refused("plan.changed_meanwhile").
    """
    check_rules(wanted)
    announced, _window = campaigns.lock_window(campaign_id)
    campaign = campaigns.campaign_by_id(campaign_id)
    row = _locked(campaign_id)
    if (row.version if row else 0) != seen:
        raise Refused("plan.changed_meanwhile")
    check_change(
        closes_at=campaign.closes_at,
        scored=row is not None and _has_scores(row.id),
        opened=row is not None and row.opened_at is not None,
        reason=reason,
        now=actor.now,
    )
    row = row or _new(campaign)
    row.drops, row.tie_break, row.reason, row.version = (
        wanted.drops,
        str(wanted.tie),
        reason,
        row.version + 1,
    )
    db.session.execute(delete(ScoringCriterion).where(ScoringCriterion.round_id == row.id))
    for place, one in enumerate(wanted.criteria, 1):
        db.session.add(
            ScoringCriterion(
                round_id=row.id, position=place, title=one.title, weight=one.weight, most=one.most
            )
        )
    db.session.flush()
    announced.version += 1  # the award's page says them
    audit.record("judging.rules_set", f"campaign:{campaign_id}", actor=actor, criteria=len(wanted.criteria))


def rules_of(found: RoundFacts) -> RoundRules:
    """The rules as a form takes them."""
    criteria = tuple(NamedCriterion(one.title, one.weight, one.most) for one in found.criteria)
    return RoundRules(criteria, found.drops, found.tie)


def candidates(campaign_id: int) -> list[NominationFacts]:
    """The candidates of an award by strokes of their names: what a round would freeze, with or without their consent."""
    found = reading.list_where(
        access.SUBMITTED,
        Nomination.campaign_id == campaign_id,
        Nomination.state == str(NominationState.CANDIDATE),
    )
    return by_strokes(found)


def by_strokes(found: list[NominationFacts]) -> list[NominationFacts]:
    """Nominations by 姓氏笔画: the order says nothing about anybody."""
    return sorted(found, key=lambda one: (stroke_key(one.nominee.name), one.id))


def consenting(found: list[NominationFacts]) -> list[NominationFacts]:
    """Those of them who agree to be judged."""
    said = signing.consents_of([one.id for one in found])
    return [
        one
        for one in found
        if (consent := said[one.id][ConsentPurpose.JUDGES]) is not None
        and consent.answer is ConsentAnswer.GIVEN
    ]


def open_round(campaign_id: int, *, voting: int, actor: Actor) -> RoundFacts:
    """Freeze the list: candidates who agree to be judged, each in the version that is submitted now. Done once.

    `voting` is how many members of the panel vote. Raises Refused("scoring.too_early"), ("scoring.no_candidate"),
    ("scoring.no_panel"); NotFound until rules are set.
    """
    campaigns.lock_window(campaign_id)
    campaign, row = campaigns.campaign_by_id(campaign_id), _locked(campaign_id)
    if row is None:
        raise NotFound("round")
    if row.opened_at is not None:
        return _facts(row)
    if actor.now < campaign.closes_at:
        raise Refused("scoring.too_early")
    if not voting:
        raise Refused("scoring.no_panel")
    listed = consenting(candidates(campaign_id))
    if not listed:
        raise Refused("scoring.no_candidate")
    for one in listed:
        db.session.add(JudgedNomination(round_id=row.id, nomination_id=one.id, version=one.handed_in))
    row.opened_at, row.seats, row.version = actor.now, terms.terms_of(campaign).seats, row.version + 1
    db.session.flush()
    audit.record("judging.opened", f"campaign:{campaign_id}", actor=actor, nominations=len(listed))
    return _facts(row)


def listed(round_id: int) -> dict[int, int]:
    """The frozen list: nomination → the version that judges read."""
    rows = select(JudgedNomination.nomination_id, JudgedNomination.version).where(
        JudgedNomination.round_id == round_id
    )
    return {row.nomination_id: row.version for row in db.session.execute(rows)}


def standing(round_id: int) -> dict[int, int]:
    """Those of the frozen list that are candidates still and agree to be judged: nomination → version. Who takes the
    consent back is read by nobody from then on, and not ranked."""
    frozen = listed(round_id)
    still = [one for one in reading.submitted(list(frozen)) if one.state is NominationState.CANDIDATE]
    return {one.id: frozen[one.id] for one in consenting(still)}


def lock(round_id: int) -> AwardRound:
    """Lock the round's row in the open unit, so that scoring and closing follow one another."""
    found = select(AwardRound).where(AwardRound.id == round_id).with_for_update()
    row = db.session.scalar(found.execution_options(populate_existing=True))
    if row is None:
        raise NotFound("round")
    return row


def _locked(campaign_id: int) -> AwardRound | None:
    mine = select(AwardRound).where(AwardRound.campaign_id == campaign_id).with_for_update()
    return db.session.scalar(mine.execution_options(populate_existing=True))


def _new(campaign: CampaignFacts) -> AwardRound:
    row = AwardRound(
        campaign_id=campaign.id,
        seats=terms.terms_of(campaign).seats,
        drops=False,
        tie_break=str(TieRule.NONE),
        reason="",
        version=0,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _has_scores(round_id: int) -> bool:
    return bool(db.session.scalar(select(exists().where(Score.round_id == round_id))))


def _facts(row: AwardRound) -> RoundFacts:
    criteria = select(ScoringCriterion).where(ScoringCriterion.round_id == row.id)
    found = db.session.scalars(criteria.order_by(ScoringCriterion.position))
    return RoundFacts(
        row.id,
        row.campaign_id,
        row.seats,
        row.drops,
        TieRule(row.tie_break),
        row.reason,
        row.opened_at,
        row.closed_at,
        row.version,
        tuple(CriterionFacts(one.id, one.title, one.weight, one.most) for one in found),
    )
