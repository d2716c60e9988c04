"""A token counts until it is revoked or outlived, and its use is noted once a minute."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from eventreg.accounts.models import ApiToken
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from tests.rig.cast import Stage

from .program import Program, token_for


def change(app: Flask, **values: object) -> None:
    """Change the only token."""
    with app.app_context(), unit_of_work():
        db.session.execute(update(ApiToken).values(values))


def test_a_revoked_and_an_outlived_token_answer_like_an_unknown_one(app: Flask, stage: Stage) -> None:
    program = Program(app, token_for(app, "campaigns"))
    answers = [program.get("/api/v1/campaigns")]
    change(app, revoked_at=utc_now())
    answers.append(program.get("/api/v1/campaigns"))
    change(app, revoked_at=None, made_at=utc_now() - timedelta(days=2), until=utc_now())
    answers += [program.get("/api/v1/campaigns"), Program(app, "unknown").get("/api/v1/campaigns")]

    assert [a.status_code for a in answers] == [200, 401, 401, 401]
    assert len({a.data for a in answers[1:]}) == 1


def test_its_last_use_is_noted_once_a_minute(app: Flask, stage: Stage) -> None:
    program, seen = Program(app, token_for(app, "campaigns")), []
    for back in (timedelta(), timedelta(), timedelta(seconds=61)):
        if back:
            change(app, last_used_at=utc_now() - back)
        program.get("/api/v1/campaigns")
        with app.app_context():
            seen.append(db.session.scalars(select(ApiToken.last_used_at)).one())

    assert seen[0] is not None
    assert seen[1] == seen[0]
    assert seen[2] is not None
    assert seen[2] > seen[0]
