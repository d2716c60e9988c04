"""A unit's contact enters colleagues by a pasted list of staff numbers: checked by line, previewed, and entered in one unit.

All or nothing of what was previewed: a list is entered in one unit of work, in the order of its lines, so that the arrival
numbers follow the list and nothing is half done. Whoever a rule refuses (the audience, for example) is named, and the others
are entered. Entering somebody again does nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from eventreg.campaigns import service as campaigns
from eventreg.campaigns.facts import CampaignFacts
from eventreg.campaigns.rules import check_open, pools_at
from eventreg.core.actor import Actor
from eventreg.core.db.session import db
from eventreg.core.errors import Refused
from eventreg.core.plain_text import compact, unix_lines
from eventreg.people import pasted_list
from eventreg.people.models import Person
from eventreg.registrations import participants
from eventreg.registrations.models import IS_LIVE, Registration
from eventreg.registrations.rules import RegistrationState

from . import entering
from .entering import PersonEntry
from .outlook import refusal_of
from .placing import HandEntry, HandSource
from .rules import HandReason, place_each

LIST_MOST = 100  # staff numbers of one pasted list: they are entered in one unit of work


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A staff number as it was pasted, with its line, from 1."""

    line: int
    staff_no: str


@dataclass(frozen=True, slots=True)
class ListProblem:
    """A pasted number that cannot be entered, and why: a code of the family "list"."""

    line: int
    staff_no: str
    code: str


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A person of a list with what they get (or got), or the rule that refuses them."""

    person_id: int
    name: str
    staff_no: str
    state: RegistrationState | None
    position: int | None
    refused: Refused | None


@dataclass(frozen=True, slots=True)
class ListOutlook:
    """What entering a list would lead to: the numbers to be corrected, or the people in the order of the list."""

    problems: tuple[ListProblem, ...]
    people: tuple[ListedPerson, ...]

    @property
    def person_ids(self) -> tuple[int, ...]:
        """Everybody who would be entered."""
        return tuple(person.person_id for person in self.people if person.refused is None)


@dataclass(frozen=True, slots=True)
class _ListedColleague:
    id: int
    name: str
    staff_no: str
    unit_id: int
    left: bool
    signed_up: bool


def foresee(campaign: CampaignFacts, text: str, *, in_care: Collection[int], now: datetime) -> ListOutlook:
    """Read a pasted list for a contact of these units. Reads only.

    Raises Refused("list.empty"), ("list.too_long") or what `check_open` raises: after the deadline only an organiser enters.
    """
    check_open(campaign.window, now=now)
    typed = numbers_in(text)
    known = _find(campaign.id, [number.staff_no for number in typed])
    problems = _problems(typed, known, in_care)
    if problems:
        return ListOutlook(problems, ())
    return ListOutlook((), _outcomes(campaign, [known[n.staff_no.lower()] for n in typed], now=now))


def numbers_in(text: str) -> list[TypedNumber]:
    """The staff numbers in a pasted text, by line. Raises Refused("list.empty") or ("list.too_long").

    Names beside the numbers are left out (`pasted_list.numbers_in`). A line without any number is taken as a whole, so that
    it is named as unknown.
    """
    found = []
    for n, line in enumerate(unix_lines(text).split("\n"), 1):
        whole = compact(line)
        found += [TypedNumber(n, number) for number in pasted_list.numbers_in(line) or [whole] if number]
    if not found:
        raise Refused("list.empty")
    if len(found) > LIST_MOST:
        raise Refused("list.too_long", most=LIST_MOST, n=len(found))
    return found


def enter_all(
    campaign_id: int, person_ids: Sequence[int], *, notice_id: int, in_care: Collection[int], actor: Actor
) -> list[ListedPerson]:
    """Enter these people in their order, in one unit of work; what each of them got. Each gets a letter.

    Whoever is of none of the units in care, has a registration already or is refused by a rule is not entered.
    Raises what `check_open` raises.
    """
    _campaign, window = campaigns.lock_window(campaign_id)
    check_open(window, now=actor.now)
    rows = select(Person.id, Person.name, Person.staff_no).where(
        Person.id.in_(person_ids), Person.unit_id.in_(in_care)
    )
    known = {id_: (name, staff_no) for id_, name, staff_no in db.session.execute(rows)}
    return [
        _enter(campaign_id, id_, *known[id_], notice_id=notice_id, actor=actor)
        for id_ in dict.fromkeys(person_ids)
        if id_ in known
    ]


def _enter(
    campaign_id: int, person_id: int, name: str, staff_no: str, *, notice_id: int, actor: Actor
) -> ListedPerson:
    entry = HandEntry(HandReason.UNIT_LIST, HandSource.CONTACT)
    wanted = PersonEntry(person_id, entry, notice_id)
    try:
        got = entering.enter(campaign_id, wanted, actor=actor)
    except Refused as refused:  # raised before anything of this person is written
        return ListedPerson(person_id, name, staff_no, None, None, refused)
    if not got.created:
        return ListedPerson(person_id, name, staff_no, None, None, Refused("registration.exists"))
    return ListedPerson(person_id, name, staff_no, got.state, got.position, None)


def _find(campaign_id: int, numbers: Collection[str]) -> dict[str, _ListedColleague]:
    """The people with these staff numbers, by the number in lower case; in one statement."""
    live = select(Registration.id).where(
        Registration.campaign_id == campaign_id, Registration.person_id == Person.id, IS_LIVE
    )
    columns = (Person.id, Person.name, Person.staff_no, Person.unit_id, Person.left_at, live.exists())
    wanted = func.lower(Person.staff_no).in_({number.lower() for number in numbers})
    return {
        staff_no.lower(): _ListedColleague(id_, name, staff_no, unit_id, left_at is not None, signed_up)
        for id_, name, staff_no, unit_id, left_at, signed_up in db.session.execute(
            select(*columns).where(wanted)
        )
    }


def _problems(
    typed: Sequence[TypedNumber], known: dict[str, _ListedColleague], in_care: Collection[int]
) -> tuple[ListProblem, ...]:
    found, seen = [], set[str]()
    for number in typed:
        name = number.staff_no.lower()
        code = _problem(known.get(name), in_care) or ("list.twice" if name in seen else "")
        seen.add(name)
        if code:
            found.append(ListProblem(number.line, number.staff_no, code))
    return tuple(found)


def _problem(person: _ListedColleague | None, in_care: Collection[int]) -> str:
    """Why a number cannot be entered, "" if it can. Of a colleague of another unit nothing more is said."""
    if person is None:
        return "list.unknown"
    if person.unit_id not in in_care:
        return "list.other_unit"
    if person.left:
        return "list.left"
    return "list.signed_up" if person.signed_up else ""


def _outcomes(
    campaign: CampaignFacts, people: Sequence[_ListedColleague], *, now: datetime
) -> tuple[ListedPerson, ...]:
    """What each of them would get, one after the other; whoever is refused takes no place."""
    applicants = participants.applicants([person.id for person in people])
    refusals = {p.id: refusal_of(campaign, applicants[p.id], now=now) for p in people}
    entered = [applicants[p.id].candidate for p in people if refusals[p.id] is None]
    places = iter(place_each(entered, pools_at(campaign.pools, now=now), waiting=campaign.waiting))
    found, position = [], campaign.waiting
    for person in people:
        state = None if refusals[person.id] else next(places).state
        waits = state is RegistrationState.WAITING
        position += waits
        found.append(
            ListedPerson(
                person.id,
                person.name,
                person.staff_no,
                state,
                position if waits else None,
                refusals[person.id],
            )
        )
    return tuple(found)
