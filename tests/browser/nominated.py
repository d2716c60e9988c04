"""Nominations that the looks at every page find: a draft, one that HR screens, a limit of the award."""

from __future__ import annotations

from eventreg.campaigns.service import get_campaign
from eventreg.core.clock import utc_now
from eventreg.core.db import unit_of_work
from eventreg.nominations import drafts
from eventreg.nominations import reading as nominated
from eventreg.nominations import service as nominations
from eventreg.nominations.screening import report
from eventreg.nominations.screening.rules import About, Limit
from eventreg.people import directory
from eventreg.people.directory import Sought
from eventreg.people.rules import Gender
from eventreg.web.style_guide import LONG_UNIT
from tests.rig import awards

from .live import Live
from .stage import CONTACT


def nominate(live: Live) -> dict[str, str]:
    """The contact's department, a draft of hers, what she submitted, and a limit of the award."""
    contact, now = live.person(CONTACT).id, utc_now()
    with live.app.app_context():
        award, department = get_campaign("ten-women").id, min(drafts.departments_of(contact, now=now))
        women = Sought(unit_id=department, employed=True, gender=Gender.FEMALE)
        women_found = directory.search(women, number=1).people
        with unit_of_work():
            draft = drafts.begin(award, department, women_found[0].id, by=contact, now=now)
        submitted = _submitted(award, department, women_found[1].id, contact)
        with unit_of_work():
            report.add_limit(award, Limit(About.POST, "班长", True, 20), by=contact, now=now)
        limit = report.report(get_campaign("ten-women")).bars[0][0]
    known = {"department": department, "nomination": draft, "submitted": submitted, "limit": limit}
    return {name: str(id_) for name, id_ in known.items()}


def _submitted(award: int, department: int, nominee: int, contact: int) -> int:
    """A nomination that HR screens; the same one when it is there already."""
    now = utc_now()
    for found in nominated.list_of(award, department):
        if found.nominee.id == nominee and found.handed_in:
            return found.id
    with unit_of_work():
        made = drafts.begin(award, department, nominee, by=contact, now=now)
    content = awards.written(chosen_on="2026-02-10", post=LONG_UNIT[:40])
    with unit_of_work():
        drafts.save(made, content, seen=1, tab="look", by=contact, now=now)
    with unit_of_work():
        nominations.submit(made, seen=2, by=contact, now=now)
    return made
