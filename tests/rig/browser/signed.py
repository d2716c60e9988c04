"""What a head and a nominee find on the stage: signed, changed by long words since, submitted again."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.nominations import drafts, reading, service
from eventreg.nominations.models import Nomination
from eventreg.nominations.signing import signatures
from eventreg.nominations.signing.signatures import SeenVersion
from eventreg.outbox.models import Letter
from eventreg.people import service as people
from eventreg.web.style_guide.views import LONG_NAME, LONG_UNIT
from tests.rig.actors import acting

from .award_steps import HEAD
from .live import Live
from .stage import CONTACT


def sign_and_change(live: Live, nomination_id: int) -> dict[str, str]:
    """Let the head sign what was submitted, and the contact submit other words; once."""
    contact, now = live.person(CONTACT).id, utc_now()
    with live.app.app_context():
        row = db.session.get_one(Nomination, nomination_id)
        if row.handed_in == 2:
            _sign(live, nomination_id)
            content = reading.saved(nomination_id, 2).content
            changed = replace(content, deeds=f"{LONG_NAME}。{content.deeds}{LONG_UNIT}")
            with unit_of_work():
                drafts.save(nomination_id, changed, seen=2, tab="look", actor=acting(contact, now))
            with unit_of_work():
                service.submit(nomination_id, seen=3, actor=acting(contact, now))
        return {"my_nomination": str(nomination_id)}


def nominee_of(live: Live, nomination_id: int) -> str:
    """Her staff number."""
    with live.app.app_context():
        return people.person_facts(db.session.get_one(Nomination, nomination_id).person_id).staff_no


def _sign(live: Live, nomination_id: int) -> None:
    head, now, keys = live.person(HEAD).id, utc_now(), live.app.extensions["eventreg.keys"]
    paper = signatures.get(nomination_id, head, now=now)
    seen = SeenVersion(paper.saved.number, paper.digest)
    with unit_of_work():
        browser = signatures.ask_code(nomination_id, seen=seen, actor=acting(head, now, keys), locale="zh-CN")
    newest = select(Letter.sealed).where(Letter.kind == "signature_code").order_by(Letter.id.desc())
    code = keys.opened(db.session.scalars(newest.limit(1)).one() or b"")
    with unit_of_work():
        signatures.sign(nomination_id, code, seen=seen, browser=browser, actor=acting(head, now, keys))
