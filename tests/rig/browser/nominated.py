"""Nominations that the looks at every page find: a draft, one that HR screens, a limit of the award."""

from __future__ import annotations

import io
from dataclasses import replace

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.campaigns.service import get_campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.core.uploaded_files import receiving
from eventreg.nominations import access, drafts, materials, proposals, terms
from eventreg.nominations import reading as nominated
from eventreg.nominations import service as nominations
from eventreg.nominations.files import service as files
from eventreg.nominations.files.rules import MaterialPart
from eventreg.nominations.rules import ProposerScope
from eventreg.nominations.screening import report
from eventreg.nominations.screening.rules import GroupDimension, StructureLimitFacts
from eventreg.people import directory
from eventreg.people.directory import PeopleFilter
from eventreg.people.rules import Gender
from eventreg.web.style_guide.views import LONG_NAME, LONG_UNIT
from tests.rig import awards, handed_in, round_by_hand
from tests.rig.actors import acting

from .live import Live
from .stage import CONTACT, SEATED


def nominate(live: Live) -> dict[str, str]:
    """The contact's department, a draft of hers, what she submitted, and a limit of the award."""
    contact, now = live.person(CONTACT).id, utc_now()
    with live.app.app_context():
        award, department = get_campaign("ten-women").id, min(access.departments_of(contact, now=now))
        women = PeopleFilter(unit_id=department, employed=True, gender=Gender.FEMALE)
        women_found = directory.search(women, number=1).people
        with unit_of_work():
            draft = drafts.begin(award, department, women_found[0].id, actor=acting(contact, now))
        submitted = _submitted(award, department, women_found[1].id, contact)
        with unit_of_work():
            report.add_limit(
                award, StructureLimitFacts(GroupDimension.POST, "班长", True, 20), actor=acting(contact, now)
            )
        limit = report.report(get_campaign("ten-women")).bars[0][0]
        file = _document(draft, contact)
        proposal = _proposed(live.person(SEATED).id)
        judged = round_by_hand.open_round(live.person("HC0010").id, but={department})
    known = {"department": department, "nomination": draft, "submitted": submitted, "limit": limit}
    return (
        {name: str(id_) for name, id_ in known.items()} | {"file": file, "proposal": str(proposal)} | judged
    )


def _document(draft: int, contact: int) -> str:
    """A document of the longest name in the draft; the same one when it is there already."""
    for known in files.list_files([draft]):
        return known.id
    content, now = io.BytesIO(handed_in.document(f"{LONG_NAME}在{LONG_UNIT}。")), utc_now()
    received = receiving.receive(content, f"{LONG_NAME}.docx", began=now)
    with unit_of_work():
        return materials.keep(draft, received, MaterialPart.DEEDS, actor=acting(contact, now)).id


def _proposed(author: int) -> int:
    """The award lets everybody propose: an employee has begun one for herself, and passed a colleague's on."""
    award, now = get_campaign("ten-women"), utc_now()
    asks = replace(terms.terms_of(award), who=ProposerScope.COLLEAGUES, women_only=False)
    with unit_of_work():
        terms.change(award.id, asks, closes_at=award.closes_at, seen=award.version, actor=acting("test", now))
    if not proposals.list_passed_on(award.id, author):
        _passed_on(award.id, author)
    with unit_of_work():
        return proposals.begin(award.id, author, actor=acting(author, utc_now()))


def _passed_on(award: int, author: int) -> None:
    offer = access.find_offer(get_campaign("ten-women"), author)
    assert offer is not None
    colleagues = directory.search(PeopleFilter(unit_id=offer.line.unit_id, employed=True), number=1).people
    colleague, now = next(one.id for one in reversed(colleagues) if one.id != author), utc_now()
    with unit_of_work():  # somebody has to receive it
        receiver = colleagues[0].id if colleagues[0].id != colleague else colleagues[1].id
        grants.grant(receiver, Role.UNIT_CONTACT, unit_id=offer.line.unit_id, actor=acting("test", now))
    with unit_of_work():
        made = proposals.begin(award, colleague, actor=acting(author, now))
    with unit_of_work():
        proposals.pass_on(made, actor=acting(author, now))


def _submitted(award: int, department: int, nominee: int, contact: int) -> int:
    """A nomination that HR screens; the same one when it is there already."""
    now = utc_now()
    for found in nominated.list_of(award, department):
        if found.nominee.id == nominee and found.handed_in:
            return found.id
    with unit_of_work():
        made = drafts.begin(award, department, nominee, actor=acting(contact, now))
    content = awards.written(chosen_on="2026-02-10", post=LONG_UNIT[:40])
    with unit_of_work():
        drafts.save(made, content, seen=1, tab="look", actor=acting(contact, now))
    with unit_of_work():
        nominations.submit(made, seen=2, actor=acting(contact, now))
    return made
