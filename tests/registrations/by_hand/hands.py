"""Acts by hand as the edge does them, and what they leave behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import Flask
from sqlalchemy import select

from eventreg.campaigns.inputs import NewPool
from eventreg.campaigns.rules import PoolScope
from eventreg.campaigns.service import campaigns_by_id
from eventreg.core.db.session import db, unit_of_work
from eventreg.people.models import Person
from eventreg.registrations import ending
from eventreg.registrations.by_hand import entering
from eventreg.registrations.by_hand.entering import PersonEntry
from eventreg.registrations.by_hand.placing import EntryResult, HandEntry
from eventreg.registrations.by_hand.rules import HandReason
from eventreg.registrations.capacity import change_places
from eventreg.registrations.models import HandAct, Registration
from eventreg.registrations.reading import find_live
from eventreg.registrations.service import SignUpResult
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage

ORGANISER = "F6"


def enter(
    app: Flask,
    stage: Stage,
    who: str,
    reason: HandReason = HandReason.ASKED,
    *,
    adding: bool = False,
    foreseen: EntryResult | None = None,
    now: datetime = NOW,
    note: str = "",
    key: str = "",
    answers: Mapping[int, str] | None = None,
) -> SignUpResult:
    """F6 enters somebody, in a unit of work."""
    entry = HandEntry(reason, note=note, adding=adding, foreseen=foreseen)
    wanted = PersonEntry(stage.people[who], entry, stage.notice_id, answers or {}, key=key)
    with app.app_context(), unit_of_work():
        actor = acting(stage.people[ORGANISER], now, stage.keys)
        return entering.enter(stage.campaign_id, wanted, actor=actor)


def add_place(app: Flask, stage: Stage, who: str, *, now: datetime = NOW) -> SignUpResult:
    """F6 enters somebody on a place of their own."""
    return enter(app, stage, who, HandReason.PLACE_ADDED, adding=True, now=now)


def take_out(app: Flask, stage: Stage, who: str, *, now: datetime = NOW) -> None:
    """F6 takes somebody out."""
    with app.app_context():
        live = find_live(stage.campaign_id, stage.people[who])
        assert live is not None
        with unit_of_work():
            actor = acting(stage.people[ORGANISER], now, stage.keys)
            ending.take_out(live.id, stage.campaign_id, HandReason.OTHER, actor=actor)


def queue(app: Flask, stage: Stage, *people: str) -> None:
    """They sign up, one after the other."""
    for staff_no in people:
        cast.sign_up(app, stage, staff_no)


def bound(app: Flask, stage: Stage, total: int, *more: NewPool, now: datetime = NOW) -> None:
    """Set the places."""
    with app.app_context():
        seen = campaigns_by_id({stage.campaign_id})[stage.campaign_id].version
        bounds = [NewPool(PoolScope.TOTAL, total), *more]
        with unit_of_work():
            change_places(stage.campaign_id, bounds, seen=seen, actor=acting("test", now, stage.keys))


def pools(app: Flask, stage: Stage) -> list[tuple[str, int, int, int]]:
    """(scope, planned, added, taken) of the campaign's pools."""
    with app.app_context():
        facts = campaigns_by_id({stage.campaign_id})[stage.campaign_id]
    return [(str(pool.scope), pool.capacity, pool.added, pool.taken) for pool in facts.pools]


def line(app: Flask, stage: Stage) -> list[str]:
    """Who waits, in the order of the line."""
    with app.app_context():
        rows = select(Person.staff_no).join(Registration, Registration.person_id == Person.id)
        waiting = (Registration.campaign_id == stage.campaign_id, Registration.state == "waiting")
        return list(db.session.scalars(rows.where(*waiting).order_by(Registration.arrival)))


def acts(app: Flask) -> list[tuple[str, str, str | None]]:
    """(act, reason, note) of every act by hand, in order."""
    with app.app_context():
        rows = select(HandAct.act, HandAct.reason, HandAct.note).order_by(HandAct.id)
        return [(act, reason, note) for act, reason, note in db.session.execute(rows)]
