"""Questions that shared a key although their words differ get keys of their own by migration 0025."""

from __future__ import annotations

import importlib.util
from types import ModuleType

from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from sqlalchemy import select

from eventreg.campaigns.models import Question
from eventreg.core.clock import utc_now
from eventreg.core.db.session import db, unit_of_work
from tests.house.repository import ROOT
from tests.rig.cast import Stage


def migration() -> ModuleType:
    """The migration as a module."""
    path = ROOT / "migrations/versions/0025_answers_keep_their_words.py"
    spec = importlib.util.spec_from_file_location("migration_0025", path)
    if spec is None or spec.loader is None:
        raise AssertionError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_wording_gets_a_key_and_the_one_asked_now_keeps_its_own(app: Flask, stage: Stage) -> None:
    earlier = [("是否坐大巴？", 2), ("坐车吗？", 3), ("是否坐大巴？", 4), ("是否自驾？", 5)]
    with app.app_context(), unit_of_work():
        for label, version in earlier:
            row = Question(
                campaign_id=stage.campaign_id, key="bus", version=version, position=3, kind="text",
                label=label, hint="", required=version == 4, retired_at=None if version == 5 else utc_now(),
            )  # fmt: skip
            db.session.add(row)
            db.session.flush()
        context = MigrationContext.configure(db.session.connection())
        with Operations.context(context):
            migration().upgrade()

    with app.app_context():
        rows = db.session.execute(select(Question.label, Question.key).order_by(Question.id)).all()
    assert [tuple(row) for row in rows] == [
        ("手机号", "phone"),
        ("备注", "remark"),
        ("是否坐大巴？", "q1"),
        ("坐车吗？", "q2"),
        ("是否坐大巴？", "q1"),
        ("是否自驾？", "bus"),
    ]
