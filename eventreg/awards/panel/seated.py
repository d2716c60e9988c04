"""Who sits in a panel, and who did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventreg.awards.rounds import service as rounds
from eventreg.awards.rounds.models import AwardRound
from eventreg.awards.rounds.service import RoundFacts
from eventreg.core.db.session import db
from eventreg.people import service as people
from eventreg.people.service import PersonFacts

from .models import PanelMember
from .rules import VOTING, PanelPart


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


def sits(person_id: int, campaign_id: int | None = None) -> bool:
    """Whether somebody sits in a panel whose round has not ended, of one award or of any."""
    mine = (PanelMember.person_id == person_id, PanelMember.until.is_(None), AwardRound.closed_at.is_(None))
    found = select(AwardRound.id).join(PanelMember, PanelMember.round_id == AwardRound.id).where(*mine)
    if campaign_id is not None:
        found = found.where(AwardRound.campaign_id == campaign_id)
    return db.session.scalar(found.limit(1)) is not None


def _facts(row: PanelMember, person: PersonFacts) -> MemberFacts:
    return MemberFacts(
        person, PanelPart(row.part), row.since, row.until, row.why_left, row.pledged_at, row.locked_at
    )
