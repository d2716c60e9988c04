"""What is promised is done: at its date what was needed for the event is gone, at the later one the record too."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from eventreg import retention_job
from eventreg.campaigns.assessments.models import Assessment
from eventreg.campaigns.models import Campaign, Pool
from eventreg.campaigns.rules import archive_end
from eventreg.config import Settings
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.trail import audit
from eventreg.core.trail.seals import seal
from eventreg.core.trail.trail_check import verify
from eventreg.models import METADATA
from eventreg.nominations.models import Nomination, NominationVersion
from eventreg.nominations.signing.models import NominationCorrection
from eventreg.people.models import Person
from eventreg.privacy.retention import erasing, noted, service
from eventreg.privacy.retention.models import ErasureRequest, PurgeRun
from eventreg.privacy.retention.rules import REMOVALS, DueDate, is_announced, is_due
from eventreg.registrations.models import Answer, Registration
from tests.privacy.test_my_data import NOW, do_everything
from tests.rig import cast
from tests.rig.actors import acting
from tests.rig.cast import Stage
from tests.rig.saved import another, opened, restored, saved

CANARIES = {
    "answer": "13800138000",
    "remark": "请留前排",
    "note": "CANARY-note",
    "text": "CANARY-correction",
    "judge": "CANARY-judge",
    "sensitive": "CANARY-110101199003070013",
}


@pytest.fixture
def stage(app: Flask) -> Stage:
    """The outing, open since an hour."""
    return cast.set_stage(app, now=NOW - timedelta(hours=1))


@pytest.fixture
def filled(app: Flask, stage: Stage) -> Stage:
    """A person did everything, and a canary sits wherever something of hers can."""
    do_everything(app, stage, "A1")
    with app.app_context(), unit_of_work():
        for table, column in (
            ("hand_act", "note"),
            ("walk_note", "note"),
            ("time_fix", "reason"),
            ("paper_receipt", "remark"),
        ):
            db.session.execute(update(METADATA.tables[table]).values({column: "CANARY-note"}))
        nomination_id = db.session.scalar(select(Nomination.id).where(Nomination.handed_in.is_not(None)))
        db.session.add(
            NominationCorrection(
                nomination_id=nomination_id, version=1, text="CANARY-correction", sent_at=NOW
            )
        )
        for row in db.session.scalars(select(NominationVersion)):
            row.answers = {**row.answers, "id_number": CANARIES["sensitive"]}
        db.session.execute(update(Person).values(phone=None))
    return stage


def dump(but: frozenset[str] = frozenset()) -> str:
    """Every row of every table as text."""
    lines = []
    for table in METADATA.sorted_tables:
        if table.name not in but:
            lines += [f"{table.name} {row}" for row in db.session.execute(select(table)).all()]
    return "\n".join(lines)


def found(app: Flask) -> set[str]:
    """The canaries that still sing."""
    with app.app_context():
        whole = dump()
    return {name for name, word in CANARIES.items() if word in whole}


def over(app: Flask, *, days: int = 1) -> datetime:
    """An instant at which every campaign's date has passed."""
    with app.app_context():
        last = max(db.session.scalars(select(Campaign.retain_until)))
    return datetime.combine(last + timedelta(days=days), NOW.timetz())


def run(app: Flask, now: datetime) -> int:
    with app.app_context():
        return retention_job.retain(now)


def test_every_canary_sings_before_and_none_after(app: Flask, filled: Stage) -> None:
    assert found(app) == set(CANARIES)

    assert run(app, over(app)) > 0

    assert found(app) == set()
    with app.app_context():
        assert db.session.scalar(select(Registration.id)) is not None, "who took part is the record"
        assert db.session.scalar(select(Nomination.id).where(Nomination.handed_in.is_not(None))) is not None


def test_a_line_that_is_left_out_is_heard(app: Flask, filled: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the line about notes the canary there sings on."""
    monkeypatch.setattr(service, "REMOVALS", tuple(r for r in REMOVALS if r.part != "notes"))

    run(app, over(app))

    assert {"note", "text"} <= found(app)


def test_on_the_last_day_nothing_goes(app: Flask, filled: Stage) -> None:
    with app.app_context():
        first = min(db.session.scalars(select(Campaign.retain_until)))
    run(app, datetime.combine(first, NOW.timetz().replace(hour=12)))  # that day in the zone too

    assert found(app) == set(CANARIES)


def test_what_comes_back_with_a_backup_goes_at_the_first_run(app: Flask, filled: Stage) -> None:
    """A backup of before the date: its rows and its `purged_at` are those of before."""
    run(app, over(app))
    with app.app_context(), unit_of_work():
        db.session.execute(update(Campaign).values(purged_at=None))
        registration_id = db.session.scalars(select(Registration.id)).first()
        question_id = db.session.scalar(text("SELECT min(id) FROM question"))
        db.session.add(Answer(registration_id=registration_id, question_id=question_id, value="13800138000"))

    run(app, over(app))

    assert found(app) == set()


@pytest.mark.usefixtures("filled")
def test_flask_restore_brings_all_back_and_the_first_run_removes_it(
    app: Flask, settings: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder, late = saved(app, tmp_path / "b"), over(app)
    run(app, late)

    with another(settings, tmp_path, request) as elsewhere:
        assert restored(elsewhere, folder).exit_code == 0
        with opened(elsewhere) as again:
            assert found(again) == set(CANARIES)
            run(again, late)
            assert found(again) == set()


def test_it_is_one_run_a_day_and_a_run_that_finds_nothing_leaves_no_row(app: Flask, filled: Stage) -> None:
    run(app, over(app))
    with app.app_context():
        runs = db.session.query(PurgeRun).count()

    assert run(app, over(app)) == 0
    assert run(app, over(app, days=2)) > 0
    with app.app_context():
        assert db.session.query(PurgeRun).count() == runs


def test_the_removal_is_in_the_trail_and_the_chain_holds(app: Flask, filled: Stage) -> None:
    run(app, over(app))

    with app.app_context():
        with unit_of_work():
            seal(now=NOW)
        told = audit.list_about([f"campaign:{filled.campaign_id}"], most=20)
        purged = next(entry for entry in told if entry.action == "campaign.purged")
        assert purged.facts["parts"]["answers"] == 2
        assert verify().findings == []


def test_the_record_goes_at_the_date_of_the_archive_and_the_assessment_after_three_years(
    app: Flask, filled: Stage
) -> None:
    with app.app_context(), unit_of_work():
        for purpose, at in (("id_number", NOW), ("notice", NOW + timedelta(days=366 * 10))):
            db.session.add(
                Assessment(campaign_id=filled.campaign_id, purpose=purpose, text="必要", by="person:1", at=at)
            )

    run(app, NOW + timedelta(days=366 * 12))

    with app.app_context():
        assert db.session.query(Registration).count() == 0
        assert db.session.query(Nomination).count() == 0
        assert db.session.query(Campaign).count() > 0
        assert set(db.session.scalars(select(Pool.taken))) == {0}
        assert list(db.session.scalars(select(Assessment.purpose))) == ["notice"]


def test_a_draft_after_the_submitted_version_goes_and_the_page_still_opens(app: Flask, filled: Stage) -> None:
    run(app, over(app))

    with app.app_context():
        for row in db.session.scalars(select(Nomination).where(Nomination.handed_in.is_not(None))):
            numbers = select(NominationVersion.number).where(NominationVersion.nomination_id == row.id)
            assert row.version in set(db.session.scalars(numbers))


def test_the_dates() -> None:
    assert archive_end(date(2027, 6, 30), None) == date(2037, 6, 30)
    assert archive_end(date(2028, 2, 29), None) == date(2038, 2, 28)
    assert archive_end(date(2027, 6, 30), date(2030, 1, 1)) == date(2030, 1, 1)
    assert not is_due(date(2027, 6, 30), date(2027, 6, 30))
    assert is_due(date(2027, 6, 30), date(2027, 7, 1))
    assert [is_announced(date(2027, 6, 30), date(2027, 6, day)) for day in (23, 24, 30)] == [
        False,
        True,
        True,
    ]


def test_an_erasure_takes_what_may_go_and_names_what_stays(app: Flask, filled: Stage) -> None:
    me = filled.people["A1"]
    now = over(app)
    with app.app_context():
        running = erasing.facts_of(me, now=NOW)
        facts = erasing.facts_of(me, now=now)

    assert "answers" not in running.parts
    assert running.kept["running"] >= 1
    assert facts.parts["answers"] == 2
    assert {"roster", "participation", "nominations"} <= set(facts.kept)

    with app.app_context(), unit_of_work():
        erasing.erase(me, actor=acting("person:8", now))

    with app.app_context():
        assert db.session.query(Answer).count() == 0
        assert db.session.query(Registration).count() > 0
        stored = db.session.query(ErasureRequest).filter_by(by="person:8").one()
        assert stored.erased["answers"] == 2


def test_an_erasure_of_one_leaves_the_others_alone(app: Flask, stage: Stage) -> None:
    for staff_no in ("A1", "B2"):
        cast.sign_up(app, stage, staff_no, now=NOW)
    with app.app_context(), unit_of_work():
        question_id = db.session.scalar(text("SELECT min(id) FROM question"))
        for row in db.session.scalars(select(Registration)):
            db.session.merge(
                Answer(registration_id=row.id, question_id=question_id, value=f"of {row.person_id}")
            )
    with app.app_context(), unit_of_work():
        erasing.erase(stage.people["A1"], actor=acting("test", over(app)))

    with app.app_context():
        left = {str(value) for value in db.session.scalars(select(Answer.value))}
    assert f"of {stage.people['B2']}" in left
    assert f"of {stage.people['A1']}" not in left


def test_who_has_left_loses_mail_and_phone_too(app: Flask, stage: Stage) -> None:
    with app.app_context(), unit_of_work():
        row = db.session.get_one(Person, stage.people["A1"])
        row.left_at, row.email, row.phone = NOW, "a@example.invalid", "13800138000"
    with app.app_context(), unit_of_work():
        erasing.erase(stage.people["A1"], actor=acting("test", NOW))
    with app.app_context():
        row = db.session.get_one(Person, stage.people["A1"])
        assert (row.email, row.phone) == (None, None)


def test_an_erasure_that_a_backup_undid_is_done_again(app: Flask, filled: Stage) -> None:
    now = over(app)
    with app.app_context(), unit_of_work():
        erasing.erase(filled.people["A1"], actor=acting("test", now))
        mark = erasing.mark_of(filled.people["A1"])
    instance = Path(app.extensions["eventreg.settings"].instance)
    noted.note(instance, filled.people["A1"], mark=mark, at=now)
    noted.note(instance, 999_999, mark="0" * 32, at=now)  # who is not in the restored database
    with app.app_context(), unit_of_work():
        db.session.query(ErasureRequest).delete()
        registration_id = db.session.scalars(select(Registration.id)).first()
        question_id = db.session.scalar(text("SELECT min(id) FROM question"))
        db.session.add(Answer(registration_id=registration_id, question_id=question_id, value="13800138000"))

    with app.app_context():
        retention_job.retain(NOW)
        assert db.session.query(Answer).count() == 1, "the campaign goes on at that instant"
        assert db.session.query(ErasureRequest).count() == 1


def test_deletion_is_one_date_at_a_time(app: Flask, filled: Stage) -> None:
    with app.app_context():
        due = dict(service.list_due(now=over(app)))

    assert due[filled.campaign_id] is DueDate.RETAIN
