"""Migration 0026 on filled tables of the schema before it, on both databases: what becomes of existing rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from eventreg.config import PROJECT
from eventreg.core.db.connections import for_writing, prepare
from eventreg.core.db.migrate import migrate, upgrade
from tests.rig.postgres import Cluster

FOLDER = PROJECT / "migrations"
BEFORE = "0025"
AT = "2027-02-20 01:00:00+00:00"
DAY = "2027-06-01"
ROWS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("unit", {"id": 1, "name": "禾川农电", "kind": "company"}),
    ("unit", {"id": 2, "name": "营销部", "kind": "department", "parent_id": 1}),
    *(
        ("person", {"id": n, "staff_no": f"A{n}", "name": f"职工{n}", "gender": "female", "unit_id": 2})
        for n in (1, 2, 3)
    ),
    (
        "season",
        {"id": 1, "slug": "s", "brand": "三八", "owner": "工会", "title": "三八", "headline": "三月",
         "lead": "三项活动", "day": DAY, "version": 1},
    ),
    ("privacy_notice", {"id": 1, "version": "2027-01", "paragraphs": "[]", "made_at": AT}),
    (
        "campaign",
        {"id": 1, "season_id": 1, "notice_id": 1, "slug": "c", "title": "健步走", "intro": "走", "audience": "全体",
         "lang": "zh-CN", "timezone": "Asia/Shanghai", "state": "draft", "accepts": "registrations", "opens_at": AT,
         "opens_on_publication": True, "closes_at": AT, "retain_until": DAY, "defaults": "[]", "last_arrival": 3,
         "waiting": 0, "version": 1},
    ),
    ("pool", {"id": 1, "campaign_id": 1, "scope": "total", "capacity": 30, "taken": 3}),
    # Nothing forbade these two: the first was made before the second person came, the second after it.
    ("pool", {"id": 2, "campaign_id": 1, "scope": "unit", "unit_id": 2, "capacity": 9, "taken": 2}),
    ("pool", {"id": 3, "campaign_id": 1, "scope": "unit", "unit_id": 2, "capacity": 5, "taken": 2}),
    ("pool", {"id": 4, "campaign_id": 1, "scope": "gender", "gender": "male", "capacity": 7, "taken": 0}),
    *(
        (
            "registration",
            {"id": n, "campaign_id": 1, "person_id": n, "state": "seated", "arrival": n, "registered_at": AT,
             "source": "web", "notice_id": 1},
        )
        for n in (1, 2, 3)
    ),
    *(("taking", {"registration_id": n, "pool_id": 1}) for n in (1, 2, 3)),
    *(("taking", {"registration_id": n, "pool_id": 2}) for n in (1, 2)),
    *(("taking", {"registration_id": n, "pool_id": 3}) for n in (2, 3)),
    *(
        (
            "question",
            {"id": n, "campaign_id": 1, "key": key, "version": 1, "position": n, "kind": kind, "label": key,
             "hint": "", "required": False},
        )
        for n, key, kind in ((1, "phone", "phone"), (2, "remark", "text"))
    ),
    ("answer", {"registration_id": 1, "question_id": 2, "value": "一行\n两行"}),
)  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of the schema before, with rows, upgraded to the newest."""
    sqlite = request.param == "sqlite"
    cluster: Cluster | None = None if sqlite else request.getfixturevalue("cluster")
    url = f"sqlite:///{tmp_path / 'filled.db'}" if cluster is None else cluster.fresh()
    engine = create_engine(url)
    prepare(engine)
    with engine.connect() as connection, for_writing(connection, patience=5.0).begin():
        upgrade(connection, FOLDER, to=BEFORE)
        for table, row in ROWS:
            names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)  # noqa: S608
    migrate(engine, FOLDER, lock_file=tmp_path / "write.lock")
    yield engine
    engine.dispose()
    if cluster is not None:
        cluster.drop(url)


def rows_of(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_two_pools_of_a_unit_become_one_with_what_both_held(filled: Engine) -> None:
    """The smaller capacity and everybody who had a place in either; who has a place keeps it."""
    pools = rows_of(filled, "SELECT id, scope, capacity, added, taken FROM pool ORDER BY id")

    assert pools == [(1, "total", 30, 0, 3), (2, "unit", 5, 0, 3), (4, "gender", 7, 0, 0)]
    assert rows_of(filled, "SELECT registration_id FROM taking WHERE pool_id = 2 ORDER BY 1") == [
        (1,), (2,), (3,),
    ]  # fmt: skip
    assert rows_of(filled, "SELECT count(*) FROM registration WHERE state = 'seated'") == [(3,)]


def test_campaigns_and_registrations_get_no_new_rule(filled: Engine) -> None:
    """Nobody is restricted, grouped or asked to confirm by an upgrade."""
    assert rows_of(filled, "SELECT for_gender, one_of, offer_from_h, offer_minutes FROM campaign") == [
        (None, None, 24, 120)
    ]
    assert rows_of(filled, "SELECT count(*) FROM registration WHERE confirm_by IS NOT NULL") == [(0,)]
    assert rows_of(filled, "SELECT count(*) FROM pool WHERE ends_at IS NOT NULL") == [(0,)]


def test_a_text_of_several_lines_stays_one(filled: Engine) -> None:
    """Until now a text had several lines: it becomes the kind that has them."""
    assert rows_of(filled, "SELECT key, kind FROM question ORDER BY id") == [
        ("phone", "phone"),
        ("remark", "paragraph"),
    ]
    assert rows_of(filled, "SELECT value FROM answer") == [("一行\n两行",)]
