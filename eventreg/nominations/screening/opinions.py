"""Opinions of other offices about a nominee (征求意见): HR asks by its own way and enters the answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.nominations import access, drafts

from .models import Opinion

NOTE_MOST = 500  # characters


class Office(StrEnum):
    """纪检, 人力资源, 安全监察."""

    DISCIPLINE = "discipline"
    PERSONNEL = "personnel"
    SAFETY = "safety"


class OpinionAnswer(StrEnum):
    """无异议, 有异议."""

    NONE = "none"
    OBJECTION = "objection"


@dataclass(frozen=True, slots=True)
class OpinionFacts:
    """What an office answered, when it was entered."""

    office: Office
    answer: OpinionAnswer
    note: str
    at: datetime


def opinions_of(nomination_ids: Collection[int]) -> dict[int, dict[Office, OpinionFacts]]:
    """The answers about each of these nominations; an office that has not answered is left out."""
    found: dict[int, dict[Office, OpinionFacts]] = {id_: {} for id_ in nomination_ids}
    for row in db.session.scalars(select(Opinion).where(Opinion.nomination_id.in_(nomination_ids))):
        office = Office(row.office)
        found[row.nomination_id][office] = OpinionFacts(office, OpinionAnswer(row.answer), row.note, row.at)
    return found


def enter(nomination_id: int, office: Office, answer: OpinionAnswer, note: str, *, actor: Actor) -> bool:
    """Enter or correct an office's answer; False when it stands there already.

    Raises NotFound for what is not submitted, Refused("opinion.reason_missing") for an objection without a note, ("typed.too_long").
    """
    row = drafts.lock_one(nomination_id, access.for_hr())
    if answer is OpinionAnswer.OBJECTION and not note:
        raise Refused("opinion.reason_missing", field="note")
    if len(note) > NOTE_MOST:
        raise Refused("typed.too_long", field="note", most=NOTE_MOST, length=len(note))
    known = opinions_of([nomination_id])[nomination_id].get(office)
    if known is not None and (known.answer, known.note) == (answer, note):
        return False
    db.session.merge(
        Opinion(
            nomination_id=nomination_id,
            office=str(office),
            answer=str(answer),
            note=note,
            by=actor.audit_name,
            at=actor.now,
        )
    )
    drafts.note(row, "opinion_entered", actor=actor)
    return True
