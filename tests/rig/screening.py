"""A nomination that has all that HR looks for: signed, agreed to by its nominee, received on paper."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from eventreg.core.db.session import unit_of_work
from eventreg.nominations import reading
from eventreg.nominations.signing import consents, service
from eventreg.nominations.signing.rules import ConsentAnswer
from tests.rig import papers, signing
from tests.rig.actors import acting
from tests.rig.awards import Contest
from tests.rig.cast import NOW


def complete(app: Flask, contest: Contest, made: int, *, version: int = 2) -> None:
    """The head of marketing signs, the nominee agrees to both, the paper comes in."""
    signing.signed(app, contest, made)
    agree(app, made)
    papers.receive(app, contest, papers.printed(app, made, version))


def agree(app: Flask, made: int, said: ConsentAnswer = ConsentAnswer.GIVEN, *, now: datetime = NOW) -> None:
    """The nominee answers to what judges and the notice show now."""
    with app.app_context():
        [found] = reading.submitted([made])
        shown = service.shown_of(found, reading.saved(made, found.handed_in or 0).content)
        for purpose in shown:
            with unit_of_work():
                consents.answer(
                    made, purpose, said, seen=shown[purpose].digest, actor=acting(found.nominee.id, now)
                )
