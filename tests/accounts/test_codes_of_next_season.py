"""A product that rests between two seasons: old codes are deleted, and people sign in again the year after."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from eventreg.accounts import sign_in_codes
from eventreg.core.clock import utc_now
from eventreg.core.db.session import unit_of_work
from tests.rig import cast, sight
from tests.rig.clients import send


def test_codes_are_sent_after_all_old_ones_were_deleted(app: Flask) -> None:
    """SQLite gives the ids of deleted rows again; the letters of that time are still there."""
    cast.set_stage(app, now=cast.lately())
    for who in ("A1", "B2", "C3"):  # each asks once: for one person requests are counted
        asked = send(app.test_client(), "/sign-in", identifier=who)
        assert asked.status_code == 303
        with app.app_context(), unit_of_work():
            assert sign_in_codes.purge(before=utc_now() + timedelta(days=1)) == 1

    assert [kind for kind, _state in sight.letters(app) if kind == "sign_in_code"] == ["sign_in_code"] * 3
