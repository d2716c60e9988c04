"""Letters about nominations: worded for whoever may read them still, not sent to whom they tell nothing any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.core.db.session import db, unit_of_work
from eventreg.delivery import letters
from eventreg.delivery.contents.content import StaleLetter
from eventreg.nominations.signing import consents, delegations
from eventreg.outbox.models import Letter
from eventreg.outbox.service import ClaimedLetter
from tests.rig import awards, cast, signing
from tests.rig.actors import acting
from tests.rig.awards import Contest
from tests.rig.cast import NOW
from tests.rig.signing import HEAD, handed_in, lend, other_words, signed

BASE = "https://example.cn"


@pytest.fixture
def contest(sqlite_app: Flask) -> Contest:
    """The award; E5 is head of the marketing department."""
    contest = awards.set_award(sqlite_app, cast.set_stage(sqlite_app), places=2)
    signing.name_head(sqlite_app, contest)
    return contest


def worded(app: Flask, contest: Contest, kind: str) -> list[str]:
    """Where the letters of a kind lead, "stale" for those that are not sent, in the order of posting."""
    told = []
    with app.test_request_context():
        for row in db.session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)):
            claimed = ClaimedLetter(
                row.id, row.kind, row.person_id, row.address or "", row.locale, row.facts, row.sealed, "<x>",
                row.posted_at, row.expires_at, 0,
            )  # fmt: skip
            try:
                content = letters.word(claimed, keys=contest.stage.keys, base_url=BASE, now=NOW)
            except StaleLetter:
                told.append("stale")
                continue
            assert "字字" not in "".join((content.subject, *content.lines))
            told.append(content.action[1].removeprefix(BASE) if content.action else content.code)
    return told


def test_each_leads_to_its_reader_s_own_page(sqlite_app: Flask, contest: Contest) -> None:
    lend(sqlite_app, contest)
    made = handed_in(sqlite_app, contest)
    _browser, code = signing.ask(sqlite_app, contest, made)
    with sqlite_app.app_context(), unit_of_work():
        consents.correct(made, "不对", actor=acting(contest.person("A1"), NOW))

    kinds = ("delegated", "signature_due", "consent_due", "correction_sent", "signature_code")
    assert [worded(sqlite_app, contest, kind) for kind in kinds] == [
        ["/unit/signatures"],
        [f"/unit/signatures/{made}"] * 2,
        [f"/my/nominations/{made}"],
        [f"/unit/nominations/{made}"] * 2,
        [code],
    ]


def test_what_is_signed_or_submitted_anew_is_asked_for_no_more(sqlite_app: Flask, contest: Contest) -> None:
    made = handed_in(sqlite_app, contest)
    signing.submit_anew(sqlite_app, contest, made, other_words())
    again = worded(sqlite_app, contest, "signature_due")
    signed(sqlite_app, contest, made)

    assert (again, worded(sqlite_app, contest, "signature_due")) == (
        ["stale", f"/unit/signatures/{made}"],
        ["stale", "stale"],
    )
    assert worded(sqlite_app, contest, "consent_due") == ["stale", f"/my/nominations/{made}"]


def test_a_delegate_whose_time_is_over_is_told_nothing(sqlite_app: Flask, contest: Contest) -> None:
    given = lend(sqlite_app, contest, now=NOW - timedelta(days=1))
    handed_in(sqlite_app, contest)
    with sqlite_app.app_context(), unit_of_work():
        delegations.end(given, actor=acting(contest.person(HEAD), NOW))

    assert worded(sqlite_app, contest, "delegated") == ["stale"]
    assert worded(sqlite_app, contest, "signature_due")[1:] == ["stale"]
