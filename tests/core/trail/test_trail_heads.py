"""Where the trail ends is known outside the database: in a file, in the log, in a letter a day (ADR 35)."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg import jobs
from eventreg.accounts import grants
from eventreg.accounts.rules import Role
from eventreg.config import Settings
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from eventreg.core.process_cache import clear_all
from eventreg.core.trail import audit, heads, seals
from eventreg.core.trail.heads import SealedRange
from eventreg.outbox.models import Letter
from tests.rig import cast, mailbox
from tests.rig.actors import acting
from tests.rig.cast import NOW, Stage
from tests.rig.keys import flask
from tests.rig.saved import opened, restored, saved

from .test_audit_trail import by_hand, drop, seal, sealed_rows, verify

DAY = timedelta(days=1)
MORNING = datetime(2027, 2, 21, 0, 30, tzinfo=UTC)  # half past eight in Shanghai
NIGHT = MORNING - timedelta(hours=5)


def lines(settings: Settings) -> list[SealedRange]:
    return heads.read(settings.instance)


def test_each_batch_of_seals_leaves_one_line_that_only_we_can_read(
    app: Flask, stage: Stage, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "eventreg.audit")
    cast.sign_up(app, stage, "A1")
    seal(app)
    seal(app)
    cast.sign_up(app, stage, "B2")
    seal(app)

    first, second = lines(settings)
    assert (first.first, second.first, second.last) == (1, first.last + 1, len(sealed_rows(app)))
    assert (settings.instance / heads.NAME).stat().st_mode & 0o077 == 0
    logged = [vars(record)["head"] for record in caplog.records if record.getMessage() == "audit.head"]
    assert logged == [f"{line.last}:{line.hash[:32]}" for line in (first, second)]


def test_a_shorter_trail_is_not_noted_and_the_log_says_so_at_each_tick(
    app: Flask, stage: Stage, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    cast.sign_up(app, stage, "A1")
    seal(app)
    drop(app, sealed_rows(app)[-1])
    before = lines(settings)
    for who in ("B2", "C3"):
        cast.sign_up(app, stage, who)
        seal(app)

    alarms = [record.getMessage() for record in caplog.records if record.getMessage() == "audit.shortened"]
    assert (lines(settings), len(alarms), verify(app)[0]) == (before, 2, 1)


def backup_and_one_more(app: Flask, folder: Path) -> Path:
    """A backup with one sealed sign-up in it, and another one sealed after it."""
    stage = cast.set_stage(app, now=cast.lately())
    cast.sign_up(app, stage, "A1", now=utc_now())
    seal(app)
    made = saved(app, folder)
    cast.sign_up(app, stage, "B2", now=utc_now())
    seal(app)
    return made


def test_a_restore_is_named_and_not_taken_for_tampering(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    folder = backup_and_one_more(app, tmp_path / "b")
    late = verify(app)[1]
    assert restored(settings, folder, "--replace").exit_code == 0

    with opened(settings) as again:
        at_once = verify(again)
        seal(again)
        later = verify(again)
        drop(again, sealed_rows(again)[-1])
        gone = verify(again)

    assert at_once[0] == 0
    assert "the restore explains it" in at_once[1]
    assert later[0] == 0
    assert "was put back from a backup on" in later[1]
    assert "was put back" not in late
    assert gone[0] == 1
    assert lines(settings)[-1].restored is True


def test_a_letter_from_between_backup_and_restore_is_explained(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    folder = backup_and_one_more(app, tmp_path / "b")
    letter = next(line[6:] for line in verify(app)[1].splitlines() if line.startswith("head: "))
    count, _, hashed = letter.partition(":")
    assert restored(settings, folder, "--replace").exit_code == 0

    with opened(settings) as again:
        seal(again)
        explained = verify(again, "--head", letter)
        others = [f"{count}:{'0' * len(hashed)}", f"{int(count) + 90}:{hashed}"]
        wrong = [verify(again, "--head", other)[0] for other in others]
        by_hand(again, "UPDATE audit_entry SET mac = NULL WHERE action = 'installation.restored'")
        forged = verify(again, "--head", letter)

    assert explained[0] == 0
    assert "from before the restore of" in explained[1]
    assert wrong == [1, 1]
    assert forged[0] == 1
    assert "from before the restore of" not in forged[1]


def test_a_copy_that_was_put_back_by_other_means_is_missed_until_somebody_says_so(
    app: Flask, stage: Stage
) -> None:
    cast.sign_up(app, stage, "A1")
    seal(app)
    for number in sealed_rows(app)[-2:]:
        drop(app, number)
    before = verify(app)
    said = flask(app, "audit", "restored")
    after = verify(app)
    seal(app)

    assert (before[0], said.exit_code, after[0], verify(app)[0]) == (1, 0, 0, 0)


def test_a_forged_row_about_a_restore_explains_nothing(app: Flask, stage: Stage) -> None:
    cast.sign_up(app, stage, "A1")
    seal(app)
    for number in sealed_rows(app)[-2:]:
        drop(app, number)
    forged = "INSERT INTO audit_entry (id, at, by, action, subject, facts) VALUES (900, :at, 'console', 'installation.restored', 'installation:1', '{}')"
    by_hand(app, forged, at="2099-01-01 00:00:00.000000+00:00")

    assert verify(app)[0] == 1


def test_a_line_that_a_kill_cut_off_is_left_out_and_written_anew(
    app: Flask, stage: Stage, settings: Settings
) -> None:
    cast.sign_up(app, stage, "A1")
    seal(app)
    cast.sign_up(app, stage, "B2")
    seal(app)
    path = settings.instance / heads.NAME
    whole = lines(settings)
    path.write_bytes(path.read_bytes()[:-20])
    cut = verify(app)[0], len(lines(settings))
    seal(app)

    assert (cut, [line.hash for line in lines(settings)]) == ((0, 1), [line.hash for line in whole])
    assert lines(settings)[1].entries == whole[1].entries


def test_a_long_file_is_made_shorter_and_says_the_same(tmp_path: Path) -> None:
    for n in range(1, heads.MOST + 2):
        heads.append(tmp_path, SealedRange(NOW.isoformat(), n, n, f"{n:02x}", str(n + n // 10), n == 1))

    found = heads.read(tmp_path)

    assert len(found) == heads.KEEP + 1
    assert found[0].restored is True
    assert (found[0].first, found[-1].last) == (1, heads.MOST + 1)
    ranges = [part for line in found for part in heads.listed(line.entries)]
    numbers = [n for first, last in ranges for n in range(first, last + 1)]
    assert numbers == [n + n // 10 for n in range(1, heads.MOST + 2)]


@pytest.mark.parametrize(
    ("numbers", "text"), [([], ""), ([4], "4"), ([1, 2, 3, 5], "1-3,5"), ([7, 3, 2], "2-3,7")]
)
def test_numbers_are_written_as_ranges(numbers: list[int], text: str) -> None:
    assert heads.ranges_of(numbers) == text
    assert [n for a, b in heads.listed(text) for n in range(a, b + 1)] == sorted(numbers)


def administrator(app: Flask, stage: Stage, *people: str) -> None:
    with app.app_context(), unit_of_work():
        for who in people:
            grants.grant(stage.people[who], Role.ADMINISTRATOR, unit_id=None, actor=acting("test", NOW))


def told(app: Flask, now: datetime) -> int:
    """The daily job, in a process that has just begun."""
    clear_all(app)
    with app.app_context():
        return jobs.tell_head(now)


def seal_at(app: Flask, at: datetime) -> str:
    with app.app_context():
        with unit_of_work():
            seals.seal(now=at)
        head = seals.head_of(None).text
        db.session.rollback()
    return head


def test_administrators_get_the_head_of_midnight_once_a_day(app: Flask, stage: Stage) -> None:
    administrator(app, stage, "A1", "B2")
    head = seal_at(app, NIGHT - DAY)

    early, first, again = told(app, NIGHT), told(app, MORNING), told(app, MORNING + timedelta(hours=1))

    assert (early, first, again) == (0, 2, 0)
    with app.app_context():
        facts = db.session.scalars(select(Letter.facts).where(Letter.kind == "audit_head")).all()
    assert {f"{told['count']}:{told['hash']}" for told in facts} == {head}


def test_a_day_on_which_nothing_changed_has_no_letter(app: Flask, stage: Stage) -> None:
    administrator(app, stage, "A1")
    seal_at(app, NIGHT - DAY)

    days = [told(app, MORNING + n * DAY) for n in range(3)]
    cast.sign_up(app, stage, "B2")
    seal_at(app, MORNING + 2 * DAY)

    assert (days, told(app, MORNING + 3 * DAY)) == ([1, 0, 0], 1)


def test_what_was_sealed_today_waits_for_tomorrows_letter(app: Flask, stage: Stage) -> None:
    administrator(app, stage, "A1")
    seal_at(app, MORNING)

    assert (told(app, MORNING), told(app, MORNING + DAY)) == (0, 1)


@pytest.mark.parametrize(("lang", "words"), [("zh-CN", "办理记录封到这里"), ("en", "sealed up to here")])
def test_the_letter_gives_the_head_that_the_command_takes(
    app: Flask, stage: Stage, lang: str, words: str
) -> None:
    administrator(app, stage, "A1")
    head = seal_at(app, NIGHT - DAY)
    told(app, MORNING)
    letter = mailbox.newest(app, "audit_head", now=MORNING, lang=lang)

    assert letter is not None
    assert words in letter.heading
    assert any(f"--head {head}" in line for line in letter.lines)
    assert verify(app, "--head", head)[0] == 0
    drop(app, sealed_rows(app)[-1])
    assert verify(app, "--head", head)[0] == 1


def test_verifying_a_long_trail_takes_seconds_not_minutes(app: Flask, stage: Stage) -> None:
    with app.app_context():
        with unit_of_work():
            for n in range(2000):
                audit.record("role.given", f"person:{n}", actor=acting("console", utc_now()))
        for _ in range(5):
            jobs.seal(utc_now())
    began = time.monotonic()
    status, said = verify(app)

    assert status == 0
    assert "not sealed yet: 0" in said
    assert time.monotonic() - began < 10
