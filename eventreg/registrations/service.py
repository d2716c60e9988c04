"""Sign up and change answers: each is one call in one unit of work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, bindparam, insert, select, update
from sqlalchemy.orm import aliased

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import ShownForm
from eventreg.campaigns.models import Campaign, Question
from eventreg.campaigns.rules import SignUpWindow, check_changeable, check_open, has_ended_unseen, pools_at
from eventreg.campaigns.service import SignUpState
from eventreg.core import idempotency
from eventreg.core.actor import Actor
from eventreg.core.db.session import AnyRow, db, insert_row, run
from eventreg.core.errors import NotFound, Refused
from eventreg.core.idempotency import ResultKind
from eventreg.outbox.service import Recipient

from . import letters, participants, seating, tickets
from .answers import choices, option_moves
from .by_hand.placing import HandEntry, PlacementByHand, overruled, place_by_hand
from .by_hand.telling import inform
from .ending import campaign_of
from .models import Answer, Registration
from .one_of import group_claims
from .participants import Newcomer
from .reading import answers_of
from .rules import Placement, RegistrationState, answers_version, check_seated_at_door, place_newcomer

A_MOMENT = timedelta(microseconds=1)


class RegistrationSource(StrEnum):
    """Where a registration came from."""

    WEB = "web"
    API = "api"
    ORGANISER = "organiser"
    CONTACT = "contact"
    DOOR = "door"


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody asks for. `answers` are checked values by question id.

    `consented` is True when the person saw the privacy notice and agreed; a sign-up on their behalf has no consent.
    `received_at` is when a paper form was received; it is stored for the record only. `shown` is the form that the
    answers were given to; without it nobody checks that its words are still the same. `by_hand` says how an organiser or a
    contact enters the person. From the source `DOOR` the deadline does not count, and nobody is put on the waiting list.
    """

    person_id: int
    answers: Mapping[int, str]
    notice_id: int
    consented: bool
    source: RegistrationSource
    key: str = ""
    received_at: datetime | None = None
    shown: ShownForm | None = None
    by_hand: HandEntry | None = None

    def request(self, campaign_id: int, actor: Actor) -> idempotency.IdempotentRequest:
        """The request with its idempotency key."""
        body: dict[str, object] = {
            "answers": {str(q): a for q, a in self.answers.items()},
            "received_at": self.received_at,
        }
        if self.by_hand is not None:
            body |= {"reason": str(self.by_hand.reason), "adding": self.by_hand.adding}
        if self.source is RegistrationSource.API:
            # All requests of a token share one space of keys, so the body names campaign and person too.
            body |= {"campaign": campaign_id, "person": self.person_id}
            return idempotency.IdempotentRequest(actor.audit_name, self.key, body, ResultKind.REGISTRATION)
        return idempotency.IdempotentRequest(
            f"person:{self.person_id} campaign:{campaign_id}", self.key, body, ResultKind.REGISTRATION
        )


@dataclass(frozen=True, slots=True)
class NewRegistration:
    """A registration that was just made, as letters and the audit trail name it."""

    id: int
    campaign_id: int
    arrival: int


# Built once.
EXISTING = select(
    Registration.id,
    Registration.state,
    Registration.arrival,
    Registration.confirm_by,
    Registration.confirmed_at,
    participants.POSITION,
).where(Registration.id == bindparam("registration"))
ARRIVE = (
    update(Campaign)
    .where(Campaign.id == bindparam("campaign"))
    .values(last_arrival=bindparam("arrived"), waiting=Campaign.waiting + bindparam("waits"))
)
ENTER = insert(Registration).returning(Registration.id)


@dataclass(frozen=True, slots=True)
class SignUpResult:
    """The result of a sign-up. `created` is False when the registration existed already.

    `status` is the HTTP status: 201 for the request that made it, however often that is repeated; 200 for any other
    request that found it.
    """

    id: int
    state: RegistrationState
    arrival: int
    position: int | None
    created: bool
    status: int = 201
    confirm_by: datetime | None = None
    confirmed_at: datetime | None = None


def register(campaign_id: int, application: Application, *, actor: Actor) -> SignUpResult:
    """Sign a person up: they get a place, or the end of the waiting list.

    The same key and answers return the same registration, also after it was withdrawn. A person never gets a second
    live registration: the first is returned, with `created` False. Raises
    Refused("registration.closed"), ("registration.not_open_yet"),
    ("registration.not_taken_here"), ("registration.left"), ("registration.not_for_you"), ("registration.one_of_taken"),
    ("registration.form_changed") or ("request.other_body"), for an entry by hand what `overruled` and
    `place_by_hand` raise, and at the door what `check_seated_at_door` does.
    """
    campaign = campaigns.lock_for_sign_up(campaign_id)
    now, request = actor.now, application.request(campaign_id, actor)
    newcomer = participants.get_newcomer(application.person_id, campaign_id, request, now=now)
    if (known := newcomer.known) is not None:
        return _existing(known.row_id, status=known.status)
    if newcomer.live_id is not None:
        idempotency.keep_answer(request, newcomer.live_id, status=200, now=now)
        return _existing(newcomer.live_id, status=200)
    _check_open(campaign.window, application, now=now)
    if application.shown is not None:
        campaigns.check_form(application.shown, plan_version=campaign.version)
    if newcomer.unanswered or has_ended_unseen(newcomer.pools, now=now):
        seating.catch_up(campaign_id, actor=actor)
        campaign = campaigns.lock_for_sign_up(campaign_id)
        newcomer = participants.get_newcomer(application.person_id, campaign_id, request, now=now)
    applicant = newcomer.applicant
    _check_admissible(newcomer, campaign, application)
    pools = pools_at(newcomer.pools, now=now)
    if choices.have_places(pools):
        chosen = choices.of_answers(campaign_id, application.answers, application.shown)
        applicant = applicant.choosing(chosen)
    placed = place_newcomer(applicant.candidate, pools, waiting=campaign.waiting)
    check_seated_at_door(placed, source=application.source, waiting=campaign.waiting)
    found = place_by_hand(application.by_hand, placed, applicant.candidate, pools)
    place = found.place
    seating.take(found.to_take)
    registration = _enter(campaign_id, campaign.last_arrival + 1, application, place, now=now)
    if campaign.one_of is not None:
        group_claims.claim(campaign.season_id, campaign.one_of, application.person_id, registration.id)
    position = campaign.waiting + 1 if place.state is RegistrationState.WAITING else None
    _inform(application, found, applicant.recipient, registration, position=position, actor=actor)
    idempotency.keep_answer(request, registration.id, status=201, now=now)
    if place.state is RegistrationState.SEATED:
        tickets.issue(registration.id, campaign_id, keys=actor.keys, now=now)
    return SignUpResult(registration.id, place.state, registration.arrival, position, created=True)


def _inform(
    application: Application,
    found: PlacementByHand,
    to: Recipient,
    registration: NewRegistration,
    *,
    position: int | None,
    actor: Actor,
) -> None:
    """Post the letter about a new registration, and record it."""
    if application.by_hand is not None:
        inform(application.by_hand, found, to, registration, position=position, actor=actor)
        return
    letters.post_letter(found.place.state, to, registration, position=position, now=actor.now)
    seating.record("registered", registration, actor=actor, source=str(application.source))


def _check_open(window: SignUpWindow, application: Application, *, now: datetime) -> None:
    """Check that sign-ups are taken now; an entry by hand may overrule the window, and at the door it has no end."""
    with overruled(application.by_hand):
        at_door = application.source is RegistrationSource.DOOR
        check_open(window, now=min(now, window.closes_at - A_MOMENT) if at_door else now)


def _check_admissible(newcomer: Newcomer, campaign: SignUpState, application: Application) -> None:
    if not newcomer.applicant.employed:
        raise Refused("registration.left")
    with overruled(application.by_hand):
        if newcomer.restriction is not None:
            raise Refused("registration.not_for_you", why=str(newcomer.restriction))
    if campaign.one_of is not None:
        group_claims.check_free(campaign.season_id, campaign.one_of, application.person_id)


def change_answers(
    registration_id: int,
    answers: Mapping[int, str],
    *,
    person_id: int,
    actor: Actor,
    shown: ShownForm | None = None,
    seen: str | None = None,
) -> bool:
    """Replace the answers of a registration; False when nothing changed. The place and the order stay, and so do answers
    to questions that are asked no longer. `seen` is the version of the answers that the form showed.

    Raises NotFound for another person's or a withdrawn registration, Refused("registration.started"),
    ("registration.form_changed") or ("registration.answers_changed").
    """
    campaign_id = campaign_of(registration_id, person_id)
    campaign, window = campaigns.lock_window(campaign_id)
    registration = db.session.get_one(Registration, registration_id, populate_existing=True)
    if registration.state == RegistrationState.WITHDRAWN:
        raise NotFound("registration")
    check_changeable(window, now=actor.now)
    if shown is not None:
        campaigns.check_form(shown, plan_version=campaign.version)
    rows = {answer.question_id: answer for answer in db.session.scalars(_replaceable(registration_id))}
    kept = {question: value for question, value in answers.items() if value}
    if kept == {question: row.value for question, row in rows.items()}:
        return False
    if seen is not None and seen != answers_version(answers_of(registration_id)):
        raise Refused("registration.answers_changed")
    for row in rows.values():
        db.session.delete(row)
    db.session.flush()
    _answer(registration_id, kept)
    moved = option_moves.follow(campaign, window, registration, actor=actor)
    seating.record("answers_changed", registration, actor=actor, **moved)
    return True


def _replaceable(registration_id: int) -> Select[Answer]:
    """The stored answers to questions that are asked now, to any version of them."""
    asked = aliased(Question)
    current = select(asked.id).where(
        asked.campaign_id == Question.campaign_id, asked.key == Question.key, asked.retired_at.is_(None)
    )
    answered = select(Answer).join(Question, Question.id == Answer.question_id)
    return answered.where(Answer.registration_id == registration_id, current.exists())


def _existing(registration_id: int, *, status: int) -> SignUpResult:
    row: AnyRow = run(EXISTING, {"registration": registration_id}).one()
    return SignUpResult(
        row.id,
        RegistrationState(row.state),
        row.arrival,
        row.position,
        created=False,
        status=status,
        confirm_by=row.confirm_by,
        confirmed_at=row.confirmed_at,
    )


def _enter(
    campaign_id: int, arrival: int, application: Application, place: Placement, *, now: datetime
) -> NewRegistration:
    """Insert the registration with its arrival number, the places it took and its answers; raise the campaign's counters."""
    waits = int(place.state is RegistrationState.WAITING)
    run(ARRIVE, {"campaign": campaign_id, "arrived": arrival, "waits": waits})
    row = {
        "campaign_id": campaign_id,
        "person_id": application.person_id,
        "state": str(place.state),
        "arrival": arrival,
        "registered_at": now,
        "received_at": application.received_at,
        "source": str(application.source),
        "notice_id": application.notice_id,
        "consented_at": now if application.consented else None,
    }
    registration = NewRegistration(run(ENTER, row).scalar_one(), campaign_id, arrival)
    seating.note(registration.id, place.pools)
    _answer(registration.id, application.answers)
    return registration


def _answer(registration_id: int, answers: Mapping[int, str]) -> None:
    for question, value in answers.items():
        if value:
            insert_row(Answer, registration_id=registration_id, question_id=question, value=value)
