"""A nomination on paper: submitted, its print named by the code, brought to the desk."""

from __future__ import annotations

from typing import Any

from flask import Flask

from eventreg.core.db.session import unit_of_work
from eventreg.core.keyring.keys import Keys
from eventreg.nominations.papers import check_codes, service
from eventreg.nominations.papers.rules import PaperReference
from eventreg.nominations.papers.service import PaperReceiptResult
from tests.rig import awards
from tests.rig.actors import acting
from tests.rig.awards import Contest
from tests.rig.cast import NOW

DESK = "F6"  # who stands there


def keys_of(app: Flask) -> Keys:
    """The installation's keys."""
    found: Keys = app.extensions["eventreg.keys"]
    return found


def handed_in(app: Flask, contest: Contest, **how: Any) -> int:
    """A nomination that was submitted, version 2."""
    made = awards.ready(app, contest, "B2", "A1", **how)
    awards.submit(app, contest, "B2", made, **how)
    return made


def printed(app: Flask, nomination_id: int, version: int = 2) -> PaperReference:
    """What a print of a version carries."""
    with app.app_context():
        return check_codes.named_of(nomination_id, version, keys=keys_of(app))


def receive(app: Flask, contest: Contest, named: PaperReference, **how: Any) -> PaperReceiptResult:
    """Bring a print to the desk."""
    mine, by = how.pop("mine", None), contest.person(how.pop("by", DESK))
    with app.app_context(), unit_of_work():
        return service.receive(
            named,
            mine,
            copies=how.get("copies", 1),
            remark=how.get("remark", ""),
            actor=acting(by, how.get("now", NOW)),
        )
