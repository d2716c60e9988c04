"""What organisers see of the questions: figures, and who did not answer. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from eventreg.campaigns.facts import CampaignFacts
from eventreg.core.db.session import db
from eventreg.people import service as people
from eventreg.people.models import Person
from eventreg.registrations.models import IS_LIVE, Registration
from eventreg.registrations.rules import EndedWhy, RegistrationState

from . import open_questions, silence, unreached
from .rules import ConfirmFor, OpenQuestion


class Silence(StrEnum):
    """Why somebody with an open question stands on the organiser's list."""

    NO_MAILBOX = "no_mailbox"
    UNREACHED = "unreached"
    HELD = "held"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class ConfirmFigures:
    """How many people answered what. `open` have not answered and keep the place; `unreached` of them cannot lose it.

    `ended` were taken out by an organiser or left the company.
    """

    asked: int
    confirmed: int
    gave_up: int
    silent: int
    ended: int
    open: int
    unreached: int
    confirm_by: datetime | None


@dataclass(frozen=True, slots=True)
class OpenLine:
    """Somebody who has not answered."""

    registration_id: int
    arrival: int
    name: str
    staff_no: str
    unit: str
    purpose: ConfirmFor
    confirm_by: datetime
    why: Silence


def figures_of(campaign: CampaignFacts, purpose: ConfirmFor, *, now: datetime) -> ConfirmFigures | None:
    """The figures of the last change of dates that asked, or of all offers; None if nobody was asked."""
    asked = [Registration.campaign_id == campaign.id, Registration.confirm_for == str(purpose)]
    if purpose is ConfirmFor.MOVE:
        last = db.session.scalar(select(func.max(Registration.asked_at)).where(*asked))
        asked.append(Registration.asked_at == last)
    columns = (Registration.state, Registration.ended_why, Registration.confirmed_at, Registration.confirm_by)
    rows = db.session.execute(select(*columns).where(*asked)).all()
    if not rows:
        return None
    counts = Counter(_answer(state, why, confirmed_at) for state, why, confirmed_at, _by in rows)
    lines = list_open(campaign, now=now)
    return ConfirmFigures(
        asked=len(rows),
        confirmed=counts["confirmed"],
        gave_up=counts["gave_up"],
        silent=counts["silent"],
        ended=counts["ended"],
        open=counts["open"],
        unreached=sum(
            line.purpose is purpose and line.why in {Silence.NO_MAILBOX, Silence.UNREACHED} for line in lines
        ),
        confirm_by=max(row.confirm_by for row in rows),
    )


def _answer(state: str, why: str | None, confirmed_at: datetime | None) -> str:
    if state == RegistrationState.SEATED:
        return "open" if confirmed_at is None else "confirmed"
    return {EndedWhy.HERSELF: "gave_up", EndedWhy.SILENT: "silent"}.get(EndedWhy(why or "left"), "ended")


def count_to_ask(campaigns: Sequence[CampaignFacts], *, now: datetime) -> dict[int, int]:
    """How many people of each campaign an organiser has to ask in person: unreached, or held after a gap of the job."""
    going = {c.id: c for c in campaigns if c.published and not c.called_off and now < c.begins_at}
    by_campaign: dict[int, list[OpenQuestion]] = {}
    for one in open_questions.list_open(Registration.campaign_id.in_(going)):
        by_campaign.setdefault(one.campaign_id, []).append(one)
    watch = silence.find_watch(now=now) if by_campaign else None
    counts = {}
    for id_, found in by_campaign.items():
        minutes, zone = going[id_].offer_minutes, going[id_].zone
        sorted_out = silence.sorted_out(found, watch, minutes=minutes, zone=zone, now=now)
        counts[id_] = len(sorted_out.unreached) + len(sorted_out.held)
    return counts


def list_open(campaign: CampaignFacts, *, now: datetime) -> list[OpenLine]:
    """Everybody who was asked and has not answered: those whom nothing reached first, then by arrival."""
    found = open_questions.list_open(Registration.campaign_id == campaign.id)
    sorted_out = silence.sorted_out(
        found, silence.find_watch(now=now), minutes=campaign.offer_minutes, zone=campaign.zone, now=now
    )
    no_mailbox = unreached.list_without_mailbox(campaign.id)
    kinds = dict.fromkeys(sorted_out.running, Silence.RUNNING)
    kinds |= dict.fromkeys((*sorted_out.held, *sorted_out.silent), Silence.HELD)
    kinds |= dict.fromkeys(sorted_out.unreached, Silence.UNREACHED)
    kinds |= dict.fromkeys(no_mailbox & kinds.keys(), Silence.NO_MAILBOX)
    columns = (
        Registration.id,
        Registration.arrival,
        Registration.person_id,
        Registration.confirm_for,
        Registration.confirm_by,
    )
    rows = db.session.execute(select(*columns).where(Registration.id.in_(kinds))).all()
    known = people.people_by_id({row.person_id for row in rows})
    lines = [
        OpenLine(
            row.id, row.arrival, known[row.person_id].name, known[row.person_id].staff_no,
            known[row.person_id].unit, ConfirmFor(row.confirm_for), row.confirm_by, kinds[row.id],
        )
        for row in rows
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (list(Silence).index(line.why), line.arrival))


@dataclass(frozen=True, slots=True)
class MoveReach:
    """Whom a change of dates would be told to: people with a place and people who wait, and how many have no mailbox."""

    seated: int
    seated_without_mailbox: int
    waiting: int
    waiting_without_mailbox: int

    @property
    def people(self) -> int:
        """How many letters would be made."""
        return self.seated + self.waiting


def reach_of(campaign_id: int) -> MoveReach:
    """Whom a change of the campaign's dates would be told to now."""
    counted = (Registration.state, func.count(), func.count(Person.email))
    rows = select(*counted).join(Person, Person.id == Registration.person_id)
    live = rows.where(Registration.campaign_id == campaign_id, IS_LIVE, Person.left_at.is_(None))
    found = {
        state: (n, n - mails) for state, n, mails in db.session.execute(live.group_by(Registration.state))
    }
    return MoveReach(
        *found.get(str(RegistrationState.SEATED), (0, 0)), *found.get(str(RegistrationState.WAITING), (0, 0))
    )
