"""The person behind a registration, with what places and letters need to know."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, bindparam, case, exists, func, literal_column, select
from sqlalchemy.orm import aliased

from eventreg.campaigns.eligibility import restriction_of
from eventreg.campaigns.models import Pool
from eventreg.campaigns.rules import PlaceApplicant, PoolFacts, Restriction
from eventreg.campaigns.service import POOL, pool_in
from eventreg.core import idempotency
from eventreg.core.db.session import AnyRow, run
from eventreg.core.errors import NotFound
from eventreg.core.idempotency import ANSWER, ASKED, EarlierResult, IdempotentRequest, RequestKey
from eventreg.outbox.service import Recipient
from eventreg.people.models import Person, Unit

from .answers.rules import Chosen
from .models import IS_LIVE, Registration
from .rules import RegistrationState

DEFAULT_LOCALE = "zh-CN"


@dataclass(frozen=True, slots=True)
class Applicant:
    """A person, their units up to the company, and their mail address."""

    candidate: PlaceApplicant
    recipient: Recipient
    employed: bool

    def choosing(self, options: Chosen) -> Applicant:
        """The same applicant with the options that they chose."""
        return replace(self, candidate=replace(self.candidate, options=options)) if options else self


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An applicant for a campaign, with everything that decides the result of their request.

    `known` is the earlier result of the same request, `live_id` their registration, `pools` the campaign's by id,
    `restriction` why the campaign is not for them. `unanswered`: the time to confirm a place has passed, so that silence may end it.
    """

    applicant: Applicant
    known: EarlierResult | None
    live_id: int | None
    pools: Sequence[PoolFacts]
    restriction: Restriction | None
    unanswered: bool


_ABOVE, _TOP = aliased(Unit), aliased(Unit)
WHO = (Person.gender, Person.email, Person.locale, Person.left_at, Unit.id, _ABOVE.id, _TOP.id)
_PEOPLE = (
    select(*WHO)
    .join(Unit, Unit.id == Person.unit_id)
    .outerjoin(_ABOVE, _ABOVE.id == Unit.parent_id)
    .outerjoin(_TOP, _TOP.id == _ABOVE.parent_id)
)
APPLICANT = _PEOPLE.where(Person.id == bindparam("person"))
APPLICANTS = _PEOPLE.add_columns(Person.id.label("person_id")).where(
    Person.id.in_(bindparam("people", expanding=True))
)
_ASKED = aliased(Registration)
UNANSWERED = (  # whether the time to confirm a place of the campaign has passed: maybe silence ends it
    exists()
    .where(
        _ASKED.campaign_id == bindparam("campaign"),
        _ASKED.state == literal_column("'seated'"),
        _ASKED.confirmed_at.is_(None),
        _ASKED.confirm_by <= bindparam("now"),
    )
    .label("unanswered")
)
_HERS = and_(Registration.person_id == Person.id, Registration.campaign_id == bindparam("campaign"), IS_LIVE)
NEWCOMER = (  # built once: every sign-up executes it
    APPLICANT.add_columns(
        Registration.id.label("live"),
        restriction_of(bindparam("campaign"), units=[Unit.id, _ABOVE.id, _TOP.id]).label("restriction"),
        UNANSWERED,
        *ANSWER,
        *POOL,
    )
    .outerjoin(Registration, _HERS)
    .outerjoin(RequestKey, ASKED)
    .outerjoin(Pool, Pool.campaign_id == bindparam("campaign"))
    .order_by(Pool.id)
)


_IN_LINE = aliased(Registration)
POSITION = case(  # of a registration: 1 for the next on the waiting list, NULL if it is not waiting
    (
        Registration.state == RegistrationState.WAITING,
        select(func.count())
        .where(
            _IN_LINE.campaign_id == Registration.campaign_id,
            _IN_LINE.state == RegistrationState.WAITING,
            _IN_LINE.arrival <= Registration.arrival,
        )
        .correlate(Registration)
        .scalar_subquery(),
    )
).label("position")


def get_applicant(person_id: int) -> Applicant:
    """One statement. Raises NotFound."""
    row: AnyRow | None = run(APPLICANT, {"person": person_id}).one_or_none()
    if row is None:
        raise NotFound("person")
    return _applicant(person_id, row)


def applicants(person_ids: Collection[int]) -> dict[int, Applicant]:
    """The people with these ids that exist, by id; one statement."""
    rows: Sequence[AnyRow] = run(APPLICANTS, {"people": list(person_ids)}).all()
    return {row.person_id: _applicant(row.person_id, row) for row in rows}


def get_newcomer(person_id: int, campaign_id: int, request: IdempotentRequest, *, now: datetime) -> Newcomer:
    """One statement. Call it with the campaign locked, so that registrations and pools cannot change afterwards.

    Raises NotFound, or Refused("request.other_body") when the request's key was used with another body.
    """
    asked = {
        "person": person_id,
        "campaign": campaign_id,
        "scope": request.scope,
        "key": request.key,
        "now": now,
    }
    rows: Sequence[AnyRow] = run(NEWCOMER, asked).all()
    if not rows:
        raise NotFound("person")
    first = rows[0]
    return Newcomer(
        applicant=_applicant(person_id, first),
        known=idempotency.answer_in(first, request),
        live_id=first.live,
        pools=[pool_in(row[-len(POOL) :]) for row in rows if row[-len(POOL)] is not None],
        restriction=Restriction(first.restriction) if first.restriction else None,
        unanswered=bool(first.unanswered),
    )


def _applicant(person_id: int, row: AnyRow) -> Applicant:
    units = frozenset(unit for unit in row[4:7] if unit is not None)
    return Applicant(
        candidate=PlaceApplicant(person_id, row[0], units),
        recipient=Recipient(person_id, row[1], row[2] or DEFAULT_LOCALE),
        employed=row[3] is None,
    )
