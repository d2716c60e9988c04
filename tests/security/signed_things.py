"""Things that the world holds of signing: a nominee's own nomination, files, a delegation."""

from __future__ import annotations

import io
from datetime import timedelta

from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.campaigns import service as campaigns
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from eventreg.core.uploaded_files import receiving
from eventreg.demo import company
from eventreg.nominations import drafts, service
from eventreg.nominations.files import service as files
from eventreg.nominations.files.rules import MaterialPart
from eventreg.nominations.rules import NominationContent
from eventreg.nominations.signing import delegations
from eventreg.people import service as people
from tests.rig import awards, handed_in, round_by_hand
from tests.rig.actors import acting

Things = dict[str, str]
HEAD = next(p for p in company.CAST if p.role is Role.DEPARTMENT_HEAD)
OWN = "紫燕住进了配电房"  # stands in what its nominee answers to, and nowhere else


def sign(things: Things, *, nominee: int) -> None:
    """A file of what the head signs, a nomination whose nominee is a viewpoint, and a delegation."""
    head, delegate = (people.get_person_by_staff_no(no).id for no in (HEAD.staff_no, "HC0086"))
    things["my_nomination"] = _hand_in("办公室", "HC0004", nominee, OWN)
    things["paper_file"], things["my_file"] = (_file(things[name]) for name in ("submitted", "my_nomination"))
    taken = {people.find_unit(name) or 0 for name in ("办公室", "城关供电所", "营销部", "青龙供电所")}
    things |= round_by_hand.open_round(_id("HC0004"), but=taken)
    now = utc_now()
    with unit_of_work():
        unit, until = people.find_unit(HEAD.unit) or 0, now + timedelta(days=7)
        given = delegations.name(head, delegate, unit, since=now, until=until, now=now)
    things["delegation"] = str(given)


def _hand_in(unit: str, contact: str, nominee: int, words: str) -> str:
    award, unit_id, by = campaigns.get_campaign("ten-women").id, people.find_unit(unit) or 0, _id(contact)
    with unit_of_work():
        grants.grant(by, Role.UNIT_CONTACT, unit_id=unit_id, actor=acting("test", utc_now()))
    now = utc_now()
    with unit_of_work():
        made = drafts.begin(award, unit_id, nominee, actor=acting(by, now))
    whole = awards.written(chosen_on=f"{now:%Y}-01-15", short=words)
    with unit_of_work():
        content = NominationContent(whole.answers, whole.ticked, words + whole.deeds)
        drafts.save(made, content, seen=1, tab="t", actor=acting(by, now))
    with unit_of_work():
        service.submit(made, seen=2, actor=acting(by, now))
    return str(made)


def _file(nomination: str) -> str:
    received = receiving.receive(io.BytesIO(handed_in.document("佐证")), "佐证.docx", began=utc_now())
    with unit_of_work():
        kept = files.keep(
            received,
            nomination_id=int(nomination),
            part=MaterialPart.EVIDENCE,
            owner_id=_id("HC0082"),
            actor=acting("test", utc_now()),
        )
    return kept.id


def _id(staff_no: str) -> int:
    return people.get_person_by_staff_no(staff_no).id
