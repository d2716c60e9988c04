"""The letter a week before personal data go, and the letters in files, which go with them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg import retention_job
from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.campaigns import campaign_grants
from eventreg.campaigns.models import Campaign
from eventreg.core.db.session import db, unit_of_work
from eventreg.delivery.mail.mailer import file_name
from eventreg.outbox.models import Letter
from eventreg.people.models import Person
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage
from tests.rig.mailbox import newest

KIND = "removal_soon"


@pytest.fixture
def last(app: Flask, stage: Stage) -> datetime:
    """Noon of the last day on which the data of the outing are kept; somebody has answered a question."""
    cast.sign_up(app, stage, "A1")
    with app.app_context(), unit_of_work():
        grants.grant(stage.people["D4"], Role.ADMINISTRATOR, unit_id=None, actor=acting("test", NOW))
        row = db.session.get_one(Campaign, stage.campaign_id)
        return datetime.combine(row.retain_until, NOW.timetz().replace(hour=12))


def told(app: Flask, now: datetime) -> list[int | None]:
    """Run the job, and who has got the letter so far."""
    with app.app_context():
        retention_job.retain(now)
        return list(db.session.scalars(select(Letter.person_id).where(Letter.kind == KIND)))


def test_organisers_learn_of_it_once_a_week_before(app: Flask, stage: Stage, last: datetime) -> None:
    with app.app_context(), unit_of_work():
        campaign_grants.grant(stage.people["B2"], Role.ORGANISER, "outing", actor=acting("test", NOW))

    assert told(app, last - timedelta(days=7)) == []
    assert told(app, last - timedelta(days=6)) == [stage.people["B2"]]
    assert told(app, last) == [stage.people["B2"]]


def test_where_no_organiser_is_left_administrators_learn_of_it(
    app: Flask, stage: Stage, last: datetime
) -> None:
    with app.app_context(), unit_of_work():
        campaign_grants.grant(stage.people["B2"], Role.ORGANISER, "outing", actor=acting("test", NOW))
        db.session.get_one(Person, stage.people["B2"]).left_at = NOW

    assert told(app, last - timedelta(days=1)) == [stage.people["D4"]]


def test_the_letter_names_what_goes_and_is_not_sent_once_the_date_was_moved(
    app: Flask, stage: Stage, last: datetime
) -> None:
    told(app, last - timedelta(days=3))
    letter = newest(app, KIND, now=last)

    assert letter is not None
    assert "票和二维码" in str(letter.facts)
    with app.app_context(), unit_of_work():
        row = db.session.get_one(Campaign, stage.campaign_id)
        row.retain_until += timedelta(days=30)
        row.version += 1
    assert newest(app, KIND, now=last) is None


def test_letters_in_files_go_after_a_week_and_all_of_them_with_a_campaign_s_data(
    app: Flask, last: datetime
) -> None:
    folder = Path(app.extensions["eventreg.settings"].instance) / "mail"
    folder.mkdir(exist_ok=True)

    def left(now: datetime) -> list[int]:
        """How many days ago the letters were written that are still there after a run."""
        for days in (1, 8):
            written = now - timedelta(days=days)
            (folder / file_name(f"<{days}@x>", now=written)).write_text("x")
        with app.app_context():
            retention_job.retain(now)
        return sorted(int(path.stem.split("-")[1]) for path in folder.glob("*.eml"))

    assert left(last - timedelta(days=30)) == [1]
    assert left(last + timedelta(days=1)) == []
