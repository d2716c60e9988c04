"""A round of the demo's award that is open before its deadline: what the walks over all pages find at the judge's door."""

from __future__ import annotations

import io
from collections.abc import Collection

from sqlalchemy import update

from eventreg.awards.panel import service as panel
from eventreg.awards.panel.rules import PanelPart
from eventreg.awards.rounds import service as rounds
from eventreg.awards.rounds.models import AwardRound, JudgedNomination
from eventreg.awards.rounds.rules import NamedCriterion, RoundRules
from eventreg.campaigns.service import get_campaign
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.uploaded_files import receiving
from eventreg.nominations import quotas
from eventreg.nominations.files import service as files
from eventreg.nominations.files.rules import MaterialPart
from eventreg.people import service as people
from eventreg.people import units
from tests.rig import handed_in
from tests.rig.actors import acting
from tests.rig.candidates import make_candidate

JUDGE = "HC0041"
RULES = RoundRules((NamedCriterion("工作业绩", 60, 100), NamedCriterion("思想品德", 40, 100)))


def open_round(contact: int, *, but: Collection[int] = ()) -> dict[str, str]:
    """A candidate of a department that is not the judge's and not among `but`, in a round that one judge reads; made once."""
    award, now = get_campaign("ten-women"), utc_now()
    known = rounds.find(award.id)
    if known is not None:
        nomination = next(iter(rounds.listed(known.id)))
        return _named(known.id, nomination, files.list_files([nomination])[0].id)
    nomination, file = _candidate(contact, {*but, *_units_of(JUDGE)})
    with unit_of_work():
        rounds.set_rules(award.id, RULES, reason="", seen=0, actor=acting("test", now))
        found = rounds.get(award.id)
        panel.seat(found.id, JUDGE, PanelPart.JUDGE, actor=acting("test", now))
        db.session.add(JudgedNomination(round_id=found.id, nomination_id=nomination, version=2))
        db.session.execute(update(AwardRound).where(AwardRound.id == found.id).values(opened_at=now))
        panel.pledge(found.id, actor=acting(people.get_person_by_staff_no(JUDGE).id, now))
    return _named(found.id, nomination, file)


def _named(round_id: int, nomination: int, file: str) -> dict[str, str]:
    return {"round": str(round_id), "judged": str(nomination), "judged_file": file}


def _candidate(contact: int, but: Collection[int]) -> tuple[int, str]:
    lines = quotas.table(get_campaign("ten-women").id)
    free = [line.unit_id for line in lines if line.places > line.filled and line.unit_id not in but]
    made, now = make_candidate(free[-1], contact), utc_now()
    received = receiving.receive(io.BytesIO(handed_in.document("佐证")), "佐证.docx", began=now)
    with unit_of_work():
        by, part = acting(contact, now), MaterialPart.EVIDENCE
        kept = files.keep(received, nomination_id=made, part=part, owner_id=contact, actor=by)
    return made, kept.id


def _units_of(staff_no: str) -> set[int]:
    """The department of somebody and what is above and below it."""
    chain = units.chain_of(people.get_person_by_staff_no(staff_no).unit_id)
    return {*chain, *people.units_under(chain[-2] if len(chain) > 1 else chain[0])}
