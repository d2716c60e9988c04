"""What was submitted before sensitive data had a consent of their own is asked for it after the upgrade."""

from __future__ import annotations

import importlib.util

from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from sqlalchemy import update

from eventreg.commands.backups import MIGRATIONS
from eventreg.core.db.session import db, unit_of_work
from eventreg.nominations.papers import submitted_terms
from eventreg.nominations.papers.models import Submission
from tests.rig import awards
from tests.rig.cast import Stage


def test_the_upgrade_marks_those_that_hold_any(app: Flask, stage: Stage) -> None:
    contest, made = awards.set_award(app, stage, places=3), {}
    for nominee, said in (("A1", "畲族"), ("C3", "")):
        made[nominee] = awards.begin(app, contest, "B2", nominee)
        awards.save(app, contest, "B2", made[nominee], awards.written(ethnicity=said))
        awards.submit(app, contest, "B2", made[nominee])
    spec = importlib.util.spec_from_file_location(
        "m0032", MIGRATIONS / "versions/0032_consent_to_sensitive_data.py"
    )
    assert spec is not None
    assert spec.loader is not None
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)

    with app.app_context():
        with unit_of_work():
            db.session.execute(update(Submission).values(sensitive=False))
        with unit_of_work(), Operations.context(MigrationContext.configure(db.session.connection())):
            migration._mark_submissions()
        assert submitted_terms.sensitive_among(list(made.values())) == {made["A1"]}
