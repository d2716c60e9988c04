"""Letters about nominations in an organiser's words: what is ours stays, and codes keep their own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from eventreg.config import Settings
from eventreg.reminders.rules import Anchor, AnchorSide, OffsetUnit, ReminderInput, ReminderTiming
from tests.rig import awards, reminding, signing
from tests.rig.awards import Contest
from tests.rig.cast import NOW
from tests.rig.clients import signed_in_client
from tests.rig.plan_pages import organised, sent

from .test_letters import deliver_all, mails, part

AT = "/manage/campaigns/award/wording"
EARLY = ReminderTiming(Anchor.DEADLINE, AnchorSide.BEFORE, 2, OffsetUnit.DAYS, time(9))
SLOT = datetime.fromisoformat("2027-02-27T09:00:00+08:00")
OWN = {
    "text_zh": "{{姓名}}，请在 {{截止}} 以前到 {{链接}} 办好。",
    "subject_en": "{{campaign}}",
    "text_en": "Dear {{name}}: {{link}}",
}


@pytest.fixture
def database(tmp_path: Path, migrated_file: Path) -> str:
    """SQLite alone: what a letter says has nothing to do with the database."""
    return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'eventreg.db')}"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """The sender reads the clock: let it read the cast's instant."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def contest(app: Flask) -> Contest:
    """An award with a head who signs; B2 administers the house."""
    found = awards.set_award(app, organised(app))
    signing.name_head(app, found)
    return found


def reword(client: FlaskClient, *kinds: str) -> None:
    """Write a kind's own name into its subject."""
    for kind in kinds:
        answer = sent(client, f"{AT}/{kind}", **OWN, subject_zh=f"{kind} {{{{活动}}}}")
        assert answer.status_code == 303


def test_letters_and_reminders_of_an_award_say_what_was_written(
    app: Flask, contest: Contest, settings: Settings
) -> None:
    kinds = ("signature_due", "consent_due", "reminder_signing", "reminder_consenting")
    reword(signed_in_client(app, "B2"), *kinds)
    for audience in ("signing", "consenting"):
        reminding.remind_of(app, ReminderInput(audience, EARLY), slug="award")
    made = signing.handed_in(app, contest)
    deliver_all(app)
    with time_machine.travel(SLOT, tick=True):
        reminding.run(app, SLOT)
        deliver_all(app)

    found = {mail["subject"]: part(mail, "text/plain").get_content() for mail in mails(settings)}
    ours = {
        "signature_due": ("鄂兰", f"/unit/signatures/{made}", "有一份推荐等你签字"),
        "consent_due": ("安娜", f"/my/nominations/{made}", "部门推荐了你"),
        "reminder_signing": ("鄂兰", "/unit/signatures", "还有推荐等你签字"),
        "reminder_consenting": ("安娜", "/my/nominations", "请你看一遍推荐并回复"),
    }
    for kind, (name, path, heading) in ours.items():
        text = found[f"{kind} 十佳巾帼女职工评选"]
        written = f"{name}，请在 3月1日(周一) 18:00 以前到 http://localhost{path} 办好。"
        assert [written in text, heading in text] == [True, True]


def test_codes_and_what_is_of_no_campaign_cannot_be_reworded(app: Flask, contest: Contest) -> None:
    client = signed_in_client(app, "B2")
    kinds = ("signature_code", "sign_in_code", "delegated", "registration_seated")

    assert [client.get(f"{AT}/{kind}").status_code for kind in kinds] == [404] * 4
