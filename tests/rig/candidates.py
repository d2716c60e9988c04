"""Candidates of the demo's award, who agreed to be judged; HR's decision is written in by hand."""

from __future__ import annotations

from sqlalchemy import update

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.campaigns.service import get_campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.nominations import drafts, quotas, reading, service
from eventreg.nominations.models import Nomination
from eventreg.nominations.signing import consents
from eventreg.nominations.signing import service as signing
from eventreg.nominations.signing.rules import ConsentAnswer
from eventreg.people import directory, units
from eventreg.people import service as people
from eventreg.people.directory import PeopleFilter
from eventreg.people.rules import Gender
from tests.rig import awards
from tests.rig.actors import acting

from .browser.live import Live

CONTACT = "HC0010"  # nobody of a panel
PANEL = ("HC0041", "HC0121", "HC0242")
REVIEWER = "HC0002"  # who reads the ranking is no candidate


def make_candidates(live: Live, number: int, *, judge: str) -> list[str]:
    """So many candidates, each of a department of her own; the first is of this judge's, the others of no judge's.

    Returns their names.
    """
    with live.app.app_context():
        award, first = get_campaign("ten-women").id, department(judge)
        taken = {department(other) for other in PANEL}
        free = [line.unit_id for line in quotas.table(award) if line.places and line.unit_id not in taken]
        contact = people.get_person_by_staff_no(CONTACT).id
        made = [make_candidate(unit_id, contact) for unit_id in [first, *free][:number]]
        return [one.nominee.name for one in reading.submitted(made)]


def department(staff_no: str) -> int:
    """The department of somebody."""
    return units.chain_of(people.get_person_by_staff_no(staff_no).unit_id)[-2]


def make_candidate(unit_id: int, contact: int) -> int:
    """A woman of a department, nominated by somebody who becomes its contact; her nomination."""
    award, now = get_campaign("ten-women").id, utc_now()
    wanted = PeopleFilter(unit_id=unit_id, employed=True, gender=Gender.FEMALE)
    panel = {people.get_person_by_staff_no(staff_no).id for staff_no in (*PANEL, REVIEWER)}
    nominee = next(one.id for one in directory.search(wanted, number=1).people if one.id not in panel)
    by = acting(contact, now)
    with unit_of_work():
        grants.grant(contact, Role.UNIT_CONTACT, unit_id=unit_id, actor=acting("test", now))
    with unit_of_work():
        made = drafts.begin(award, unit_id, nominee, actor=by)
    with unit_of_work():
        drafts.save(made, awards.written(chosen_on=f"{now:%Y}-01-15"), seen=1, tab="t", actor=by)
    with unit_of_work():
        service.submit(made, seen=2, actor=by)
    [found] = reading.submitted([made])
    for purpose, shown in signing.shown_of(found, reading.saved(made, 2).content).items():
        with unit_of_work():
            answer, her = ConsentAnswer.GIVEN, acting(nominee, now)
            consents.answer(made, purpose, answer, seen=shown.digest, actor=her)
    with unit_of_work():
        db.session.execute(update(Nomination).where(Nomination.id == made).values(state="candidate"))
    return made
