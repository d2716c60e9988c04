"""The person behind a registration, as far as places and letters need her."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import aliased

from eventreg.campaigns.rules import Candidate
from eventreg.core import idempotency
from eventreg.core.db import AnyRow, run
from eventreg.core.errors import NotFound
from eventreg.core.idempotency import ANSWER, ASKED, Kept, Request, RequestKey
from eventreg.outbox.service import Recipient
from eventreg.people.models import Person, Unit

from .models import IS_LIVE, Registration
from .rules import State

DEFAULT_LOCALE = "zh-CN"
NO_REQUEST = Request("", "", {})


@dataclass(frozen=True, slots=True)
class Applicant:
    """A person, her units up to the company, where to write to, and her live registration if any.

    `known` is what her request already led to, where one was asked for.
    """

    candidate: Candidate
    recipient: Recipient
    employed: bool
    registration_id: int | None
    known: Kept | None


_ABOVE, _TOP = aliased(Unit), aliased(Unit)
APPLICANT = (  # built once: every sign-up asks it
    select(
        Person.gender,
        Person.email,
        Person.locale,
        Person.left_at,
        Unit.id,
        _ABOVE.id,
        _TOP.id,
        Registration.id.label("live"),
        *ANSWER,
    )
    .join(Unit, Unit.id == Person.unit_id)
    .outerjoin(_ABOVE, _ABOVE.id == Unit.parent_id)
    .outerjoin(_TOP, _TOP.id == _ABOVE.parent_id)
    .outerjoin(
        Registration,
        and_(
            Registration.person_id == Person.id,
            Registration.campaign_id == bindparam("campaign"),
            IS_LIVE,
        ),
    )
    .outerjoin(RequestKey, ASKED)
    .where(Person.id == bindparam("person"))
)


POSITION = (  # built once: in a rush nearly everybody who asks is waiting
    select(func.count())
    .select_from(Registration)
    .where(
        Registration.campaign_id == bindparam("campaign"),
        Registration.state == State.WAITING,
        Registration.arrival <= bindparam("arrival"),
    )
)


def get_applicant(person_id: int, campaign_id: int, request: Request = NO_REQUEST) -> Applicant:
    """One statement; read behind the campaign's lock, so what it says of a registration holds.

    Raises Refused("request.other_body") where the request's key was used for something else.
    """
    asked = {"person": person_id, "campaign": campaign_id, "scope": request.scope, "key": request.key}
    row: AnyRow | None = run(APPLICANT, asked).one_or_none()
    if row is None:
        raise NotFound("person")
    units = frozenset(unit for unit in row[4:7] if unit is not None)
    return Applicant(
        candidate=Candidate(person_id, row[0], units),
        recipient=Recipient(person_id, row[1], row[2] or DEFAULT_LOCALE),
        employed=row[3] is None,
        registration_id=row.live,
        known=idempotency.answer_in(row, request),
    )


def position_of(registration: Registration | AnyRow) -> int | None:
    """1 for the next in line; None for who is not waiting."""
    if registration.state != State.WAITING:
        return None
    asked = {"campaign": registration.campaign_id, "arrival": registration.arrival}
    position: int = run(POSITION, asked).scalar_one()
    return position
