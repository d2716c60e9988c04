"""Registrations as pages show them: the visitor's own, and the public order of sign-ups. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, and_, bindparam, select

from eventreg.campaigns.models import Question
from eventreg.core.db.session import AnyRow, db, run
from eventreg.core.errors import NotFound
from eventreg.people.models import Person

from . import access
from .by_hand.rules import HandActKind
from .models import IS_LIVE, Answer, HandAct, Registration, Ticket
from .participants import POSITION
from .rules import RegistrationState, masked_name
from .tickets import StoredTicket


@dataclass(frozen=True, slots=True)
class RegistrationFacts:
    """One registration. `position` is 1 for the next on the waiting list, None if it is not waiting.

    `ended_why` is a code of `rules.EndedWhy` once it is withdrawn, else "". `confirm_by` is until when the person was
    asked to confirm, `confirm_for` why (`confirming.rules.ConfirmFor`).
    """

    id: int
    campaign_id: int
    person_id: int
    state: RegistrationState
    arrival: int
    position: int | None
    registered_at: datetime
    promoted: bool
    ended_why: str = ""
    confirm_by: datetime | None = None
    confirm_for: str = ""
    confirmed_at: datetime | None = None

    @property
    def is_asked(self) -> bool:
        """Whether the person was asked to confirm their place and has not answered."""
        seated = self.state is RegistrationState.SEATED
        return seated and self.confirm_by is not None and self.confirmed_at is None


@dataclass(frozen=True, slots=True)
class RegistrationDetails:
    """A registration with its stored ticket in force, and its answers by question key."""

    registration: RegistrationFacts
    issued: StoredTicket | None
    answers: dict[str, str]


@dataclass(frozen=True, slots=True)
class LiveRegistration:
    """The state of a live registration, and nothing else."""

    id: int
    campaign_id: int
    state: RegistrationState


@dataclass(frozen=True, slots=True)
class PublicOrderLine:
    """A line of the public order of sign-ups, with a masked name.

    `reason` is the code of why an organiser or a contact entered the person, "" for everybody else.
    """

    arrival: int
    name: str
    state: RegistrationState
    is_me: bool
    reason: str = ""


# Built once: pages that everybody opens execute them.
_COLUMNS = (
    Registration.id,
    Registration.campaign_id,
    Registration.person_id,
    Registration.state,
    Registration.arrival,
    Registration.registered_at,
    Registration.promoted_at,
    Registration.ended_why,
    Registration.confirm_by,
    Registration.confirm_for,
    Registration.confirmed_at,
    POSITION,
)
OWN_ONE = select(*_COLUMNS).where(access.OWN)
IS_OWN = select(Registration.id).where(access.OWN)
OWN_ALL = (
    select(*_COLUMNS)
    .where(Registration.person_id == bindparam("person"))
    .order_by(Registration.id.desc())
    .limit(200)
)
WHOLE = (
    select(*_COLUMNS, Ticket.serial, Ticket.token_hash, Ticket.code_hash, Question.key, Answer.value)
    .outerjoin(Ticket, and_(Ticket.registration_id == Registration.id, Ticket.revoked_at.is_(None)))
    .outerjoin(Answer, Answer.registration_id == Registration.id)
    .outerjoin(Question, Question.id == Answer.question_id)
    .where(access.OWN)
    .order_by(Ticket.serial.desc(), Question.position, Question.id)
)
LIVE_ONE = select(*_COLUMNS).where(
    Registration.campaign_id == bindparam("campaign"),
    Registration.person_id == bindparam("person"),
    IS_LIVE,
)
LIVE_OF = select(*_COLUMNS).where(Registration.person_id == bindparam("person"), IS_LIVE)
ANSWERS = (
    select(Question.key, Answer.value)
    .join(Question, Question.id == Answer.question_id)
    .where(Answer.registration_id == bindparam("registration"))
    .order_by(Question.position, Question.id)
)


_ENTERED_BECAUSE = (  # the newest entry by hand: somebody who waited may have been given a place later
    select(HandAct.reason)
    .where(HandAct.registration_id == Registration.id, HandAct.act == str(HandActKind.ENTER))
    .order_by(HandAct.id.desc())
    .limit(1)
    .correlate(Registration)
    .scalar_subquery()
)
ORDER = (
    select(Registration.arrival, Person.name, Registration.state, Registration.person_id, _ENTERED_BECAUSE)
    .join(Person, Person.id == Registration.person_id)
    .where(
        Registration.campaign_id == bindparam("campaign"),
        IS_LIVE,
        Registration.arrival > bindparam("after"),
    )
    .order_by(Registration.arrival)
    .limit(bindparam("most", type_=Integer))
)


def get_own(registration_id: int, person_id: int) -> RegistrationFacts:
    """A registration of this person. Raises NotFound for another person's and for an unknown id."""
    row = run(OWN_ONE, access.own(registration_id, person_id)).one_or_none()
    if row is None:
        raise NotFound("registration")
    return _facts(row)


def get_whole(registration_id: int, person_id: int) -> RegistrationDetails:
    """A registration of this person with ticket and answers, in one statement. Raises NotFound as `get_own` does."""
    rows = run(WHOLE, access.own(registration_id, person_id)).all()
    if not rows:
        raise NotFound("registration")
    first = rows[0]
    issued = None if first.serial is None else StoredTicket(first.serial, first.token_hash, first.code_hash)
    answers = {row.key: row.value for row in rows if row.key is not None and row.serial == first.serial}
    return RegistrationDetails(_facts(first), issued, answers)


def find_live(campaign_id: int, person_id: int) -> RegistrationFacts | None:
    """A person's live registration in a campaign."""
    row = run(LIVE_ONE, {"campaign": campaign_id, "person": person_id}).one_or_none()
    return None if row is None else _facts(row)


def list_live(person_id: int) -> list[LiveRegistration]:
    """A person's live registrations, the oldest first."""
    rows = select(Registration.id, Registration.campaign_id, Registration.state)
    mine = rows.where(Registration.person_id == person_id, IS_LIVE).order_by(Registration.id)
    return [
        LiveRegistration(id_, campaign_id, RegistrationState(state))
        for id_, campaign_id, state in db.session.execute(mine)
    ]


def live_by_campaign(person_id: int) -> dict[int, RegistrationFacts]:
    """A person's live registrations, by campaign."""
    return {row.campaign_id: _facts(row) for row in run(LIVE_OF, {"person": person_id})}


def is_own(registration_id: int, person_id: int) -> bool:
    """Whether a registration is this person's."""
    return db.session.scalar(IS_OWN, access.own(registration_id, person_id)) is not None


def list_own(person_id: int) -> list[RegistrationFacts]:
    """All registrations of a person, the newest first."""
    return [_facts(row) for row in run(OWN_ALL, {"person": person_id})]


def answers_to(campaign_id: int, key: str) -> dict[int, str]:
    """The answers of live registrations to the question of this key, by registration."""
    rows = (
        select(Answer.registration_id, Answer.value)
        .join(Question, Question.id == Answer.question_id)
        .join(Registration, Registration.id == Answer.registration_id)
        .where(Registration.campaign_id == campaign_id, IS_LIVE, Question.key == key)
        .order_by(Question.id)
    )
    return {registration_id: value for registration_id, value in db.session.execute(rows)}  # noqa: C416  (rows, typed)


def answers_of(registration_id: int) -> dict[str, str]:
    """Answers by question key."""
    return {key: value for key, value in run(ANSWERS, {"registration": registration_id})}  # noqa: C416  (rows, typed)


def order_of(
    campaign_id: int, *, viewer: int | None, after: int = 0, most: int = 60
) -> list[PublicOrderLine]:
    """Live registrations by arrival number, with masked names; at most `most` lines after an arrival number."""
    rows = run(ORDER, {"campaign": campaign_id, "after": after, "most": most})
    return [
        PublicOrderLine(arrival, masked_name(name), RegistrationState(state), person == viewer, why or "")
        for arrival, name, state, person, why in rows
    ]


def states_of(registration_ids: Collection[int]) -> dict[int, str]:
    """The states of registrations by id."""
    rows = select(Registration.id, Registration.state).where(Registration.id.in_(registration_ids))
    return {id_: str(state) for id_, state in db.session.execute(rows)}


def owner_of(registration_id: int) -> int:
    """The id of the person whose registration it is. Raises NotFound."""
    owner = db.session.scalar(select(Registration.person_id).where(Registration.id == registration_id))
    if owner is None:
        raise NotFound("registration")
    return owner


def _facts(row: AnyRow) -> RegistrationFacts:
    return RegistrationFacts(
        id=row.id,
        campaign_id=row.campaign_id,
        person_id=row.person_id,
        state=RegistrationState(row.state),
        arrival=row.arrival,
        position=row.position,
        registered_at=row.registered_at,
        promoted=row.promoted_at is not None,
        ended_why=row.ended_why or "",
        confirm_by=row.confirm_by,
        confirm_for=row.confirm_for or "",
        confirmed_at=row.confirmed_at,
    )
