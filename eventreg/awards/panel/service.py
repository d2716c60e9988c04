"""Seat people in a panel, end a seat, sign the undertaking, inform judges."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.awards.rounds import service as rounds
from eventreg.campaigns import campaign_grants
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import NotFound, Refused
from eventreg.core.trail import audit
from eventreg.outbox import service as outbox
from eventreg.outbox.models import Letter
from eventreg.people import service as people
from eventreg.people.service import PersonFacts
from eventreg.registrations.participants import DEFAULT_LOCALE

from . import recusals
from .models import PanelMember
from .rules import PanelPart
from .seated import members

KIND = "judging_opened"
SEES_ALL = frozenset({Role.HR_REVIEWER, Role.ADMINISTRATOR})


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
    recusals.refresh(round_id, actor=actor)
    if row.opened_at is not None:
        tell_opened(round_id, now=actor.now)
    _note(row.campaign_id, "seated", person.id, actor=actor, part=str(part))
    return person


def tell_opened(round_id: int, *, now: datetime) -> None:
    """Inform every voting member that the candidates' material is there; one letter for each seat."""
    found = rounds.by_id(round_id)
    told = select(Letter.key).where(Letter.campaign_id == found.campaign_id, Letter.kind == KIND)
    known = set(db.session.scalars(told))
    for one in members(round_id):
        key = f"{KIND}:{round_id}:{one.person.id}:{one.since.timestamp()}"
        if one.votes and key not in known:
            to = outbox.Recipient(one.person.id, one.person.email, one.person.locale or DEFAULT_LOCALE)
            facts = {"round": round_id}
            outbox.post(KIND, to, key=key, facts=facts, campaign_id=found.campaign_id, now=now)


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


def _note(campaign_id: int, action: str, person_id: int, *, actor: Actor, **facts: object) -> None:
    audit.record(f"judging.{action}", f"campaign:{campaign_id}", actor=actor, person=person_id, **facts)
